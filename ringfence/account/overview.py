"""The whole at a glance: how many of everything there are, in the reader's areas (policy 7.3)."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Row

from ringfence.account.below_cut import read_below_cut
from ringfence.policy import Policy
from ringfence.store import Desk, Scope

SIGNALS = "select kind, status, count(*) as n from visible_signal group by kind, status order by kind, status"

EXPOSURES = """
select ring, status, forward_rules, backward_rules, count(*) as n from visible_exposure
group by ring, status, forward_rules, backward_rules
"""

BY_RING = "select ring, status, count(*) as n from visible_exposure group by ring, status order by ring, status"

BELOW = """
select coalesce(sum(b.row_count) filter (where b.status = 'counted'), 0) as below,
    coalesce(sum(b.row_count) filter (where b.status = 'retracted'), 0) as retracted
from exposure_below_cut b join visible_signal s on s.signal_id = b.signal_id
"""

TASKS = """
select kind, level, status, count(*) as n from visible_task group by kind, level, status order by kind, level, status
"""

ORDERS = "select measure, status, count(*) as n from visible_measure_order group by measure, status order by 1, 2"

FOLLOW_UPS = "select status, count(*) as n from visible_follow_up group by status order by status"

FINDINGS = "select clause, status, count(*) as n from visible_finding group by clause, status order by clause, status"

LISTED_AS = ("listed", "retracted")

Counts = list[dict[str, str | int]]


@dataclass(frozen=True, kw_only=True)
class Overview:
    """Counts of everything; `found` has listed, below and retracted, which together are all that was ever found.

    Exposures are counted once for each rule that found them, so those of several rules add up to more than `found`.
    """

    signals: Counts
    exposures: Counts
    found: dict[str, int | None]
    tasks: Counts
    orders: Counts
    follow_ups: Counts
    findings: Counts


def read_overview(desk: Desk, *, scope: Scope) -> Overview:
    """Count what the scope opens."""

    def count(sql: str) -> Counts:
        return [row._asdict() for row in desk.rows(sql, scope=scope)]

    exposures = desk.rows(EXPOSURES, scope=scope)
    return Overview(
        signals=count(SIGNALS),
        exposures=_by_rule(exposures),
        found=_found(exposures, desk.rows(BELOW, scope=scope)[0]),
        tasks=count(TASKS),
        orders=count(ORDERS),
        follow_ups=count(FOLLOW_UPS),
        findings=count(FINDINGS),
    )


def read_shown_overview(desk: Desk, *, scope: Scope, policy: Policy) -> Overview:
    """The same for a reader: what they could count on their lists as it is, and of those below the cut what is told.

    Exposures are counted by ring and status only, for not every reader is shown what found somebody; `found` has None
    where so few must not be told.
    """
    whole, told = read_overview(desk, scope=scope), read_below_cut(desk, policy=policy)
    by_ring: Counts = [row._asdict() for row in desk.rows(BY_RING, scope=scope)]
    kept = {status: sum(int(row["n"]) for row in by_ring if row["status"] == status) for status in LISTED_AS}
    areas = scope.paths.get("signal", ())
    taken_back = told.within(areas, status="retracted")
    found = {
        "listed": kept["listed"],
        "below": told.within(areas, status="counted"),
        "retracted": None if taken_back is None else kept["retracted"] + taken_back,
    }
    return replace(whole, found=found, exposures=by_ring)


def _by_rule(exposures: Sequence[Row[Any]]) -> Counts:
    """How many each rule found, by ring and status."""
    counts: Counter[tuple[int, str, str]] = Counter()
    for row in exposures:
        for rule in set(f"{row.forward_rules},{row.backward_rules}".split(",")) - {""}:
            counts[row.ring, rule, row.status] += row.n
    return [
        {"ring": ring, "rule": rule, "status": status, "n": n} for (ring, rule, status), n in sorted(counts.items())
    ]


def _found(exposures: Sequence[Row[Any]], uncut: Row[Any]) -> dict[str, int | None]:
    """All that was ever found, by what became of it."""
    counts: Counter[str] = Counter()
    for row in exposures:
        counts[row.status] += row.n
    return {
        "listed": counts["listed"],
        "below": int(uncut.below),
        "retracted": counts["retracted"] + int(uncut.retracted),
    }
