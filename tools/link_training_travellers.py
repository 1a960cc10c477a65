"""Made-up towns to train profile `latin` on: families of several languages, a register, lists with errors."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from random import Random
from string import ascii_lowercase

import pyarrow as pa
from link_levels import Exercise

ORIGINS = {
    "english": (
        """
        smith jones taylor brown wilson evans thomas roberts walker wright robinson thompson white hughes green hall
        wood harris clark cooper king baker turner parker edwards collins morris rogers reed bailey bell murphy kelly
        """,
        """
        oliver jack harry george noah charlie jacob alfie freddie oscar amelia olivia isla emily poppy ava isabella
        jessica lily sophie grace evie mia margaret dorothy william james elizabeth catherine stephen philip
        """,
    ),
    "german": (
        """
        müller schmidt schneider fischer weber meyer wagner becker schulz hoffmann schäfer koch bauer richter klein
        wolf schröder neumann schwarz zimmermann braun krüger hofmann hartmann lange werner krause lehmann köhler
        """,
        """
        ben paul leon finn elias jonas luis felix lukas maximilian emma hannah mia sofia anna lea lena klara johanna
        katharina jürgen wolfgang ursula renate günther stefan sabine heike
        """,
    ),
    "spanish": (
        """
        garcía rodríguez gonzález fernández lópez martínez sánchez pérez gómez martín jiménez ruiz hernández díaz
        moreno muñoz álvarez romero alonso gutiérrez navarro torres domínguez vázquez ramos gil ramírez serrano
        """,
        """
        hugo mateo martín lucas leo daniel alejandro manuel pablo álvaro lucía sofía maría julia paula valeria daniela
        carla carmen josé antonio francisco javier dolores pilar teresa
        """,
    ),
    "french": (
        """
        bernard dubois durand moreau laurent simon michel lefebvre leroy roux fournier girard bonnet dupont lambert
        fontaine rousseau vincent muller faure andré mercier blanc guérin boyer garnier chevalier françois
        """,
        """
        gabriel raphaël léo louis arthur jules adam maël lina chloé jade manon camille inès zoé léa alice juliette
        pierre jean michel françoise monique nathalie isabelle sylvie
        """,
    ),
    "russian": (
        """
        ivanov smirnov kuznetsov popov vasiliev petrov sokolov mikhailov novikov fedorov morozov volkov alekseev
        lebedev semenov egorov pavlov kozlov stepanov nikolaev orlov andreev makarov nikitin zakharov zaitsev
        """,
        """
        aleksandr sergei dmitrii andrei aleksei maksim evgenii ivan mikhail nikita anastasiia mariia anna viktoriia
        ekaterina natalia marina polina sofia irina elena olga tatiana svetlana
        """,
    ),
    "korean": (
        """
        kim lee park choi jung kang cho yoon jang lim han oh seo shin kwon hwang ahn song ryu hong jeon ko moon yang
        """,
        """
        minjun seojun doyun yejun siwoo jiho junseo hajun seoyeon seoyun jiwoo minseo haeun jiyoo sua chaewon youngsoo
        sunghoon hyunwoo jihye eunji soojin kyungsook youngja
        """,
    ),
}
STREETS = """
mill high church station park victoria green manor kings queens london york north west elm oak cedar lake hill river
"""
KINDS = ["street", "road", "lane", "avenue", "drive", "close", "place", "crescent", "court", "way"]
SUBURBS = (
    "ashford belmont carlton denby eastlea fairview gosford harlow ivydale kenton langley morley newland ormond preston"
)
SUBURBS += " redhill selby thornton upton verney westbury yarrow mount_pleasant port_william saint_helens glen_iris"
NEAR_KEYS = dict(zip("qwertyuiopasdfghjklzxcvbnm", "wqertyuiopsadfghjkxzcvbnmn", strict=True))
ALIKE_SOUNDS = [
    ("ph", "f"),
    ("ck", "k"),
    ("ie", "y"),
    ("c", "k"),
    ("z", "s"),
    ("ou", "u"),
    ("ei", "ai"),
    ("tt", "t"),
    ("ll", "l"),
]
LAST_DAY = date(2022, 1, 1)


@dataclass(frozen=True)
class Regime:
    """How often things go wrong in a list: shares of its rows; `spoilt` are rows that go wrong in many fields."""

    field_missing: float
    field_wrong: float
    name_wrong: float
    crossed: float
    spoilt: float


REGIMES = {
    "mild": Regime(0.02, 0.02, 0.03, 0.01, 0.01),
    "moderate": Regime(0.10, 0.06, 0.10, 0.02, 0.05),
    "hard": Regime(0.20, 0.15, 0.20, 0.04, 0.15),
}


@dataclass(frozen=True)
class Traveller:
    """Somebody as the register knows them."""

    person_id: int
    household_id: int
    given_name: str
    surname: str
    sex: str
    birth_date: str
    id_number: str
    phone: str
    address: str
    suburb: str
    postcode: str


def settle(random: Random, people: int) -> list[Traveller]:
    """Family after family until there are enough people."""
    found: list[Traveller] = []
    household = 0
    while len(found) < people:
        household += 1
        surnames, given_names = (names.split() for names in ORIGINS[random.choice(sorted(ORIGINS))])
        surname, suburb, phone = (
            random.choice(surnames),
            random.choice(SUBURBS.split()),
            f"0{random.randrange(10**9):09}",
        )
        street = f"{random.choice(STREETS.split())} {random.choice(KINDS)}"
        address, postcode = (
            f"{random.randrange(1, 300)} {street}",
            f"{2000 + hash_of(suburb) % 900 + random.randrange(6):04}",
        )
        for place in range(random.choices(range(1, 6), [35, 30, 15, 15, 5])[0]):
            age = random.randrange(20, 90) if place < 2 else random.randrange(20)
            born = (LAST_DAY - timedelta(days=age * 365 + random.randrange(365))).isoformat()
            is_twin = place > 2 and random.random() < 0.03
            own = surname if place != 1 or random.random() < 0.6 else random.choice(surnames)
            found.append(
                Traveller(
                    person_id=len(found) + 1,
                    household_id=household,
                    given_name=random.choice(given_names),
                    surname=own if random.random() < 0.9 else own + " " + random.choice(surnames),
                    sex=random.choice(["f", "m"]),
                    birth_date=found[-1].birth_date if is_twin else born,
                    id_number=f"{random.randrange(10**7, 10**8)}",
                    phone=phone if random.random() < 0.4 else f"0{random.randrange(10**9):09}",
                    address=f"{address}, {suburb.replace('_', ' ')}",
                    suburb=suburb.replace("_", " "),
                    postcode=postcode,
                )
            )
    return found


def hash_of(text: str) -> int:
    """A number that stays the same from run to run."""
    return sum(ord(letter) * 31**place for place, letter in enumerate(text))


def slip(random: Random, text: str) -> str:
    """A text with one letter or digit typed wrong, left out, doubled or in the wrong place, or heard wrong."""
    if len(text) < 2:
        return text
    heard = [text.replace(one, other, 1) for one, other in ALIKE_SOUNDS if one in text]
    if heard and random.random() < 0.3:
        return random.choice(heard)
    place = random.randrange(len(text) - 1)
    letter = text[place]
    wrong = str(random.randrange(10)) if letter.isdigit() else NEAR_KEYS.get(letter, random.choice(ascii_lowercase))
    middle = random.choice([wrong, wrong, "", letter * 2, text[place + 1] + letter])
    return text[:place] + middle + text[place + (2 if len(middle) == 2 and middle[1] == letter != middle[0] else 1) :]


def copy_down(random: Random, person: Traveller, regime: Regime) -> Traveller:
    """One row about somebody, errors and all."""
    many = 3.0 if random.random() < regime.spoilt else 1.0
    written = vars(person).copy()
    for column, text in written.items():
        share = regime.name_wrong if column in {"given_name", "surname"} else regime.field_wrong
        if not isinstance(text, str) or column == "sex":
            continue
        if random.random() < regime.field_missing * many * (0.3 if "name" in column else 1):
            written[column] = ""
        elif random.random() < share * many:
            written[column] = slip(random, slip(random, text) if random.random() < 0.3 else text)
    if random.random() < 0.005:
        written["sex"] = "f" if person.sex == "m" else "m"
    if random.random() < 0.02:
        written["given_name"] = written["given_name"][:1]
    if random.random() < regime.crossed * many:
        written["given_name"], written["surname"] = written["surname"], written["given_name"]
    if random.random() < 0.05 * many:
        elsewhere = random.choice(SUBURBS.split()).replace("_", " ")
        written["suburb"] = elsewhere
        written["address"] = (
            f"{random.randrange(1, 300)} {random.choice(STREETS.split())} {random.choice(KINDS)}, {elsewhere}"
        )
    if random.random() < 0.5:
        written |= {key: written[key].title() for key in ("given_name", "surname")}
    return replace(person, **written)


def write_exercise(*, seed: int, people: int, rows: int, regime: Regime) -> Exercise:
    """A town of `people` and a list of `rows`, seven in ten about residents."""
    random = Random(seed)
    everybody = settle(random, people + people // 4)
    residents, strangers = everybody[:people], everybody[people:]
    written, persons, households = [], [], []
    for row in range(rows):
        is_resident = random.random() < 0.7
        person = random.choice(residents if is_resident else strangers)
        written.append(vars(copy_down(random, person, regime)) | {"row_id": row})
        persons.append(person.person_id if is_resident else None)
        households.append(person.household_id if is_resident else None)
    columns = [name for name in vars(residents[0]) if not name.endswith("_id")]
    schema = pa.schema([("row_id", pa.int64()), *((column, pa.string()) for column in columns)])
    return Exercise(
        register=pa.Table.from_pylist([vars(person) for person in residents]),
        rows=pa.Table.from_pylist(written, schema=schema),
        truth=pa.table(
            {
                "row_id": range(rows),
                "person_id": pa.array(persons, pa.int64()),
                "household_id": pa.array(households, pa.int64()),
            }
        ),
    )
