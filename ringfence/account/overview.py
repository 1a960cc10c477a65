"""The whole at a glance: how many of everything there are, in the reader's areas (policy 7.3)."""

from dataclasses import dataclass

from ringfence.store import Desk, Scope

SIGNALS = "select kind, status, count(*) as n from visible_signal group by kind, status order by kind, status"

EXPOSURES = """
select e.ring, r.rule, e.status, count(distinct e.exposure_id) as n
from visible_exposure e join exposure_reason r on r.exposure_id = e.exposure_id
group by e.ring, r.rule, e.status
order by e.ring, r.rule, e.status
"""

FOUND = """
with listed as (
    select count(*) filter (where status = 'listed') as listed,
        count(*) filter (where status = 'retracted') as retracted
    from visible_exposure
),
uncut as (
    select coalesce(sum(b.row_count) filter (where b.status = 'counted'), 0) as below,
        coalesce(sum(b.row_count) filter (where b.status = 'retracted'), 0) as retracted
    from exposure_below_cut b join visible_signal s on s.signal_id = b.signal_id
)
select l.listed, u.below, l.retracted + u.retracted as retracted from listed l cross join uncut u
"""

TASKS = """
select kind, level, status, count(*) as n from visible_task group by kind, level, status order by kind, level, status
"""

ORDERS = "select measure, status, count(*) as n from visible_measure_order group by measure, status order by 1, 2"

FOLLOW_UPS = "select status, count(*) as n from visible_follow_up group by status order by status"

FINDINGS = "select clause, status, count(*) as n from visible_finding group by clause, status order by clause, status"

Counts = list[dict[str, str | int]]


@dataclass(frozen=True, kw_only=True)
class Overview:
    """Counts of everything; `found` has listed, below and retracted, which together are all that was ever found.

    Exposures are counted once for each rule that found them, so those of several rules add up to more than `found`.
    """

    signals: Counts
    exposures: Counts
    found: dict[str, int]
    tasks: Counts
    orders: Counts
    follow_ups: Counts
    findings: Counts


def read_overview(desk: Desk, *, scope: Scope) -> Overview:
    """Count what the scope opens."""

    def count(sql: str) -> Counts:
        return [row._asdict() for row in desk.rows(sql, scope=scope)]

    [found] = desk.rows(FOUND, scope=scope)
    return Overview(
        signals=count(SIGNALS),
        exposures=count(EXPOSURES),
        found={name: int(value) for name, value in found._asdict().items()},
        tasks=count(TASKS),
        orders=count(ORDERS),
        follow_ups=count(FOLLOW_UPS),
        findings=count(FINDINGS),
    )
