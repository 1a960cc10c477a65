"""What a trace may see: chosen days of the lake and whose contacts are wanted, in memory only (policy 2.2, 6.4)."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Self, TypeAlias

import duckdb
import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from ringfence.errors import InputRefused, StoredDamaged
from ringfence.store import Laid, find_rows
from ringfence.terms import LAYOUTS, Clock, Direction, cell
from ringfence.trace.days import LOCAL_DAYS, local_days
from ringfence.trace.tables import (
    ALIASES,
    CONTACTS,
    FENCED_AREAS,
    FENCED_GROUPS,
    FENCED_PLACES,
    FENCED_STOPS,
    FENCES,
    ONSETS,
    PLACES,
    SOURCES,
)

Records: TypeAlias = Mapping[str, Sequence[str] | Laid | pa.Table]
"""By view name (see VIEWS): paths of Parquet files, indexes among them, or a table; whatever is left out is empty."""

VIEWS = {
    kind.value if copy.name == "all" else f"{kind}_{copy.name}": layout.schema
    for kind, layout in LAYOUTS.items()
    for copy in layout.copies
}
"""The views of the lake: a record kind, and for a kind with several copies the copy too (`visit_by_cell`)."""

QUIET = "set enable_progress_bar = false"
"""What a trace has to say stands in its answer, never in the middle of a command's output."""

FOOTERS_KEPT = "set parquet_metadata_cache = true"
"""The second statement over a file need not read again where its row groups lie."""

MOST_FOUND = 2_000_000
"""Rows looked up that are worked on at a time: few enough to stay small, many enough that statements do not count."""

MOST_KEYS = 500_000
"""Beyond so many keys most rows are wanted, and unpacking the files costs less than slices (bench/trace.py)."""

KEYS_PUSHED = "set dynamic_or_filter_threshold = 4096"
"""Up to so many keys a join hands its list of keys to the scan, which then skips row groups. Beyond, nearly every row
group holds one of them, and comparing rows with the list costs more than it spares (bench/trace.py)."""

# A window that begins with its day's end begins with the next day; one that ends as its day begins ends with the day
# before, and there an empty `last_s` means that day's end.
NAME_SOURCES = """
create or replace temp table source_window as
select
    dense_rank() over (order by s.signal, s.case_no, coalesce(a.person, s.person), s.direction) as source_no,
    s.signal, s.case_no, coalesce(a.person, s.person) as person, s.direction,
    if(s.first_s < f.length_s, s.first_day, s.first_day + 1) as first_day,
    if(s.first_s < f.length_s, s.first_s, 0) as first_s,
    if(s.last_s > 0, s.last_day, s.last_day - 1) as last_day, if(s.last_s > 0, s.last_s, null) as last_s
from given_source s
join local_day f on f.day = s.first_day
left join alias a on a.recorded = s.person
"""

# The seconds of each visible day that lie in a window; a view, for only rules that look at days pay for it.
CLIP_SOURCES = """
create or replace temp view source_day as
select *
from (
    select
        w.source_no, w.direction, d.day, d.starts_s, d.length_s,
        if(d.day = w.first_day, w.first_s, 0) as from_s,
        if(d.day = w.last_day, least(w.last_s, d.length_s), d.length_s) as to_s
    from source_window w
    join local_day d on d.day between w.first_day and w.last_day
)
where from_s < to_s
"""

LIST_SOURCES = """
create or replace temp table source as
select distinct source_no, signal, case_no, person, direction from source_window
"""

NUMBER_SOURCES = """
create or replace temp table source_number as
select source_no, person as recorded from source
union
select s.source_no, a.recorded from source s join alias a on a.person = s.person
"""


