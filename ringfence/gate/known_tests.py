"""Tests of the laboratories by ID number, for a lane to look up offline: marks in place of numbers (policy 1.2, 1.5).

A mark is the first 8 bytes of an HMAC-SHA256 of the ID number under a key of the day. The list names nobody; still,
whoever holds list and key can try out numbers, so a device keeps both sealed and a new day makes a new key. Who is not
on the list is not refused: their sample is taken at the gate.
"""

import base64
import hashlib
import hmac
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

import duckdb
import numpy as np
import numpy.typing as npt
import pyarrow as pa

from ringfence.errors import KeysMissing
from ringfence.gate.expected import check_works_at
from ringfence.gate.traveller import Assay, AssayResult, LaboratoryTest
from ringfence.policy import Policy
from ringfence.store import Act, Aliases, Store
from ringfence.terms import Actor, PlaceNo, Purpose, RecordKind, from_us, to_us

MARK_BYTES = 8
RESULTS = tuple(AssayResult)

# A negative tube speaks for everybody in it, a positive one only says that somebody has to be tested alone.
RECENT = """
select subject as person, taken_at, case
    when result = 'negative' then 'not_detected'
    when result = 'positive' and pool = '' then 'detected'
    else 'inconclusive' end as result
from read_parquet($files)
where subject_kind = 'person' and test = 'nucleic_acid' and taken_at >= $since
    and result in ('negative', 'positive', 'indeterminate')
"""

# Of several tests the newest counts, of several rows about somebody what was said of them last.
NEWEST_BY_NUMBER = """
with newest_test as (
    select home, max_by((taken_at, result), (taken_at, result <> 'not_detected')) as test from tested group by home
),
newest_row as (
    select home, max_by(id_number, recorded_at) as id_number from described where id_number <> '' group by home
)
select r.id_number, t.test[1] as taken_at, t.test[2] as result
from newest_row r join newest_test t on t.home = r.home
"""

Numbers = npt.NDArray[np.int64]


@dataclass(frozen=True, kw_only=True, eq=False)
class KnownTests:
    """Marks (uint64, sorted, each once) with the sampling time (microseconds UTC) and result of each, shape n."""

    key: bytes
    marks: npt.NDArray[np.uint64]
    sampled_at: Numbers
    results: npt.NDArray[np.uint8]

    def find(self, id_number: str) -> LaboratoryTest | None:
        """The newest test of whoever has this ID number; None says that nothing is known."""
        mark = _mark(id_number, key=self.key)
        place = int(np.searchsorted(self.marks, mark))
        if place == len(self.marks) or self.marks[place] != mark:
            return None
        return LaboratoryTest(
            kind=Assay.NUCLEIC_ACID,
            result=RESULTS[self.results[place]],
            sampled_at=from_us(int(self.sampled_at[place])),
        )

    def to_text(self) -> str:
        """The list as a lane fetches it, 17 bytes a test."""
        columns = (self.marks.astype(">u8"), self.sampled_at.astype(">i8"), self.results)
        return base64.b64encode(b"".join(column.tobytes() for column in columns)).decode()

    @classmethod
    def from_text(cls, text: str, *, key: bytes) -> "KnownTests":
        """What `to_text` wrote."""
        packed = base64.b64decode(text)
        count = len(packed) // (2 * MARK_BYTES + 1)
        return cls(
            key=key,
            marks=np.frombuffer(packed, ">u8", count).astype(np.uint64),
            sampled_at=np.frombuffer(packed, ">i8", count, MARK_BYTES * count).astype(np.int64),
            results=np.frombuffer(packed, np.uint8, count, 2 * MARK_BYTES * count),
        )


def read_known_tests(
    store: Store, gate: PlaceNo, *, policy: Policy, purpose: Purpose, actor: Actor, now: datetime
) -> KnownTests:
    """Everybody's newest nucleic acid test that may still count, by mark; the look at the register is on record."""
    key = store.act(lambda act: _key_of_day(act, gate, day=policy.day, store=store), actor=actor, now=now)
    since = now - policy.hours("gate.test_max_age_hours")
    files = store.lake.paths(RecordKind.SAMPLE, days=(store.clock.day_of(since), policy.day))
    with duckdb.connect(":memory:", config={"temp_directory": ""}) as memory:
        recent = _NOBODY
        if files:
            recent = memory.sql(RECENT, params={"files": files, "since": to_us(since)}).to_arrow_table()
        aliases = Aliases(store.desk)
        memory.register("tested", _with_home(recent, "person", aliases))
        register = store.read_register(purpose=purpose, actor=actor, now=now)
        rows = [batch.select(["person_no", "id_number", "recorded_at"]) for batch in register]
        described = pa.Table.from_batches(rows, schema=_DESCRIBED)
        memory.register("described", _with_home(described, "person_no", aliases))
        return _pack(memory.sql(NEWEST_BY_NUMBER).fetchall(), key=key)


_NOBODY = pa.schema([("person", pa.int64()), ("taken_at", pa.int64()), ("result", pa.string())]).empty_table()
_DESCRIBED = pa.schema([("person_no", pa.int64()), ("id_number", pa.string()), ("recorded_at", pa.int64())])


def _with_home(rows: pa.Table, column: str, aliases: Aliases) -> pa.Table:
    return rows.append_column("home", pa.array(aliases.resolve(np.asarray(rows[column]))))


def _pack(found: Iterable[tuple[str, int, str]], *, key: bytes) -> KnownTests:
    """Two people may stand under one number by mistake: then the gravest result stands for it."""
    gravest: dict[int, tuple[int, int]] = {}
    for id_number, taken_at, result in found:
        mark, own = _mark(id_number, key=key), (RESULTS.index(AssayResult(result)), taken_at)
        gravest[int(mark)] = max(gravest.get(int(mark), own), own)
    marks = np.array(sorted(gravest), dtype=np.uint64)
    kept = [gravest[int(mark)] for mark in marks]
    return KnownTests(
        key=key,
        marks=marks,
        sampled_at=np.array([taken_at for _, taken_at in kept], dtype=np.int64),
        results=np.array([result for result, _ in kept], dtype=np.uint8),
    )


def _mark(id_number: str, *, key: bytes) -> np.uint64:
    plain = "".join(id_number.split()).upper().encode()
    return np.uint64(int.from_bytes(hmac.digest(key, plain, hashlib.sha256)[:MARK_BYTES], "big"))


def _key_of_day(act: Act, gate: PlaceNo, *, day: int, store: Store) -> bytes:
    """The key the day's marks are made under."""
    check_works_at(act, gate)
    act.note("known_tests.read", subject=f"place:{gate}")
    use = f"gate known tests {day}"
    try:
        return store.keys.newest(use, ask=act.rows).key
    except KeysMissing:  # the first of the day
        return store.keys.make(act, use).key
