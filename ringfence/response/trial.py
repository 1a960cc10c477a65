"""A trace of made-up cases over the records there are: how long one takes here, with no effect but the look (2.2)."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

import pyarrow as pa

from ringfence import areas, policy, trace
from ringfence.access import check_can, read_purpose
from ringfence.policy import CaseDays, Permission, Policy, infectious_window
from ringfence.store import Act, Store
from ringfence.terms import Actor

# Whoever left visits, in an order that only the seed decides; nobody of them is a case.
SOMEBODY = """
select person from (select distinct person from visit_by_person)
order by md5($seed || ':' || person), person
limit $cases
"""

SCAN = "select sum(cell) as a, sum(person) as b, sum(enter_s) as c, sum(stay_s) as d from visit_by_cell"

_DAY_S = 86_400


@dataclass(frozen=True, kw_only=True)
class Trial:
    """How long a trace took, in seconds, beside one scan of every visit it could see; whom it found, by how many."""

    cases: int
    exposures: int
    reasons: int
    trace_s: float
    scan_s: float


def try_trace(
    store: Store, cases: int, *, disease: str, actor: Actor, now: datetime, seed: int, ticks: Callable[[], float]
) -> Trial:
    """Trace so many people as if they were reported today; `ticks` tells seconds. NotAllowed for who may not trace."""
    tops = areas.top_paths(areas.read_hierarchy(store.desk))
    today = store.clock.day_of(now)
    rules = Policy(policy.read_in_force(store.desk, now=now), today)
    protocol = rules.protocol(disease)
    settings = trace.read_settings(protocol, policy=rules)
    window = infectious_window(CaseDays(reported_day=today), protocol=protocol).window
    first_day = today if window is None else window.first_day

    def ask(act: Act) -> None:
        for path in tops:
            check_can(act, Permission.TRACE_RUN, area_path=path)
        act.note("trace.tried", count=cases)

    store.act(ask, actor=actor, now=now)
    purpose = read_purpose(store.desk, "tracing", now=now)
    days = range(first_day - settings.days_apart, today + settings.days_apart + 1)
    with trace.look(store, days=days, purpose=purpose, actor=actor, now=now) as visible:
        people = visible.read(SOMEBODY, seed=str(seed), cases=cases)["person"].to_pylist()
        rows = [(one, one, one, trace.Direction.FORWARD.value, first_day, 0, today, _DAY_S) for one in people]
        sources = pa.table(list(zip(*rows, strict=True)) or [()] * len(trace.SOURCES), schema=trace.SOURCES)
        begun = ticks()
        visible.read(SCAN)
        scanned = ticks()
        found = trace.trace_exposures(
            visible, sources=sources, settings=settings, until_day=today, until_s=store.clock.second_of(now)
        )
        ended = ticks()
    return Trial(
        cases=len(people),
        exposures=found.exposures.num_rows,
        reasons=found.reasons.num_rows,
        trace_s=ended - scanned,
        scan_s=scanned - begun,
    )
