"""Disease control: the confirmed cases of a day, written with some care after talking to them."""

from collections.abc import Iterator

import numpy as np
import pyarrow as pa

from ringfence.city.arrays import Flags, Ints, Texts, either, join, numerals
from ringfence.city.identities import IN_FULL, write_identities
from ringfence.city.natural_history import DAY_S, ELSEWHERE, NEVER
from ringfence.city.sheets import Sheet, file_of_day, wall_days, wall_minutes
from ringfence.city.truth import History
from ringfence.terms import Classification

HASTE = 0.4
ONSET_FORGOTTEN, ONSET_MISREMEMBERED = 0.05, 0.15
JOURNEY_TOLD = 0.9
WRITTEN_TWICE = 0.01


def case_ids(cases: Ints) -> Texts:
    """How disease control numbers its cases, in order of report."""
    return join("C", numerals(cases + 1, width=6))


def write(history: History) -> Iterator[Sheet]:
    """One sheet a day, by the day of the report; empty on a day without cases."""
    cases, options = history.outbreak.cases, history.town.options
    dice = options.dice("case_line_list")
    onset = tell_onset(history, dice)
    is_imported = tell_journey(history, dice)
    for day in range(options.days):
        rows = np.flatnonzero(cases.reported_at // DAY_S == day)
        rows = np.repeat(rows, 1 + (dice.random(rows.size) < WRITTEN_TWICE * options.slips))
        yield fill_sheet(history, dice, rows, day, onset=onset[rows], is_imported=is_imported[rows])


def tell_onset(history: History, dice: np.random.Generator) -> Ints:
    """The day of the onset as each case tells it, NEVER for none by the time of the interview."""
    cases, infections = history.outbreak.cases, history.outbreak.infections
    onset_at = np.full(history.town.people.count, NEVER)
    onset_at[infections.person] = infections.onset_at
    onset = onset_at[cases.person]
    told = onset // DAY_S + dice.integers(-1, 2, onset.size) * (dice.random(onset.size) < ONSET_MISREMEMBERED)
    told = np.minimum(told, cases.reported_at // DAY_S)
    is_told = (onset < cases.reported_at) & (dice.random(onset.size) >= ONSET_FORGOTTEN)
    return np.where(is_told, told, NEVER)


def tell_journey(history: History, dice: np.random.Generator) -> Flags:
    """Whether a case is known to have brought the infection from elsewhere."""
    cases, infections = history.outbreak.cases, history.outbreak.infections
    brought = np.isin(cases.person, infections.person[infections.place == ELSEWHERE])
    return brought & (dice.random(cases.person.size) < JOURNEY_TOLD)


def fill_sheet(
    history: History, dice: np.random.Generator, rows: Ints, day: int, *, onset: Ints, is_imported: Flags
) -> Sheet:
    """The line list of a day; `imported` is yes or no."""
    town, cases, first_day = history.town, history.outbreak.cases, history.town.options.first_day
    person = cases.person[rows]
    columns: dict[str, Texts] = {"case_id": case_ids(rows)}
    columns |= write_identities(town, person, IN_FULL, dice, haste=HASTE)
    columns |= {
        "disease": pa.array([town.options.disease] * rows.size, pa.string()),
        "classification": pa.array([Classification.CONFIRMED.value] * rows.size, pa.string()),
        "onset_date": either(onset < NEVER, wall_days(first_day, np.where(onset < NEVER, onset, 0)), ""),
        "sampled_at": wall_minutes(first_day, cases.sampled_at[rows]),
        "reported_at": wall_minutes(first_day, cases.reported_at[rows]),
        "isolated_at": wall_minutes(first_day, cases.isolated_at[rows]),
        "imported": either(is_imported, pa.scalar("yes"), "no"),
    }
    return Sheet(file_of_day("case_line_list", first_day, day), columns, person)
