"""Education and industry: who works in which team and learns in which class; hospitals name their posts."""

from collections.abc import Iterator

import numpy as np
import pyarrow as pa

from ringfence.city.arrays import Texts, either, join, numerals
from ringfence.city.identities import IN_BRIEF, write_identities, write_twice
from ringfence.city.settings import SCHOOLS, Setting
from ringfence.city.sheets import Sheet
from ringfence.city.truth import History
from ringfence.terms import GroupKind

NAMED = (*SCHOOLS, Setting.WORKPLACE, Setting.WAREHOUSE, Setting.HOSPITAL)
HASTE = 0.6
LEFT_OUT, WRITTEN_TWICE = 0.02, 0.003
SINCE = "2021-09-01"
BROKEN_ROWS = 0.0003


def write(history: History) -> Iterator[Sheet]:
    """One sheet, group by group; some members are forgotten."""
    town, options = history.town, history.town.options
    dice, occupations = options.dice("group_members"), town.occupations
    person = np.flatnonzero(town.at_work_in(*NAMED))
    person = person[dice.random(person.size) >= LEFT_OUT * options.slips]
    person = person[np.lexsort((occupations.room_in_place[person], occupations.place[person]))]
    person = write_twice(dice, person, share=WRITTEN_TWICE * options.slips)
    place, room = occupations.place[person], occupations.room_in_place[person]
    setting = town.places.setting[place]
    is_class, is_ward = np.isin(setting, SCHOOLS), setting == Setting.HOSPITAL
    kinds = either(is_class, pa.scalar(GroupKind.CLASS.value), GroupKind.WORK_GROUP.value)
    called = either(is_class, pa.scalar("班"), "组")
    columns: dict[str, Texts] = {
        "place_id": town.places.place_id.take(pa.array(place)),
        "group_kind": either(is_ward, GroupKind.WARD.value, kinds),
        "group": join(numerals(room + 1), either(is_ward, "病区", called)),
        "from_date": pa.array([SINCE] * person.size, pa.string()),
        "to_date": pa.array([""] * person.size, pa.string()),
        **write_identities(town, person, IN_BRIEF, dice, haste=HASTE),
    }
    yield Sheet("group_members.csv", columns, person, BROKEN_ROWS * options.slips)
