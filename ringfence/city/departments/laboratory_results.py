"""Laboratories: results of swabs taken alone or ten in one tube, typed from request forms."""

from collections.abc import Iterator

import numpy as np
import pyarrow as pa

from ringfence.city.arrays import Ints, Texts, either, join, numerals
from ringfence.city.identities import IN_FULL, write_identities
from ringfence.city.natural_history import DAY_S
from ringfence.city.samples import ALONE, Samples
from ringfence.city.sheets import Sheet, file_of_day, wall_minutes
from ringfence.city.truth import History

TEST, POSITIVE, NEGATIVE = "nucleic_acid", "positive", "negative"
HELD_BACK = 0.005
WRITTEN_TWICE = 0.002
WRONG_DAY = 0.001
BROKEN_ROWS = 0.0002


def write(history: History) -> Iterator[Sheet]:
    """One sheet a day, by the day of the report; a few results are handed in a day late."""
    options = history.town.options
    samples = history.outbreak.samples
    dice = options.dice("laboratory_results")
    handed_in = samples.reported_at // DAY_S + (dice.random(samples.count) < HELD_BACK * options.slips)
    number = np.empty(samples.count, dtype=np.int64)
    number[np.lexsort((np.arange(samples.count), samples.taken_at))] = np.arange(samples.count) + 1
    for day in range(options.days):
        rows = np.flatnonzero(handed_in == day)
        rows = rows[np.lexsort((number[rows], samples.reported_at[rows]))]
        rows = np.repeat(rows, 1 + (dice.random(rows.size) < WRITTEN_TWICE * options.slips))
        yield fill_sheet(history, dice, samples.keep(rows), number[rows], day)


def fill_sheet(history: History, dice: np.random.Generator, samples: Samples, number: Ints, day: int) -> Sheet:
    """The results of a day with the identities as somebody typed them."""
    town, first_day = history.town, history.town.options.first_day
    columns = write_identities(town, samples.person, IN_FULL, dice, haste=1)
    is_alone = samples.pool == ALONE
    wrong_days = np.where(
        dice.random(samples.count) < WRONG_DAY * town.options.slips, dice.choice([-1, 1, -30], samples.count), 0
    )
    heading: dict[str, Texts] = {
        "sample_id": join("S", numerals(number, width=8)),
        "pool_id": either(is_alone, "", join("T", numerals(np.maximum(samples.pool, 0) + 1, width=7))),
        "taken_at": wall_minutes(first_day, samples.taken_at + wrong_days * DAY_S),
        "reported_at": wall_minutes(first_day, samples.reported_at),
        "test": pa.array([TEST] * samples.count, pa.string()),
        "result": either(samples.is_positive, pa.scalar(POSITIVE), NEGATIVE),
        "laboratory": name_laboratories(history, samples),
    }
    name = file_of_day("laboratory_results", first_day, day)
    return Sheet(name, heading | columns, samples.person, BROKEN_ROWS * town.options.slips)


def name_laboratories(history: History, samples: Samples) -> Texts:
    """Pools go to the county's screening base, single swabs to its centre for disease control."""
    areas = history.town.areas
    counties = pa.array(areas.county_name).take(pa.array(areas.county[history.town.people.township[samples.person]]))
    return join(counties, either(samples.pool == ALONE, pa.scalar("疾控中心"), "核酸检测基地"))
