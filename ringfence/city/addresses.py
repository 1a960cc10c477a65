"""Addresses as people write them: a block of flats in a street office, a house number in a village."""

import numpy as np
import pyarrow as pa

from ringfence.city.areas import Areas
from ringfence.city.arrays import Ints, Texts, either, join, numerals
from ringfence.city.households import Households

ROADS = (
    "迎宾",
    "建设",
    "新华",
    "和平",
    "永安",
    "文昌",
    "北环",
    "南关",
    "东风",
    "西苑",
    "柳园",
    "振兴",
    "兴云",
    "御东",
    "矿机",
)
ROAD_KINDS = ("路", "街", "巷", "大街")
ESTATES = ("阳光", "锦绣", "福康", "翠湖", "世纪", "金桂", "平安", "惠民", "龙泉", "云锦", "丽景", "春晖")
ESTATE_KINDS = ("小区", "家园", "花园", "苑")
VILLAGES = ("东", "西", "上", "下", "大", "小", "前", "后")
VILLAGE_STEMS = ("王", "李", "柳", "石", "杨树", "河湾", "窑子", "马", "泉", "沙", "松", "古城")
VILLAGE_KINDS = ("村", "庄村", "沟村", "堡村", "营村")
INNS = ("如意", "云冈", "悦来", "平城", "鸿运", "七天", "驿站", "祥和")
LODGINGS = ("宾馆", "快捷酒店", "公寓", "项目部宿舍")


def write_addresses(dice: np.random.Generator, areas: Areas, homes: Households) -> Texts:
    """The address of each household (shape households); rooms of a care home share its address."""
    count = homes.township.size
    flat = join(
        pick(dice, ROADS, count), pick(dice, ROAD_KINDS, count), number(dice, 1, 180, count), "号",
        pick(dice, ESTATES, count), pick(dice, ESTATE_KINDS, count), number(dice, 1, 24, count), "号楼",
        number(dice, 1, 6, count), "单元", number(dice, 1, 18, count), "0", number(dice, 1, 4, count), "室",
    )  # fmt: skip
    house = join(
        pick(dice, VILLAGES, count), pick(dice, VILLAGE_STEMS, count), pick(dice, VILLAGE_KINDS, count),
        number(dice, 1, 260, count), "号",
    )  # fmt: skip
    in_care = join("养老院", numerals(np.maximum(homes.care_home, 0) + 1), "号院")
    door = either(homes.care_home >= 0, in_care, either(areas.is_urban[homes.township], flat, house))
    return join(place_names(areas, homes.township), door)


def write_lodgings(dice: np.random.Generator, areas: Areas, *, township: Ints) -> Texts:
    """Where guests stay: an inn, a rented flat, a site's dormitory (shape n)."""
    count = township.size
    return join(
        place_names(areas, township), pick(dice, ROADS, count), pick(dice, ROAD_KINDS, count),
        pick(dice, INNS, count), pick(dice, LODGINGS, count), number(dice, 101, 620, count), "室",
    )  # fmt: skip


def place_names(areas: Areas, township: Ints) -> Texts:
    """County and township as an address begins with them (shape n)."""
    names = pa.array([areas.county_name[county] + areas.name[one] for one, county in enumerate(areas.county)])
    return names.take(pa.array(township))


def pick(dice: np.random.Generator, words: tuple[str, ...], count: int) -> Texts:
    """Words drawn evenly (shape count)."""
    return pa.array(words).take(pa.array(dice.integers(0, len(words), count)))


def number(dice: np.random.Generator, least: int, most: int, count: int) -> Texts:
    """Whole numbers drawn evenly, as texts (shape count)."""
    return numerals(dice.integers(least, most + 1, count))
