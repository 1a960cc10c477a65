"""Following people day by day: their samples in the lake say who may be let go (policy 2.4)."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime

import duckdb
import numpy as np
import numpy.typing as npt
import pyarrow as pa

from ringfence import signals, work
from ringfence.access import read_purpose
from ringfence.policy import Policy
from ringfence.store import Act, Aliases, Scope, Store
from ringfence.terms import Actor, RecordKind, from_us
from ringfence.work import DayRun

WATCHED = "select distinct person_no from visible_follow_up where status = 'follow_up' order by person_no"

# What was sampled after the last exposure counts, also before somebody was watched.
FIRST_WATCHED_DAY = "select min(day_zero) as day from visible_follow_up where status = 'follow_up'"

# Only a sample of one's own proves anything about a person, under whatever number of theirs it came: a tube's does not,
# and release rules speak of nucleic acid, for no other test that is negative excludes an infection.
NEGATIVES = """
select w.person_no, s.taken_at
from read_parquet($files) s
join known_as k on k.number = s.subject
join watched w on w.home_no = k.home_no
where s.subject_kind = 'person' and s.pool = '' and s.test = 'nucleic_acid' and s.result = 'negative'
order by w.person_no, s.taken_at
"""

_SYSTEM = Scope.of_system()


def begin_day(store: Store, *, policy: Policy, actor: Actor, now: datetime) -> DayRun:
    """Begin a local day of follow-up: who is due, who is let go by the release rule, who is lost."""
    negatives = read_negatives(store, policy=policy, actor=actor, now=now)

    def run(act: Act) -> DayRun:
        begun = work.run_day(act, policy.day, policy=policy, clock=store.clock, negatives=negatives)
        signals.put_observations(act, begun.observations, origin=f"follow-up:{policy.day}")
        return begun

    return store.act(run, actor=actor, now=now)


def read_negatives(store: Store, *, policy: Policy, actor: Actor, now: datetime) -> Mapping[int, Sequence[datetime]]:
    """When negative samples of those under follow-up were taken; the look is on record."""
    watched = [row.person_no for row in store.desk.rows(WATCHED, scope=_SYSTEM)]
    negatives: dict[int, list[datetime]] = defaultdict(list)
    if not watched:
        return negatives
    [(first_day,)] = store.desk.rows(FIRST_WATCHED_DAY, scope=_SYSTEM)
    purpose = read_purpose(store.desk, "follow_up", now=now)
    store.act(
        lambda act: act.note("samples.read", purpose=purpose, count=len(watched), ids=watched), actor=actor, now=now
    )
    files = store.lake.paths(RecordKind.SAMPLE, days=(first_day, policy.day))
    if files:
        with duckdb.connect(":memory:", config={"temp_directory": ""}) as memory:
            _register_numbers(memory, Aliases(store.desk), np.array(watched, dtype=np.int64))
            for person, taken_at in memory.execute(NEGATIVES, {"files": files}).fetchall():
                negatives[person].append(from_us(taken_at))
    return negatives


def _register_numbers(memory: duckdb.DuckDBPyConnection, aliases: Aliases, watched: npt.NDArray[np.int64]) -> None:
    """Whom the numbers under follow-up lead to, and every number that leads to the same person."""
    homes = aliases.resolve(watched)
    numbers, of_numbers = aliases.expand(homes)
    memory.register("watched", pa.table({"person_no": watched, "home_no": homes}))
    memory.register("known_as", pa.table({"number": numbers, "home_no": of_numbers}))
