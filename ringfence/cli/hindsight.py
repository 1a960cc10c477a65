"""Looking back on an exercise, truth in hand: whom the lists held before they passed it on, and who was missed."""

from dataclasses import dataclass

import duckdb
import numpy as np
import numpy.typing as npt
import pyarrow as pa

from ringfence import feeds, intake, policy
from ringfence.cli.doors import Doors
from ringfence.cli.exercise import Exercise
from ringfence.cli.receiving import find_deliveries
from ringfence.link import Denials
from ringfence.store import Content, Scope, Store
from ringfence.terms import RecordKind, calendar_day

LISTED = """
select signal_id, cast(subject_key as bigint) as person, weight, recorded_at as found_at
from visible_exposure
where subject_kind = 'person' and status in ('listed', 'retracted')
"""

# In the place order of each signal's list: the first time somebody stood on it at that place or before.
PLACED = """
create or replace table placed as
select f.person, f.found_at, f.is_listed,
    row_number() over (partition by f.signal_id order by f.weight desc, f.person) as place
from found f
"""

INFECTED = """
create or replace table infected as
select true_id, (epoch(infected_at) - $offset_s)::bigint * 1000000 as infected_at, infector_true_id
from read_csv($path, header = true)
"""

# Each person infected in the city: when they first passed it on (never: the end of time), and when they were found.
IN_TIME = """
with spread as (
    select infector_true_id as true_id, min(infected_at) as first_at from infected group by infector_true_id
),
held as (
    select i.true_id, coalesce(s.first_at, 9223372036854775807) as first_at, p.found_at, p.place, p.is_listed
    from infected i
    left join spread s on s.true_id = i.true_id
    left join true_person t on t.true_id = i.true_id
    left join placed p on p.person = t.person
    where i.infector_true_id is not null
)
select count(distinct true_id) as infected,
    count(distinct true_id) filter (where place <= $size and found_at < first_at) as in_time,
    count(distinct true_id) filter (where place <= $size) as found
from held
"""

LISTED_IN_TIME = IN_TIME.replace("place <= $size", "is_listed")

# Right is a resident's row that leads to that resident; wrong is any row that leads to another resident.
LINKED = """
with judged as (
    select p.answer, p.person, k.person as resident
    from predicted p
    left join resident r on r.true_id = p.true_id
    left join registered k on k.source_key = r.person_id
)
select count(*) filter (where answer = 'person' and person = resident) as right_ones,
    count(*) filter (where answer = 'person' and person is distinct from resident
        and person in (select person from registered)) as wrong_ones,
    count(*) filter (where resident is not null and not (answer = 'person' and person = resident)) as missed
from judged
"""

PREDICTED = """
create or replace table predicted as
select l.answer, l.person, i.true_id
from read_parquet($links) l
join delivered b on b.batch_no = l.source_batch
join identity i on i.file = b.file and i.row = l.source_row - 1
"""

SAID = """
create or replace table predicted as
select s.answer, s.person, i.true_id
from said s join identity i on i.file = s.file and i.row = s.row - 1
"""

SIZES = (10, 30, 100, 300)


@dataclass(frozen=True, kw_only=True)
class Held:
    """Of those infected in the city: how many stood on lists cut at a size before they passed it on, and ever."""

    size: str
    in_time: int
    ever: int


@dataclass(frozen=True, kw_only=True)
class Linked:
    """How well rows were linked to residents: counts of rows."""

    right: int
    wrong: int
    missed: int

    @property
    def f1(self) -> float:
        """The harmonic mean of precision and recall; 0 where nothing was there to link."""
        weighed = 2 * self.right + self.wrong + self.missed
        return 2 * self.right / weighed if weighed else 0.0


@dataclass(frozen=True, kw_only=True)
class Hindsight:
    """What the truth says of an exercise."""

    infected: int
    held: list[Held]
    missed: int
    linked: Linked
    linked_without_ids: Linked


