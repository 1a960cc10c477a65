"""A made-up town to train the linking model on: households, registers, lists with errors, and who is who.

It shares nothing with the synthetic city, nor with the people of the bench, so that what is measured there was not
learned here.
"""

from collections import defaultdict
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from random import Random
from textwrap import wrap

import pyarrow as pa
from link_levels import Exercise
from pypinyin import lazy_pinyin

SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金"
    "石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤"
)
GIVEN = (
    "伟芳娜秀英敏静丽强磊军洋勇艳杰娟涛明超兰霞平刚桂文辉玲华建国玉梅红海燕志春生林永健世广安良清飞彬富顺信子杰鹏浩宇轩涵梓欣怡雨"
    "佳俊博晨阳思远嘉琪若彤诗语凯雪婷倩瑞慧莹雅琳帆峰斌波宁贵福龙元全胜学祥才发武新利顺成康星光天达岩中茂进有坚和彪诚先敬震振壮会"
    "群豪心邦承乐绍功松善厚庆民友裕河哲江亮政谦亨奇固之轮翰朗伯宏言若鸣朋斌梁栋维启克伦翔旭晶妍茜秋珊莎锦黛青婧姣婉娴瑾颖露瑶"
)
COMMUNITIES = wrap("御馨文瀛永泰新建南郊柳港云岗平泉魏都紫云向阳和平振华北馨迎宾兴云同泉恒安绿洲金地", 2)
STREETS = ["新华街", "迎泽路", "魏都大道", "永和路", "文昌街", "御河南路"]
VILLAGES = ["上窑村", "下深井村", "北村", "水泊寺村", "大坊城村", "马家堡村", "寺儿村"]
AREAS = {"140213": "平城区", "140214": "云冈区", "140221": "阳高县", "140222": "天镇县"}
FAR_AREAS = {"110105": "朝阳区", "130702": "桥东区", "150102": "新城区", "410103": "二七区", "510104": "锦江区"}
LAST_DAY = date(2022, 1, 1)

HOMOPHONES: dict[str, list[str]] = defaultdict(list)
for character in sorted(set(SURNAMES + GIVEN)):
    HOMOPHONES[lazy_pinyin(character)[0]].append(character)


@dataclass(frozen=True)
class Regime:
    """How often things go wrong in a list: shares of its rows."""

    id_missing: float
    id_wrong: float
    name_wrong: float
    phone_missing: float
    phone_other: float
    birth_missing: float
    birth_wrong: float
    address_missing: float
    address_other: float


REGIMES = {
    "mild": Regime(0.05, 0.01, 0.02, 0.05, 0.05, 0.10, 0.01, 0.20, 0.05),
    "moderate": Regime(0.20, 0.03, 0.05, 0.10, 0.12, 0.20, 0.02, 0.30, 0.12),
    "hard": Regime(0.60, 0.05, 0.10, 0.20, 0.20, 0.30, 0.04, 0.40, 0.20),
    "no_id": Regime(1.00, 0.00, 0.06, 0.10, 0.15, 0.10, 0.02, 0.30, 0.15),
}


@dataclass(frozen=True)
class Resident:
    """Somebody as the register knows them."""

    person_id: int
    household_id: int
    name: str
    sex: str
    birth_date: str
    id_number: str
    phone: str
    address: str


