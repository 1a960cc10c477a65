"""Other cities: which of the travellers who came here had been in an area at risk, told on the day they came."""

from collections.abc import Iterator

import numpy as np
import pyarrow as pa

from ringfence.city.arrays import Texts, either
from ringfence.city.departments.risk_area_notices import NOTICES, name_risk_areas
from ringfence.city.identities import IN_FULL, write_identities
from ringfence.city.sheets import Sheet, file_of_day, wall_days
from ringfence.city.truth import History

WERE_THERE, STAYED_DAYS = 0.03, 5
HASTE = 1.5
SENDER_UNKNOWN = 0.05
BROKEN_ROWS = 0.002


def write(history: History) -> Iterator[Sheet]:
    """One sheet a day, by the day of arrival."""
    town, options = history.town, history.town.options
    dice = options.dice("risk_lists")
    travellers = np.flatnonzero(town.people.is_traveller)
    travellers = travellers[dice.random(travellers.size) < WERE_THERE]
    for day in range(options.days):
        person = travellers[town.people.arrives[travellers] == day]
        count = person.size
        columns: dict[str, Texts] = {
            "risk_area": name_risk_areas(dice.integers(0, NOTICES, count)),
            "from_date": wall_days(options.first_day, day - dice.integers(1, STAYED_DAYS, count)),
            "to_date": wall_days(options.first_day, np.full(count, day)),
            "told_by": either(dice.random(count) < SENDER_UNKNOWN * options.slips, pa.scalar(""), "外省协查"),
            **write_identities(town, person, IN_FULL, dice, haste=HASTE),
        }
        name = file_of_day("risk_lists", options.first_day, day)
        yield Sheet(name, columns, person, BROKEN_ROWS * options.slips)