def look_back(exercise: Exercise) -> Hindsight:
    """Compare what was found with what was true."""
    store, doors = exercise.store, exercise.doors
    memory = doors.memory
    _put_found(store, memory)
    offset = store.clock.midnight(0).timestamp()
    memory.execute(INFECTED, {"path": str(exercise.truth / "infections.csv"), "offset_s": -offset})
    _put_true_persons(doors)
    rows = [(str(size), *_count(memory, IN_TIME, size=size)) for size in SIZES]
    rows += [("listed", *_count(memory, LISTED_IN_TIME)), ("all found", *_count(memory, IN_TIME, size=2**62))]
    infected, everybody = rows[-1][1], rows[-1][3]
    return Hindsight(
        infected=infected,
        held=[Held(size=size, in_time=in_time, ever=ever) for size, _, in_time, ever in rows],
        missed=infected - everybody,
        linked=_judge(memory, store.lake.paths(RecordKind.LINK)),
        linked_without_ids=_link_without_ids(exercise),
    )


def _put_found(store: Store, memory: duckdb.DuckDBPyConnection) -> None:
    """Everything found, on the desk and below the cut, with its place in its signal's order."""
    rows = store.desk.rows(LISTED, scope=Scope.of_system())
    schema = pa.schema(
        [("signal_id", pa.int64()), ("person", pa.int64()), ("weight", pa.float64()), ("found_at", pa.int64())]
    )
    listed = pa.Table.from_pylist([row._asdict() for row in rows], schema=schema)
    below = store.lake.read(RecordKind.EXPOSURE_BELOW_CUT).select(["signal", "subject", "weight", "found_at"])
    marked = [
        table.rename_columns(schema.names).cast(schema).append_column("is_listed", pa.repeat(flag, table.num_rows))
        for table, flag in ((listed, True), (below, False))
    ]
    memory.register("found", pa.concat_tables(marked))
    memory.execute(PLACED)


def _put_true_persons(doors: Doors) -> None:
    memory = doors.memory
    persons = [person for (person,) in memory.execute("select distinct person from placed").fetchall()]
    pairs = doors.who(persons)
    table = pa.table(
        {"person": pa.array(list(pairs), pa.int64()), "true_id": pa.array(list(pairs.values()), pa.int64())}
    )
    memory.register("true_person", table)


def _count(memory: duckdb.DuckDBPyConnection, sql: str, **values: int) -> tuple[int, int, int]:
    [row] = memory.execute(sql, values).fetchall()
    return row[0], row[1], row[2]


def _judge(memory: duckdb.DuckDBPyConnection, links: list[str]) -> Linked:
    memory.execute(PREDICTED, {"links": links})
    return _judged(memory)


def _judged(memory: duckdb.DuckDBPyConnection) -> Linked:
    [(right, wrong, missed)] = memory.execute(LINKED).fetchall()
    return Linked(right=right, wrong=wrong, missed=missed)


def _link_without_ids(exercise: Exercise) -> Linked:
    """The last day's rows about people linked once more, as if no department had written an ID number."""
    store, memory = exercise.store, exercise.doors.memory
    today = store.clock.day_of(exercise.now)
    in_force = policy.read_in_force(store.desk, now=exercise.now)
    known = intake.read_known(store, in_force)
    register = intake.Register(store.vault.batches(Content.PEOPLE))
    names: list[str] = []
    lines: list[pa.Array] = []
    numbers: list[npt.NDArray[np.int64]] = []
    identities = feeds.Identities()
    for one in find_deliveries(exercise.home / "files", day=calendar_day(today - 1).isoformat()):
        declared = feeds.read_format(one.format, policy=in_force)
        if intake.links_people(declared):
            part = feeds.read_file(one.path, declared, known=known, clock=store.clock, today=today).read()
            names += [one.path.name] * part.accepted.num_rows
            lines += part.accepted["row"].chunks
            numbers.append(identities.add(part.accepted.drop_columns(["id_number"]), file=len(numbers)))
    linked = register.link(identities, denials=Denials()).spread(np.concatenate(numbers))
    said = {
        "answer": linked.links["answer"],
        "person": pa.array(linked.persons),
        "file": names,
        "row": pa.concat_arrays(lines),
    }
    memory.register("said", pa.table(said))
    memory.execute(SAID)
    return _judged(memory)
