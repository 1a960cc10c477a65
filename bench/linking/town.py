"""The bench's own towns and slips of the pen: no line of them is shared with what the models were trained on."""

import random
from dataclasses import dataclass, replace
from datetime import date, timedelta

import pyarrow as pa

from ringfence.link import REGISTER_SCHEMA, ROWS_SCHEMA

SURNAMES = "王王王王李李李李张张张张刘刘刘陈陈陈杨杨赵赵黄黄周周吴吴郭武高白贾任冀兰解樊宁闫霍"
SOUNDALIKES = (
    "伟玮炜 芳方 丽莉俐 英瑛颖 军君钧 杰洁捷 静靖 敏闵 强蔷 磊蕾 洋阳扬 艳燕雁 勇永咏 涛韬 明鸣铭 超朝 秀绣 霞侠 "
    "平萍苹 刚岗 桂贵 文闻雯 辉晖慧惠 建健 华桦 志智 红宏鸿虹 海亥 云芸昀 梅枚 玉钰煜 春椿 晓小筱 宇羽雨禹 "
    "子梓紫 欣昕馨新 佳嘉家 浩皓 轩萱 怡宜仪"
)
ALIKE = {character: group for group in SOUNDALIKES.split() for character in group}
LATIN = {"王": "Wang", "李": "Li", "张": "Zhang", "刘": "Liu", "陈": "Chen", "伟": "wei", "丽": "li", "建": "jian"}
LATIN |= {"华": "hua", "文": "wen", "晓": "xiao", "宇": "yu", "子": "zi", "明": "ming", "红": "hong", "海": "hai"}
ESTATES = ["凯德世家", "书香园", "西花园小区", "矿务局家属院", "东信广场", "昌盛小区", "奥林匹克花园", "碧水云天"]
HAMLETS = ["秦家庄村", "落阵营村", "聚乐堡村", "倍加造村", "徐疃村", "许堡村"]
LOCAL = {"140212": "新荣区", "140215": "云州区", "140225": "浑源县", "140226": "左云县"}
ELSEWHERE = {"330106": "浙江省杭州市西湖区", "120101": "天津市和平区", "140105": "山西省太原市小店区"}
RARE = dict(zip("犇淼燚媺頔昉翀旻赟嬿堃喆", "奔秒义美笛仿冲民晕燕坤哲", strict=True))
"""Characters few people write, and what a clerk types who only heard them."""

FOREIGN = ["买买提·艾力", "阿依古丽·吐尔逊", "古丽娜尔·买买提", "艾合买提·玉素甫", "巴特尔·苏和", "其其格·那日苏"]
IDENTITY = ("name", "sex", "birth_date", "id_number", "phone", "address")


@dataclass(frozen=True, slots=True)
class Someone:
    """A person as they are, and as some list has them; strangers have no `person_id`."""

    person_id: int | None
    household_id: int | None
    name: str
    sex: str
    birth_date: str
    id_number: str
    phone: str
    address: str


class BenchTown:
    """Families: parents and children, twins now and then, grandparents next door, workers in dormitories."""

    def __init__(self, seed: int, areas: dict[str, str]) -> None:
        self.draw = random.Random(seed)
        self.areas = areas
        self.people: list[Someone] = []
        self.households = 0

    def grow(self, people: int) -> list[Someone]:
        """Household after household until there are enough people."""
        while len(self.people) < people:
            self.households += 1
            self._dormitory() if self.draw.random() < 0.002 else self._family()
        return self.people

    def _family(self) -> None:
        draw, area = self.draw, self.draw.choice(list(self.areas))
        home, surname, landline = self._home(area), draw.choice(SURNAMES), f"0352{draw.randrange(2_000_000, 8_000_000)}"
        wedding, phone = draw.randrange(1955, 2015), self._mobile()
        self._add(area, home, surname + self._given(), wedding - draw.randrange(20, 30), phone)
        if draw.random() < 0.8:
            self._add(
                area, home, draw.choice(SURNAMES) + self._given(), wedding - draw.randrange(20, 30), self._mobile()
            )
        born, shared = wedding, draw.choice("建志文晓宇子")
        for _ in range(draw.choice([0, 1, 1, 1, 2, 2, 3])):
            born = born if draw.random() < 0.02 else born + draw.randrange(1, 5)
            own = self._mobile() if born < 2008 else draw.choice([phone, phone, landline, ""])
            given = shared + self._given()[-1] if draw.random() < 0.5 else self._given()
            self._add(area, home, surname + given, min(born, 2021), own)

    def _dormitory(self) -> None:
        area = self.draw.choice(list(self.areas))
        home = f"{self.areas[area]}工业园区宿舍{self.draw.randrange(1, 9)}号楼"
        for _ in range(self.draw.randrange(20, 200)):
            self._add(
                area, home, self.draw.choice(SURNAMES) + self._given(), self.draw.randrange(1970, 2003), self._mobile()
            )

    def _add(self, area: str, home: str, name: str, year: int, phone: str) -> None:
        born = date(year, 1, 1) + timedelta(days=self.draw.randrange(365))
        sex = self.draw.choice(["male", "female"])
        name = self.draw.choice(FOREIGN) + self.draw.choice(["", "江", "提"]) if self.draw.random() < 0.02 else name
        order = self.draw.randrange(500) * 2 + (sex == "male")
        body = f"{area}{born:%Y%m%d}{order:03d}"
        check = "10X98765432"[sum(int(digit) * 2 ** (17 - place) for place, digit in enumerate(body)) % 11]
        number = len(self.people) + 1
        self.people.append(Someone(number, self.households, name, sex, str(born), body + check, phone, home))

    def _given(self) -> str:
        if self.draw.random() < 0.03:
            return self.draw.choice(list(RARE)) + self.draw.choice(list(RARE))
        letters = "".join(ALIKE)
        first, second = letters[int(len(letters) * self.draw.random() ** 2)], self.draw.choice(letters)
        return self.draw.choice([first, first + second, first + second, first + second])

    def _mobile(self) -> str:
        return f"1{self.draw.choice('35789')}{self.draw.randrange(10**9):09d}"

    def _home(self, area: str) -> str:
        draw = self.draw
        if draw.random() < 0.4:
            return f"{self.areas[area]}{draw.choice('东西南北')}关镇{draw.choice(HAMLETS)}{draw.randrange(1, 400)}号"
        return (
            f"{self.areas[area]}{draw.choice(['', '振兴街12号', '大庆路'])}{draw.choice(ESTATES)}"
            f"{draw.randrange(1, 60)}栋{draw.randrange(1, 5)}单元{draw.randrange(1, 28)}{draw.randrange(1, 5):02d}"
        )


