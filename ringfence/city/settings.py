"""The settings people meet in: how many there are, when they are open, how their rooms are, who works there.

All numbers are ours, chosen for the order of magnitude of a northern Chinese city, not measured. Hours are local
hours of the day; an errand's weights are for the six slots of a day (early, morning, noon, afternoon, evening, night).
"""

from dataclasses import dataclass
from enum import IntEnum

import numpy as np

from ringfence.city.arrays import Floats
from ringfence.terms import PlaceKind

HOUR_S, MINUTE_S = 3600, 60


class Setting(IntEnum):
    """Where people meet; finer than the kind of place a file names."""

    WORKPLACE = 0
    WAREHOUSE = 1
    KINDERGARTEN = 2
    PRIMARY_SCHOOL = 3
    SECONDARY_SCHOOL = 4
    SHOP = 5
    MARKET = 6
    RESTAURANT = 7
    HOSPITAL = 8
    PHARMACY = 9
    CARE_HOME = 10
    TRANSPORT = 11
    HOTEL = 12
    LEISURE = 13
    WORSHIP = 14


@dataclass(frozen=True, kw_only=True)
class SettingFacts:
    """One setting. `tail` is the Pareto shape of its sizes (smaller is more skewed); `staff` its share of all workers.

    `rooms` a place of size 1 has; 0 means that groups of members (teams, classes) have a room each. `stay_min` is how
    many minutes a visitor stays, from and to.
    """

    kind: PlaceKind
    open_h: tuple[float, float]
    residents_each: int
    tail: float
    staff: float
    shift_start_h: tuple[float, float]
    shift_length_h: tuple[float, float]
    room_m3: float
    air_changes_per_h: float
    rooms: float = 0.0
    stay_min: tuple[float, float] = (0.0, 0.0)
    errands: tuple[float, ...] = (0, 0, 0, 0, 0, 0)
    rests_at_weekends: bool = False
    called: tuple[str, ...] = ()


def _school(name: str, *, start_h: tuple[float, float], length_h: tuple[float, float]) -> SettingFacts:
    return SettingFacts(
        kind=PlaceKind.SCHOOL, open_h=(6.5, 19), residents_each=0, tail=3, staff=0.02, shift_start_h=start_h,
        shift_length_h=length_h, room_m3=190, air_changes_per_h=2, rests_at_weekends=True, called=(name,),
    )  # fmt: skip


