"""The city's places and their rooms: how big, where, and which of them somebody goes to."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum

import numpy as np
import pyarrow as pa

from ringfence.city.addresses import pick
from ringfence.city.areas import Areas, move_km
from ringfence.city.arrays import Floats, Ints, Texts, join, numerals
from ringfence.city.households import Households
from ringfence.city.options import CityOptions
from ringfence.city.people import People
from ringfence.city.settings import FACTS, HOUR_S, SCHOOLS, Setting, fact

LARGEST = 40.0
SCHOOL_AGES = {
    Setting.KINDERGARTEN: (3.0, 6.0, 250),
    Setting.PRIMARY_SCHOOL: (6.0, 12.0, 900),
    Setting.SECONDARY_SCHOOL: (12.0, 18.0, 1_400),
}
"""From which age to which, and how many pupils a school takes."""
STEMS = (
    "惠民",
    "永盛",
    "云中",
    "佳家",
    "福瑞",
    "兴隆",
    "和顺",
    "新世纪",
    "金城",
    "同源",
    "晨光",
    "安康",
    "瑞丰",
    "第一",
    "第二",
    "第三",
)


class Reach(IntEnum):
    """How far somebody goes for a place."""

    TOWNSHIP = 0
    COUNTY = 1
    CITY = 2


@dataclass(frozen=True)
class Places:
    """Places in order of setting and township (shape places).

    `size` is 1 for the smallest; `share` is the running sum of the sizes, from 0 (shape places + 1); `nearest` holds
    for each reach, setting and township the first place that counts and the first after it (shape 3, settings,
    townships, 2).
    """

    setting: Ints
    township: Ints
    size: Floats
    longitude: Floats
    latitude: Floats
    place_id: Texts
    name: Texts
    share: Floats
    nearest: Ints

    @property
    def opens_s(self) -> Ints:
        """Seconds of the day from which each place is open."""
        seconds: Ints = (fact("open_h")[self.setting, 0] * HOUR_S).astype(np.int64)
        return seconds

    @property
    def closes_s(self) -> Ints:
        """Seconds of the day at which each place closes."""
        seconds: Ints = (fact("open_h")[self.setting, 1] * HOUR_S).astype(np.int64)
        return seconds

    def choose(self, setting: Ints, township: Ints, *, reach: Ints, luck: Floats) -> Ints:
        """Places drawn by size within reach; where the township has none of them, the county's, then the city's."""
        first, end = np.moveaxis(self.nearest[reach, setting, township], -1, 0)
        aim = self.share[first] + luck * (self.share[end] - self.share[first])
        chosen: Ints = np.clip(np.searchsorted(self.share, aim, side="right") - 1, first, end - 1)
        return chosen


def open_places(options: CityOptions, areas: Areas, homes: Households, people: People) -> Places:
    """Every place of the city; each setting has at least one."""
    dice = options.dice("places")
    townships = [settle(dice, setting, options=options, areas=areas, homes=homes, people=people) for setting in Setting]
    setting = np.repeat(np.arange(len(Setting)), [one.size for one in townships])
    township = np.concatenate(townships)
    size = np.minimum(1.0 + dice.pareto(fact("tail")[setting]), LARGEST)
    east, north = dice.normal(0.0, areas.spread_km[township], (2, township.size))
    longitude, latitude = move_km(areas.longitude[township], areas.latitude[township], east_km=east, north_km=north)
    return Places(
        setting=setting,
        township=township,
        size=size,
        longitude=np.round(longitude, 5),
        latitude=np.round(latitude, 5),
        place_id=join("P", numerals(np.arange(setting.size) + 1, width=7)),
        name=name_places(dice, areas, setting=setting, township=township),
        share=np.concatenate([[0.0], np.cumsum(size)]),
        nearest=find_nearest(areas, setting=setting, township=township),
    )


def settle(
    dice: np.random.Generator,
    setting: Setting,
    *,
    options: CityOptions,
    areas: Areas,
    homes: Households,
    people: People,
) -> Ints:
    """The townships, in rising order, of all places of a setting."""
    if setting in SCHOOLS:
        youngest, oldest, most = SCHOOL_AGES[setting]
        is_pupil = (people.age >= youngest) & (people.age < oldest)
        pupils = np.bincount(people.township[is_pupil], minlength=areas.weight.size)
        found = np.repeat(np.arange(pupils.size), -(-pupils // most))
    elif setting is Setting.CARE_HOME:
        found = np.sort(homes.care_home_township)
    else:
        count = max(1, round(options.residents / FACTS[setting].residents_each))
        found = np.sort(dice.choice(areas.weight.size, size=count, p=areas.weight))
    return found if found.size else np.array([int(areas.weight.argmax())])


def name_places(dice: np.random.Generator, areas: Areas, *, setting: Ints, township: Ints) -> Texts:
    """What people call the places: township, a stem, and what it is (shape n)."""
    called = [pick(dice, FACTS[one].called, int((setting == one).sum())) for one in Setting]
    return join(
        pa.array(areas.name).take(pa.array(township)), pick(dice, STEMS, setting.size), pa.concat_arrays(called)
    )


def find_nearest(areas: Areas, *, setting: Ints, township: Ints) -> Ints:
    """For each reach, setting and township the range of places that count (shape 3, settings, townships, 2)."""
    townships = areas.county.size
    keys = setting * townships + township
    own = np.arange(len(Setting))[:, None] * townships + np.arange(townships)
    first_of_county = np.searchsorted(areas.county, areas.county, side="left")
    end_of_county = np.searchsorted(areas.county, areas.county, side="right")
    base = np.arange(len(Setting))[:, None] * townships
    ends: Sequence[tuple[Ints, Ints]] = (
        (own, own + 1),
        (base + first_of_county, base + end_of_county),
        (base + np.zeros_like(own), base + np.full_like(own, townships)),
    )
    ranges = np.stack([np.stack([np.searchsorted(keys, one) for one in pair], axis=-1) for pair in ends])
    for reach in (Reach.COUNTY, Reach.TOWNSHIP):
        is_empty = ranges[reach, ..., 0] == ranges[reach, ..., 1]
        ranges[reach][is_empty] = ranges[reach + 1][is_empty]
    return ranges
