"""The hidden truth: what no department knows, written where the answers are compared afterwards.

- `persons.csv`: true_id, person_id (the register's, empty for who is on no register), household
- `identities.csv`: file, row (1-based data row), true_id, for every row of a sheet that is about somebody
- `infections.csv`: true_id, infected_at, infector_true_id, place_id (or `household`), infectious_from, kernel,
  onset_date; infector and place are empty for imported cases, the onset for who never fell ill
- `visits_DAY.parquet`: true_id, place_no (the number in the place_id), room, enter_s, leave_s: every visit there was
"""

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from types import TracebackType
from typing import Self

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from ringfence.city.arrays import Ints, Texts, either, join, numerals
from ringfence.city.epidemic import Outbreak
from ringfence.city.natural_history import AT_HOME, DAY_S, NEVER
from ringfence.city.sheets import Sheet, to_bytes, wall_days, wall_minutes, write_sheet
from ringfence.city.stays import Visits
from ringfence.city.town import Town

HOUSEHOLD = "household"


@dataclass(frozen=True)
class VisitStore:
    """The true visits, one file a day, so that a city of any length needs the memory of one day."""

    folder: Path
    town: Town

    def keep(self, day: int, visits: Visits) -> None:
        """Write a day's visits, person by person."""
        ordered = visits.keep(np.lexsort((visits.enter_s, visits.person)))
        columns = {
            "true_id": true_ids(ordered.person),
            "place_no": self.town.rooms.place[ordered.room] + 1,
            "room": ordered.room,
            "enter_s": ordered.enter_s,
            "leave_s": ordered.leave_s,
        }
        table = pa.table({name: pa.array(column, pa.int32()) for name, column in columns.items()})
        pq.write_table(table, self.path(day), compression="zstd")

    def read(self, day: int) -> Visits:
        """A day's visits, person by person."""
        table = pq.read_table(self.path(day), columns=["true_id", "room", "enter_s", "leave_s"])
        person, room, enter, leave = (column.to_numpy().astype(np.int64) for column in table.columns)
        return Visits(person - 1, room, enter, leave)

    def path(self, day: int) -> Path:
        """The file of a day of the period."""
        return self.folder / f"visits_{self.town.options.first_day + timedelta(days=day)}.parquet"


@dataclass(frozen=True)
class History:
    """What the departments look at, each at its own part: the town, its outbreak, and where everybody was."""

    town: Town
    outbreak: Outbreak
    visits: VisitStore


class IdentityLog:
    """The file that says whom each row of the departments' files is about."""

    def __init__(self, folder: Path) -> None:
        self._file = (folder / "identities.csv").open("wb")
        self._file.write(b"file,row,true_id\n")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()

    def add(self, sheet: Sheet) -> None:
        """Note whom the rows of a sheet are about; a sheet about nobody leaves nothing."""
        if sheet.person is None:
            return
        row = np.flatnonzero(sheet.person != Sheet.NOBODY)
        person = true_ids(sheet.person[row])
        self._file.write(to_bytes(join(sheet.file, ",", numerals(row + 1), ",", numerals(person), "\n")))


def true_ids(person: Ints) -> Ints:
    """The truth counts people from 1."""
    return person + 1


def write_truth(history: History, folder: Path) -> None:
    """Write persons.csv and infections.csv."""
    dice = history.town.options.dice("truth")
    write_sheet(folder, list_persons(history.town), dice)
    write_sheet(folder, list_infections(history), dice)


def list_persons(town: Town) -> Sheet:
    """Everybody who was in the city, with the register's ids."""
    ids = numerals(true_ids(np.arange(town.people.count)))
    return Sheet("persons.csv", {"true_id": ids, "person_id": town.person_ids, "household": town.household_ids})


def list_infections(history: History) -> Sheet:
    """Every infection in order of time."""
    infections = history.outbreak.infections
    infections = infections.keep(np.argsort(infections.infected_at, kind="stable"))
    first_day = history.town.options.first_day
    onset = np.where(infections.onset_at < NEVER, infections.onset_at, 0)
    place = history.town.places.place_id.take(pa.array(np.maximum(infections.place, 0)))
    columns: dict[str, Texts] = {
        "true_id": numerals(true_ids(infections.person)),
        "infected_at": wall_minutes(first_day, infections.infected_at),
        "infector_true_id": either(infections.infector >= 0, numerals(true_ids(infections.infector)), ""),
        "place_id": either(infections.place >= 0, place, either(infections.place == AT_HOME, HOUSEHOLD, "")),
        "infectious_from": wall_minutes(first_day, infections.infectious_from),
        "kernel": pa.array([history.town.options.kernel] * infections.count, pa.string()),
        "onset_date": either(infections.onset_at < NEVER, wall_days(first_day, onset // DAY_S), ""),
    }
    return Sheet("infections.csv", columns)