FACTS = {
    Setting.WORKPLACE: SettingFacts(
        kind=PlaceKind.WORKPLACE, open_h=(6.5, 21), residents_each=70, tail=1.15, staff=0.60, shift_start_h=(7.8, 9.2),
        shift_length_h=(8.3, 9.3), room_m3=140, air_changes_per_h=1.5, rests_at_weekends=True,
        called=("商贸公司", "建筑公司", "科技公司", "机械厂", "服装厂", "服务中心", "事务所", "煤业公司"),
    ),
    Setting.WAREHOUSE: SettingFacts(
        kind=PlaceKind.WAREHOUSE, open_h=(6, 20), residents_each=9_000, tail=2, staff=0.016, shift_start_h=(7, 8.5),
        shift_length_h=(8.5, 9.5), room_m3=1500, air_changes_per_h=2, rests_at_weekends=True, called=("冷库", "物流园"),
    ),
    Setting.KINDERGARTEN: _school("幼儿园", start_h=(8.0, 8.5), length_h=(8, 8.7)),
    Setting.PRIMARY_SCHOOL: _school("小学", start_h=(7.7, 8.0), length_h=(8, 8.7)),
    Setting.SECONDARY_SCHOOL: _school("中学", start_h=(7.2, 7.5), length_h=(9, 10)),
    Setting.SHOP: SettingFacts(
        kind=PlaceKind.SHOP, open_h=(7.5, 22), residents_each=130, tail=1.3, staff=0.10, shift_start_h=(9.5, 11),
        shift_length_h=(9, 10), room_m3=350, air_changes_per_h=2, rooms=0.2, stay_min=(5, 40),
        errands=(0.5, 3, 1, 3, 3, 2), called=("超市", "便利店", "百货", "五金店", "服装店"),
    ),
    Setting.MARKET: SettingFacts(
        kind=PlaceKind.MARKET, open_h=(5.5, 19), residents_each=5_000, tail=1.6, staff=0.04, shift_start_h=(6.5, 8),
        shift_length_h=(9, 10), room_m3=9000, air_changes_per_h=4, rooms=1, stay_min=(15, 50),
        errands=(4, 4, 0, 2, 0, 0), called=("农贸市场", "菜市场", "批发市场"),
    ),
    Setting.RESTAURANT: SettingFacts(
        kind=PlaceKind.RESTAURANT, open_h=(9.5, 22.5), residents_each=280, tail=1.6, staff=0.07,
        shift_start_h=(10, 10.7), shift_length_h=(10, 11), room_m3=200, air_changes_per_h=3, rooms=0.8,
        stay_min=(35, 90), errands=(0, 0, 6, 0, 3, 1), called=("面馆", "饭店", "火锅店", "刀削面馆", "餐厅"),
    ),
    Setting.HOSPITAL: SettingFacts(
        kind=PlaceKind.HOSPITAL, open_h=(6, 23), residents_each=14_000, tail=1.4, staff=0.05, shift_start_h=(7.5, 8.2),
        shift_length_h=(8.5, 9.5), room_m3=110, air_changes_per_h=5, rooms=14, stay_min=(30, 110),
        errands=(0.1, 0.7, 0, 0.4, 0, 0), called=("人民医院", "中心卫生院", "中医院"),
    ),
    Setting.PHARMACY: SettingFacts(
        kind=PlaceKind.PHARMACY, open_h=(8, 21.5), residents_each=2_500, tail=2, staff=0.01, shift_start_h=(8.2, 9.2),
        shift_length_h=(9, 10), room_m3=150, air_changes_per_h=2, rooms=0.3, stay_min=(5, 12),
        errands=(0, 0.4, 0.1, 0.4, 0.3, 0.1), called=("大药房", "药店"),
    ),
    Setting.CARE_HOME: SettingFacts(
        kind=PlaceKind.CARE_HOME, open_h=(6, 22), residents_each=0, tail=3, staff=0.008, shift_start_h=(7, 8),
        shift_length_h=(9, 10), room_m3=160, air_changes_per_h=1.5, stay_min=(40, 90),
        errands=(0, 0.05, 0, 0.1, 0, 0), called=("养老院",),
    ),
    Setting.TRANSPORT: SettingFacts(
        kind=PlaceKind.TRANSPORT, open_h=(5.5, 23.5), residents_each=5_000, tail=1.3, staff=0.025,
        shift_start_h=(6.5, 8), shift_length_h=(8, 10), room_m3=500, air_changes_per_h=6, rooms=4, stay_min=(8, 20),
        errands=(0.1, 0.1, 0.1, 0.2, 0.2, 0.1), called=("汽车站", "公交枢纽", "火车站"),
    ),
    Setting.HOTEL: SettingFacts(
        kind=PlaceKind.HOTEL, open_h=(6, 23.9), residents_each=6_000, tail=1.6, staff=0.015, shift_start_h=(7, 9),
        shift_length_h=(9, 10), room_m3=250, air_changes_per_h=2, rooms=0.5, stay_min=(20, 50),
        errands=(0, 0, 0.05, 0, 0.1, 0), called=("大酒店", "宾馆"),
    ),
    Setting.LEISURE: SettingFacts(
        kind=PlaceKind.LEISURE, open_h=(9, 22.8), residents_each=1_500, tail=1.6, staff=0.02, shift_start_h=(10, 12.5),
        shift_length_h=(8.5, 9.5), room_m3=150, air_changes_per_h=1.5, rooms=2, stay_min=(60, 170),
        errands=(0, 0.3, 0, 1.2, 0.8, 1.6), called=("棋牌室", "健身房", "影院", "歌厅", "网吧"),
    ),
    Setting.WORSHIP: SettingFacts(
        kind=PlaceKind.WORSHIP, open_h=(6, 20), residents_each=15_000, tail=2, staff=0.001, shift_start_h=(8, 9),
        shift_length_h=(7.5, 8.5), room_m3=900, air_changes_per_h=1, rooms=0.3, stay_min=(40, 90),
        errands=(0.1, 0.15, 0, 0.05, 0, 0), called=("寺", "教堂", "清真寺"),
    ),
}  # fmt: skip

SCHOOLS = (Setting.KINDERGARTEN, Setting.PRIMARY_SCHOOL, Setting.SECONDARY_SCHOOL)


def fact(name: str) -> Floats:
    """One number, or pair of numbers, of every setting in the order of Setting (shape settings, ...)."""
    return np.array([getattr(FACTS[setting], name) for setting in Setting], dtype=np.float64)