def slip(draw: random.Random, person: Someone, kin: Someone, rate: float) -> Someone:
    """A row about a person, with slips of the pen, gaps, somebody else's phone; `kin` lives in the same house."""
    seldom, often = rate * 0.3, rate
    copy = replace(person, sex=draw.choice(["男", "女", ""]) if draw.random() < seldom * 0.1 else person.sex)
    if draw.random() < often:
        copy = replace(copy, name=misspell(draw, person.name))
    if draw.random() < often:
        copy = replace(
            copy, phone=draw.choice(["", "", kin.phone, f"1{draw.randrange(10**10):010d}", "+86" + copy.phone])
        )
    if draw.random() < often:
        copy = replace(
            copy, birth_date=draw.choice(["", "", "1900-01-01", person.birth_date[:8] + "01", kin.birth_date])
        )
    if draw.random() < often * 2:
        copy = replace(copy, address=draw.choice(["", "", person.address.replace("栋", "号楼"), person.address[:-3]]))
    if draw.random() < often:
        copy = replace(copy, id_number=misnumber(draw, person.id_number, kin.id_number))
    return copy


def misspell(draw: random.Random, name: str) -> str:
    """A name as somebody heard it, typed it in Latin letters, cut it or left it out."""
    if "·" in name:
        return draw.choice([name.replace("·", ""), name.replace("·", "."), name.partition("·")[0], name[:-1], ""])
    place = draw.randrange(1, len(name))
    if draw.random() < 0.6:
        return name[:place] + draw.choice(ALIKE.get(name[place]) or RARE[name[place]]) + name[place + 1 :]
    if all(character in LATIN for character in name):
        given, family = "".join(LATIN[character] for character in name[1:]), LATIN[name[0]]
        return draw.choice([f"{given} {family}", f"{family}, {given}", f"{family}{given}".upper()])
    return draw.choice([name[:-1], name[:place] + draw.choice("".join(ALIKE)) + name[place + 1 :], ""])


def misnumber(draw: random.Random, number: str, of_kin: str) -> str:
    """An ID number left out, mistyped, in its old form, or of a relative."""
    place = draw.randrange(6, 17)
    return draw.choices(
        [
            "",
            number[:place] + str(draw.randrange(10)) + number[place + 1 :],
            number[:place] + number[place + 1] + number[place] + number[place + 2 :],
            number[:6] + number[8:17] if number[6:8] == "19" else number,
            of_kin,
        ],
        [60, 20, 10, 7, 3],
    )[0]


def draw_list(
    *, people: int, rows: int, rate: float, seed: int
) -> tuple[list[Someone], list[Someone], list[tuple[int | None, int | None]]]:
    """A register with gaps, rows (70 in 100 about residents, 400 with one hotel's phone), and who each is about."""
    town, far = BenchTown(seed, LOCAL), BenchTown(seed + 1, ELSEWHERE)
    residents, strangers, draw = town.grow(people), far.grow(max(people // 4, 50)), town.draw
    written: list[Someone] = []
    truth: list[tuple[int | None, int | None]] = []
    for row in range(rows):
        home = residents if draw.random() < 0.7 else strangers
        place = draw.randrange(1, len(home))
        person, beside = home[place], home[place - 1]
        kin = beside if beside.household_id == person.household_id else person
        copy = slip(draw, person, kin, rate)
        written.append(replace(copy, phone="03525556666") if row < min(400, rows // 100) else copy)
        truth.append((person.person_id, person.household_id) if home is residents else (None, None))
    known = [replace(person, phone="") if draw.random() < 0.08 else person for person in residents]
    return known, written, truth


def write_list(*, people: int, rows: int, rate: float, seed: int) -> tuple[pa.Table, pa.Table, pa.Table]:
    """The same as tables: register, rows and truth."""
    known, written, truth = draw_list(people=people, rows=rows, rate=rate, seed=seed)
    persons, households = zip(*truth, strict=True)
    columns = {column: [getattr(copy, column) for copy in written] for column in IDENTITY}
    answers = {"person_id": pa.array(persons, pa.int64()), "household_id": pa.array(households, pa.int64())}
    names = ("person_id", "household_id", *IDENTITY)
    return (
        pa.table({name: [getattr(person, name) for person in known] for name in names}, schema=REGISTER_SCHEMA),
        pa.table({"row_id": range(rows)} | columns, schema=ROWS_SCHEMA),
        pa.table({"row_id": range(rows)} | answers),
    )