@dataclass
class Town:
    """Residents of one region; `is_far` makes them strangers with other ID regions and addresses."""

    random: Random
    is_far: bool = False
    residents: list[Resident] = field(default_factory=list)

    def settle(self, people: int) -> "Town":
        """Household after household until there are enough people."""
        household = 0
        while len(self.residents) < people:
            household += 1
            self._settle_household(household)
        return self

    def _settle_household(self, household: int) -> None:
        draw = self.random
        areas = FAR_AREAS if self.is_far else AREAS
        code = draw.choice(sorted(areas))
        address = self._address(areas[code])
        surname, shared = self._surname(), draw.choice(GIVEN)
        phone, eldest = self._phone(), draw.randrange(22, 85)
        for place in range(draw.choices(range(1, 7), [20, 25, 28, 15, 8, 4])[0]):
            age = (eldest, eldest - 2, eldest - 26, eldest - 28, eldest + 24, eldest - 30)[place] % 95
            sex = draw.choice(["男", "女"])
            own = surname if place != 1 else self._surname()
            generation = shared if place in (2, 3, 5) and draw.random() < 0.4 else ""
            born = LAST_DAY - timedelta(days=age * 365 + draw.randrange(365))
            has_own_phone = 14 < age < 75 and draw.random() < 0.9
            self.residents.append(
                Resident(
                    person_id=len(self.residents) + 1,
                    household_id=household,
                    name=own + (generation + draw.choice(GIVEN) if generation else self._given()),
                    sex=sex,
                    birth_date=born.isoformat(),
                    id_number=self._document(code, born, sex),
                    phone=self._phone() if has_own_phone else phone if draw.random() < 0.7 else "",
                    address=address,
                )
            )

    def _document(self, code: str, born: date, sex: str) -> str:
        kind = self.random.random()
        if kind < 0.01:
            return ""
        if kind < 0.02:
            return f"E{self.random.randrange(10**8):08}"
        return id_number(code, born, 2 * self.random.randrange(1, 400) + (sex == "男"))

    def _surname(self) -> str:
        ranks = range(1, len(SURNAMES) + 1)
        return self.random.choices(SURNAMES, [1 / rank for rank in ranks])[0]

    def _given(self) -> str:
        weights = [1 / (rank + 20) for rank in range(len(GIVEN))]
        return "".join(self.random.choices(GIVEN, weights, k=1 if self.random.random() < 0.15 else 2))

    def _phone(self) -> str:
        return self.random.choice(["13", "15", "17", "18", "19"]) + f"{self.random.randrange(10**9):09}"

    def _address(self, area: str) -> str:
        draw = self.random
        if draw.random() < 0.3:
            return f"{area}{draw.choice('一二三四五六七八')}镇{draw.choice(VILLAGES)}{draw.randrange(1, 300)}号"
        community = draw.choice(COMMUNITIES) + draw.choice(["花园", "小区", "家园", "苑", ""])
        street = draw.choice(["", draw.choice(STREETS) + f"{draw.randrange(1, 200)}号"])
        door = f"{draw.randrange(1, 40)}号楼{draw.randrange(1, 6)}单元{draw.randrange(1, 25)}0{draw.randrange(1, 4)}室"
        return f"{area}{street}{community}{door}"


def id_number(code: str, born: date, sequence: int) -> str:
    """An 18-digit number with its check character."""
    digits = f"{code}{born:%Y%m%d}{sequence:03}"
    total = sum(int(digit) * pow(2, 17 - place, 11) for place, digit in enumerate(digits))
    return digits + "10X98765432"[total % 11]


