"""Sentinels: how many came with a fever on a day; some do not report every day, and a digit is typed twice."""

from collections.abc import Iterator

import numpy as np
import pyarrow as pa

from ringfence.city.arrays import Ints, Texts, either, numerals
from ringfence.city.departments.sentinel_sites import find_sites, name_sites
from ringfence.city.natural_history import DAY_S
from ringfence.city.settings import HOUR_S
from ringfence.city.sheets import Sheet, file_of_day, wall_days, wall_minutes
from ringfence.city.truth import History

SYNDROME = "fever"
USUAL_A_SITE = 4.0
CLOSES_S = 20 * HOUR_S
NOT_REPORTED, TYPED_TWICE = 0.02, 0.001
BROKEN_ROWS = 0.001


def write(history: History) -> Iterator[Sheet]:
    """One sheet a day: a line for each site that reports, none included."""
    town, options = history.town, history.town.options
    dice, site = options.dice("sentinel_counts"), find_sites(history.town)
    for day in range(options.days):
        count = dice.poisson(USUAL_A_SITE, site.size) + count_ill(history, site, day)
        is_reported = dice.random(site.size) >= NOT_REPORTED * options.slips
        reporting, seen = site[is_reported], numerals(count[is_reported])
        is_doubled = dice.random(reporting.size) < TYPED_TWICE * options.slips
        columns: dict[str, Texts] = {
            "site_id": name_sites(town, reporting),
            "date": wall_days(options.first_day, np.full(reporting.size, day)),
            "syndrome": pa.array([SYNDROME] * reporting.size, pa.string()),
            "count": either(is_doubled, numerals(count[is_reported] * 10 + count[is_reported] % 10), seen),
            "reported_at": wall_minutes(options.first_day, np.full(reporting.size, day * DAY_S + CLOSES_S)),
        }
        name = file_of_day("sentinel_counts", options.first_day, day)
        yield Sheet(name, columns, broken_rows=BROKEN_ROWS * options.slips)


def count_ill(history: History, site: Ints, day: int) -> Ints:
    """How many of the infected seek help on a day, at the last site of their own township, if it has one."""
    town, infections = history.town, history.outbreak.infections
    seeking = infections.person[infections.seeks_help_at // DAY_S == day]
    goes_to = np.full(len(town.areas.code), -1)
    goes_to[town.places.township[site]] = np.arange(site.size)
    found = goes_to[town.people.township[seeking]]
    return np.bincount(found[found >= 0], minlength=site.size)
