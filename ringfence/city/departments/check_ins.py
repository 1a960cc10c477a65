"""Venues: who scanned a code or signed a book at the door, for a share of the visits."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from ringfence.city.arrays import Flags, Floats, Ints, Texts, either, hashed_share
from ringfence.city.mistakes import write_down
from ringfence.city.natural_history import DAY_S
from ringfence.city.sheets import Sheet, file_of_day, wall_minutes
from ringfence.city.truth import History

IDENTITY = ("name", "id_number", "phone")
APP_HASTE, BOOK_HASTE = 0.4, 4.0
IN_A_BOOK = 0.04
ASKS_FOR_ID = 0.75
CHECKS_OUT = 0.75
HELD_BACK = 0.01
WRITTEN_TWICE = 0.003
WRONG_YEAR_DAYS, WRONG_YEAR = 365, 0.0003
BROKEN_ROWS = 0.0002
SCANS_LITTLE_AGE, SCANS_LITTLE = 10.0, 0.3
KEENNESS = (0.55, 1.65)


@dataclass(frozen=True)
class CheckIns:
    """Check-ins of one or more days (shape n): times in seconds of the period, -1 where nobody checked out."""

    person: Ints
    place: Ints
    entered_at: Ints
    left_at: Ints


def write(history: History) -> Iterator[Sheet]:
    """One sheet a day: the day's check-ins in order of time, then what was held back on the day before."""
    options = history.town.options
    registered = write_down(history.town.card, IDENTITY, options.dice("apps"), slips=APP_HASTE * options.slips)
    held = None
    for day in range(options.days):
        dice = options.dice("check_ins", day)
        today = record(history, dice, day)
        is_late = dice.random(today.person.size) < HELD_BACK * options.slips
        rows = choose(today, ~is_late) if held is None else append(choose(today, ~is_late), held)
        held = choose(today, is_late)
        is_doubled = dice.random(rows.person.size) < WRITTEN_TWICE * options.slips
        rows = choose(rows, np.repeat(np.arange(rows.person.size), 1 + is_doubled))
        yield fill_sheet(history, dice, registered, rows, day)


def record(history: History, dice: np.random.Generator, day: int) -> CheckIns:
    """The visits of a day that leave a check-in, by the habits of the place and of the person, in order of time."""
    town = history.town
    visits = history.visits.read(day)
    place = town.rooms.place[visits.room]
    keenness = habit(town.options.seed, place) * habit(town.options.seed + 1, visits.person)
    keenness *= np.where(town.people.age[visits.person] < SCANS_LITTLE_AGE, SCANS_LITTLE, 1.0)
    is_recorded = dice.random(visits.count) < town.options.check_in_share ** (1 / keenness)
    checks_out = dice.random(visits.count) < CHECKS_OUT
    left_at = np.where(checks_out, day * DAY_S + visits.leave_s, -1)
    kept = np.flatnonzero(is_recorded)
    kept = kept[np.argsort(visits.enter_s[kept], kind="stable")]
    return choose(CheckIns(visits.person, place, day * DAY_S + visits.enter_s, left_at), kept)


def habit(seed: int, key: Ints) -> Floats:
    """How keen on codes a place or a person is, always the same; the limits keep the mean share."""
    least, most = KEENNESS
    return least + (most - least) * hashed_share(seed, key)


def fill_sheet(history: History, dice: np.random.Generator, registered: pa.Table, rows: CheckIns, day: int) -> Sheet:
    """The day's file: identities as the app knows them, or as somebody wrote them into the book at the door."""
    town = history.town
    in_book = np.flatnonzero(dice.random(rows.person.size) < IN_A_BOOK)
    on_paper = town.card.take(pa.array(rows.person[in_book]))
    written = write_down(on_paper, IDENTITY, dice, slips=BOOK_HASTE * town.options.slips)
    source = rows.person.copy()
    source[in_book] = town.people.count + np.arange(in_book.size)
    identity = pa.concat_tables([registered, written]).combine_chunks().take(pa.array(source))
    asks = hashed_share(town.options.seed + 2, rows.place) < (ASKS_FOR_ID if town.options.with_id_numbers else 0.0)
    years = np.where(dice.random(rows.person.size) < WRONG_YEAR * town.options.slips, -WRONG_YEAR_DAYS * DAY_S, 0)
    columns: dict[str, Texts] = {
        "place_id": town.places.place_id.take(pa.array(rows.place)),
        "entered_at": wall_minutes(town.options.first_day, rows.entered_at + years),
        "left_at": either(
            rows.left_at >= 0, wall_minutes(town.options.first_day, np.maximum(rows.left_at, 0) + years), ""
        ),
        "name": identity["name"].combine_chunks(),
        "id_number": either(asks, identity["id_number"].combine_chunks(), ""),
        "phone": identity["phone"].combine_chunks(),
    }
    return Sheet(
        file_of_day("check_ins", town.options.first_day, day), columns, rows.person, BROKEN_ROWS * town.options.slips
    )


def choose(rows: CheckIns, chosen: Flags | Ints) -> CheckIns:
    """Only the chosen rows, or all in another order."""
    return CheckIns(rows.person[chosen], rows.place[chosen], rows.entered_at[chosen], rows.left_at[chosen])


def append(rows: CheckIns, more: CheckIns) -> CheckIns:
    """The rows of both."""
    return CheckIns(
        np.concatenate([rows.person, more.person]),
        np.concatenate([rows.place, more.place]),
        np.concatenate([rows.entered_at, more.entered_at]),
        np.concatenate([rows.left_at, more.left_at]),
    )