@dataclass
class Clerk:
    """Writes lists: copies people down with the errors of a regime."""

    random: Random
    town: Town
    regime: Regime

    def row(self, person: Resident) -> Resident:
        """One row about a person, errors and all."""
        relatives = self._relatives(person)
        return replace(
            person,
            name=self._name(person.name),
            sex=self._sometimes(0.1, "", self._sometimes(0.003, "女" if person.sex == "男" else "男", person.sex)),
            birth_date=self._birth_date(person.birth_date, relatives),
            id_number=self._id_number(person.id_number, relatives),
            phone=self._phone(person.phone, relatives),
            address=self._address(person.address),
        )

    def _relatives(self, person: Resident) -> list[Resident]:
        near = self.town.residents[max(0, person.person_id - 7) : person.person_id + 6]
        return [other for other in near if other.household_id == person.household_id and other != person] or [person]

    def _sometimes(self, share: float, then: str, otherwise: str) -> str:
        return then if self.random.random() < share else otherwise

    def _name(self, name: str) -> str:
        draw = self.random
        if draw.random() >= self.regime.name_wrong:
            return name
        place = draw.randrange(len(name))
        kind = draw.choices(["homophone", "pinyin", "cut", "typo", "other", "none"], [50, 20, 8, 15, 3, 4])[0]
        if kind == "homophone":
            return name[:place] + draw.choice(HOMOPHONES[lazy_pinyin(name[place])[0]]) + name[place + 1 :]
        if kind == "pinyin":
            first, rest = lazy_pinyin(name[0])[0], "".join(lazy_pinyin(name[1:]))
            return draw.choice([f"{first} {rest}", f"{rest} {first}", f"{first.upper()} {rest.upper()}"])
        if kind == "cut":
            return name[:-1]
        if kind == "other":  # a name somebody went by before, or goes by at home
            return name[0] + draw.choice(GIVEN) + draw.choice(GIVEN)
        return name[:place] + draw.choice(GIVEN) + name[place + 1 :] if kind == "typo" else ""

    def _digit_typo(self, digits: str) -> str:
        place = self.random.randrange(len(digits) - 1)
        if self.random.random() < 0.3:
            return digits[:place] + digits[place + 1] + digits[place] + digits[place + 2 :]
        return digits[:place] + str(self.random.randrange(10)) + digits[place + 1 :]

    def _id_number(self, number: str, relatives: list[Resident]) -> str:
        draw = self.random
        if not number or draw.random() < self.regime.id_missing:
            return ""
        if draw.random() < self.regime.id_wrong:
            kind = draw.choices(["typo", "lost", "relative", "two"], [70, 10, 8, 12])[0]
            if kind == "relative":
                return draw.choice(relatives).id_number
            place = draw.randrange(len(number))
            wrong = number[:place] + number[place + 1 :] if kind == "lost" else self._digit_typo(number)
            return self._digit_typo(wrong) if kind == "two" else wrong
        is_old = number[6:8] == "19" and draw.random() < 0.01
        return number[:6] + number[8:17] if is_old else number

    def _phone(self, phone: str, relatives: list[Resident]) -> str:
        draw = self.random
        if draw.random() < self.regime.phone_missing:
            return ""
        if draw.random() < self.regime.phone_other:
            return draw.choice([draw.choice(relatives).phone, f"13{draw.randrange(10**9):09}"])
        return self._digit_typo(phone) if phone and draw.random() < 0.01 else phone

    def _birth_date(self, born: str, relatives: list[Resident]) -> str:
        draw = self.random
        if draw.random() < self.regime.birth_missing:
            return ""
        if draw.random() >= self.regime.birth_wrong:
            return born
        year, month, day = born.split("-")
        return draw.choice(
            [
                f"{year}-{day}-{month}",
                f"{int(year) + draw.choice([-1, 1])}-{month}-{day}",
                f"{year}-{month}-{draw.randrange(1, 29):02}",
                f"{year}-01-01",
                draw.choice(relatives).birth_date,
            ]
        )

    def _address(self, address: str) -> str:
        draw = self.random
        if draw.random() < self.regime.address_missing:
            return ""
        if draw.random() < self.regime.address_other:
            elsewhere = f"{draw.choice(COMMUNITIES)}{draw.randrange(41, 90)}号楼{draw.randrange(1, 900)}室"
            return draw.choice([draw.choice(self.town.residents).address, elsewhere, elsewhere])
        if draw.random() < 0.05:
            return address.rstrip("室0123456789")
        if draw.random() < 0.4:
            return address.replace("号楼", "-").replace("单元", "-").replace("室", "")
        return "山西省大同市" + address if draw.random() < 0.5 else address


def write_exercise(*, seed: int, people: int, rows: int, regime: Regime) -> Exercise:
    """A town of `people` and a list of `rows`: seven in ten about residents, one in fifty about their guests."""
    random = Random(seed)
    town, far = Town(random).settle(people), Town(random, is_far=True).settle(max(people // 5, 10))
    near, away = Clerk(random, town, regime), Clerk(random, far, regime)
    written = [
        (near.row(person), person.person_id, person.household_id)
        for person in random.choices(town.residents, k=rows * 70 // 100)
    ]
    for _ in range(rows * 2 // 100):
        guest, host = random.choice(far.residents), random.choice(town.residents)
        phone = random.choice([guest.phone, host.phone])
        written.append((near.row(replace(guest, address=host.address, phone=phone)), None, host.household_id))
    strangers = random.choices(far.residents, k=rows - len(written))
    written += [(away.row(person), None, None) for person in strangers]
    random.shuffle(written)
    copies, person_ids, household_ids = zip(*written, strict=True)
    columns = ("name", "sex", "birth_date", "id_number", "phone", "address")
    numbers = {"row_id": range(len(copies))}
    return Exercise(
        register=pa.Table.from_pylist([vars(resident) for resident in town.residents]),
        rows=pa.table(numbers | {column: [getattr(copy, column) for copy in copies] for column in columns}),
        truth=pa.table(
            numbers
            | {"person_id": pa.array(person_ids, pa.int64()), "household_id": pa.array(household_ids, pa.int64())}
        ),
    )