class Visible:
    """An in-memory database over the lake's files, open as long as one trace lasts.

    Views: the lake's kinds and copies (VIEWS), `alias`, `place`, `local_day`, `first_contact`, and what `put_fences`
    and `put_onsets` put there; after `put_sources` also `source` (one row a case and direction), `source_window` (its
    windows) and `source_number` (every number its person was recorded under). It never writes to disk: short of memory
    it fails instead.
    """

    def __init__(
        self,
        records: Records,
        *,
        days: range,
        clock: Clock,
        aliases: pa.Table | None = None,
        places: pa.Table | None = None,
        threads: int | None = None,
    ) -> None:
        config: dict[str, str | bool | int | float | list[str]] = {"temp_directory": ""}
        if threads is not None:
            config["threads"] = threads
        self._connection = duckdb.connect(":memory:", config=config)
        self.run(QUIET)
        self.run(KEYS_PUSHED)
        self.run(FOOTERS_KEPT)
        self._laid: dict[str, Laid] = {}
        self._days = days
        self.first_cell, self.end_cell = cell(days.start, 0), cell(days.stop, 0)
        self._put_records(records)
        self.put("alias", aliases, ALIASES)
        self.put("place", places, PLACES)
        self.put("local_day", local_days(days, clock=clock), LOCAL_DAYS)
        self.put("first_contact", None, CONTACTS)  # until the first ring is known
        self.put("onset", None, ONSETS)
        self.put_fences(FENCES.empty_table(), areas=FENCED_AREAS.empty_table(), places=FENCED_PLACES.empty_table())

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._connection.close()

    def put(self, name: str, rows: pa.Table | None, schema: pa.Schema) -> None:
        """Make rows (none: an empty table) visible under a name; other columns than the schema's are left out."""
        table = schema.empty_table() if rows is None else rows.select(schema.names).cast(schema)
        self._connection.register(name, table)

    def put_sources(self, sources: pa.Table) -> None:
        """Say whose contacts are wanted (SOURCES), instead of any before.

        InputRefused for a row with an empty field, and for a window that reaches beyond the visible days.
        """
        _check_sources(sources, self._days)
        self.put("given_source", sources, SOURCES)
        for statement in (NAME_SOURCES, CLIP_SOURCES, LIST_SOURCES, NUMBER_SOURCES):
            self.run(statement)

    def put_onsets(self, onsets: pa.Table) -> None:
        """Say when cases fell ill (ONSETS): their days weigh by that, and all alike where nobody knows it."""
        self.put("onset", onsets, ONSETS)

    def put_fences(
        self,
        fences: pa.Table,
        *,
        areas: pa.Table,
        places: pa.Table,
        groups: pa.Table | None = None,
        stops: pa.Table | None = None,
    ) -> None:
        """Say whose people are wanted (FENCES), and what lies inside.

        Tables are FENCED_AREAS, FENCED_PLACES, FENCED_GROUPS and FENCED_STOPS.
        """
        self.put("fence", fences, FENCES)
        self.put("fenced_area", areas, FENCED_AREAS)
        self.put("fenced_place", places, FENCED_PLACES)
        self.put("fenced_group", groups, FENCED_GROUPS)
        self.put("fenced_stop", stops, FENCED_STOPS)

    def look_up(self, view: str, keys: str, *, found: str) -> Iterator[None]:
        """Make a copy's rows whose key is among those of a query visible as `found`, some of them after the others.

        Whoever joins `found` by the key each time has seen every such row once. What no index covers is seen as it
        lies, other keys among it. The query gives each key once, in order.
        """
        laid = self._laid.get(view)
        wanted = self.read(keys).column(0).to_numpy() if laid else None
        if laid is None or wanted is None or wanted.size > MOST_KEYS:
            self._connection.view(view).create_view(found, replace=True)
            yield
            return
        rest = list(laid.unindexed)
        for rows in _portions(_find_indexed(laid.indexes, wanted, rest)):
            self._connection.register(found, rows)
            yield
            self._connection.unregister(found)
        if rest:
            self._connection.read_parquet(rest).create_view(found, replace=True)
            yield

    def run(self, statement: str, **values: float | str) -> None:
        """Run one statement."""
        self._connection.execute(statement, values)

    def read(self, query: str, **values: float | str | list[str]) -> pa.Table:
        """A query's rows."""
        return self._connection.sql(query, params=values).to_arrow_table()

    def _put_records(self, records: Records) -> None:
        for name, schema in VIEWS.items():
            given = records.get(name, ())
            if isinstance(given, Laid):
                if given.indexes:
                    self._laid[name] = given
                given = given.files
            if isinstance(given, pa.Table):
                self.put(name, given, schema)
            elif given:
                self._put_files(name, list(given), schema)
            else:
                self.put(name, None, schema)

    def _put_files(self, name: str, paths: list[str], schema: pa.Schema) -> None:
        files = self._connection.read_parquet(paths)
        missing = sorted(set(schema.names) - set(files.columns))
        if missing:
            raise StoredDamaged(
                "the lake's files of {kind} lack the column {columns}; restore them from a backup",
                kind=name,
                columns=", ".join(missing),
            )
        files.create_view(name)


def _find_indexed(
    indexes: Mapping[str, Sequence[str]], keys: npt.NDArray[np.int64], rest: list[str]
) -> Iterator[pa.Table]:
    """The rows of some keys, index by index; the files of one that was replaced meanwhile are added to the rest."""
    for path, sources in indexes.items():
        try:
            yield find_rows(Path(path), keys)
        except StoredDamaged:
            rest += sources


def _portions(tables: Iterable[pa.Table]) -> Iterator[pa.Table]:
    """Tables together, as long as they are small."""
    gathered: list[pa.Table] = []
    for table in tables:
        gathered.append(table)
        if sum(one.num_rows for one in gathered) > MOST_FOUND:
            yield pa.concat_tables(gathered)
            gathered = []
    if gathered:
        yield pa.concat_tables(gathered)


def _check_sources(sources: pa.Table, days: range) -> None:
    for name in SOURCES.names:
        if sources.column(name).null_count:
            raise InputRefused("a case to trace has no {column}; give it a window by its protocol first", column=name)
    unknown = set(sources.column("direction").unique().to_pylist()) - set(Direction)
    if unknown:
        raise InputRefused("{direction} is no direction to trace in; use forward or backward", direction=min(unknown))
    for day in (pc.min(sources.column("first_day")).as_py(), pc.max(sources.column("last_day")).as_py()):
        if day is not None and day not in days:
            raise InputRefused(
                "a window reaches to day {day}, but only days {first} to {last} are visible; make more days visible",
                day=day,
                first=days.start,
                last=days.stop - 1,
            )
