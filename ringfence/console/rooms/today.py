"""Today: what waits for a decision, what is late or has no owner, and what did not arrive (policy 7.1, 7.3)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from ringfence import account
from ringfence.console import defence
from ringfence.console.asked import Asked
from ringfence.console.counts import count, open_first
from ringfence.console.room import Room, View
from ringfence.console.visitor import Visitor
from ringfence.terms import to_us

SIGNALS = """
select count(*) filter (where status = 'raised') as raised,
    count(*) filter (where status = 'verified' and responded_at is null) as unanswered
from visible_signal
"""

TASKS = """
select count(*) filter (where status = 'open') as unseen,
    count(*) filter (where status in ('open', 'acknowledged')) as waiting,
    count(*) filter (where status in ('open', 'acknowledged') and due_at < :now) as late,
    count(*) filter (where status = 'done' and ended_at >= :midnight) as done
from visible_task
"""

# Whose unit has nobody on the roster now: it has an owner on paper and nobody at the door.
UNOWNED = """
select count(*) as unowned from visible_task t
where t.status in ('open', 'acknowledged') and not exists (
    select 1 from duty d where d.unit_id = t.owner and d.day = :day and d.to_s > :second
)
"""

ORDERS = """
select count(*) filter (where status = 'drafted') as drafted,
    count(*) filter (where status = 'signed' and from_day <= :day and to_day >= :day) as in_force,
    count(*) filter (where status = 'signed' and to_day = :day) as ending,
    count(*) filter (where status = 'signed' and review_day <= :day) as to_review
from visible_measure_order
"""

FOLLOW_UP = """
select d.status, count(*) as n
from visible_follow_up f join follow_up_day d on d.follow_up_id = f.follow_up_id
where d.day = :day
group by d.status
order by d.status
"""

FINDINGS = """
select count(*) as standing, count(*) filter (where due_at < :now) as late
from visible_finding where status <> 'proven'
"""

PAIRS = "select count(*) as open from link_review where status = 'open'"

APPROVALS = "select count(*) as waiting from approval where decided_by is null"

# What came on one of the last seven days and not since midnight.
MISSING = """
select feed, max(recorded_at) as last_at
from batch
where recorded_at >= :week_ago and department <> 'ringfence'
group by feed
having max(recorded_at) < :midnight and count(distinct recorded_at / 86400000000) > 1
order by last_at, feed
"""

WHOLE = ("signal", "exposure", "task", "measure_order", "follow_up", "finding")
"""What the counts of everything are counts of."""

WEEK_US = 7 * 86_400_000_000


@dataclass(frozen=True)
class Waiting:
    """Something that waits for somebody: how many, in words, and the page where it is dealt with."""

    count: int
    sentence: str
    address: str
    is_late: bool = False


def declare() -> Room:
    """The first room, open to everybody who has any duty."""
    purposes = (
        "verification",
        "outreach",
        "follow_up",
        "accountability",
        "receiving",
        "administration",
        "audit",
        "inspection",
        "gate_check",
    )
    return Room(key="today", title="Today", clause="7.3", place=10, purposes=purposes, table="", pages={"": show})


def show(visitor: Visitor, _asked: Asked) -> View:
    """What is to be done, for the duties of this visitor."""
    tasks = count(visitor, TASKS, "task", "outreach", "accountability")
    orders = count(visitor, ORDERS, "measure_order", "measures")
    waiting = [one for one in _find_waiting(visitor, tasks=tasks, orders=orders) if one.count]
    values = {
        "waiting": sorted(waiting, key=lambda one: not one.is_late),
        "whole": _read_whole(visitor),
        "tasks": tasks,
        "orders": orders,
        "followed": _follow_up(visitor),
        "missing": _missing(visitor),
        "lines": defence.read_lines(visitor),
        "told": defence.TOLD,
    }
    return View(values=values)


def _find_waiting(visitor: Visitor, *, tasks: Mapping[str, int], orders: Mapping[str, int]) -> Iterator[Waiting]:
    signals = count(visitor, SIGNALS, "signal", "verification")
    unowned = count(visitor, UNOWNED, "task", "outreach", "accountability")
    findings = count(visitor, FINDINGS, "finding", "accountability", "inspection")
    approvals = count(visitor, APPROVALS, "approval", "administration")
    pairs = count(visitor, PAIRS, "person_alias", "linking")
    yield Waiting(signals.get("raised", 0), "signals to be verified or dismissed", "/signals?status=raised")
    yield Waiting(
        signals.get("unanswered", 0), "verified signals without a response", "/signals?status=verified", is_late=True
    )
    yield Waiting(tasks.get("late", 0), "tasks past their deadline", "/work?late=yes", is_late=True)
    yield Waiting(unowned.get("unowned", 0), "tasks of a unit with nobody on duty", "/work/units", is_late=True)
    yield Waiting(tasks.get("unseen", 0), "tasks not yet acknowledged", "/work?status=open")
    yield Waiting(orders.get("drafted", 0), "orders waiting for a signature", "/orders?status=drafted")
    yield Waiting(orders.get("to_review", 0), "orders due for review", "/orders?status=signed", is_late=True)
    yield Waiting(orders.get("ending", 0), "orders that end today by themselves", "/orders?status=signed")
    yield Waiting(findings.get("late", 0), "findings past their deadline", "/scorecards", is_late=True)
    yield Waiting(pairs.get("open", 0), "pairs to be decided: one person or two", "/links")
    yield Waiting(approvals.get("waiting", 0), "proposals waiting for a second officer", "/policy")


def _read_whole(visitor: Visitor) -> account.Overview | None:
    """Counts of everything; None for whoever may not see all that is counted."""
    if not all(visitor.opens(table, "accountability") for table in WHOLE):
        return None
    return account.read_shown_overview(visitor.store.desk, scope=visitor.scope("accountability"), policy=visitor.policy)


def _follow_up(visitor: Visitor) -> list[tuple[str, int]]:
    scope = open_first(visitor, "follow_up", "follow_up", "accountability")
    if scope is None:
        return []
    return [(row.status, row.n) for row in visitor.store.desk.rows(FOLLOW_UP, scope=scope, day=visitor.today)]


def _missing(visitor: Visitor) -> list[tuple[str, int]] | None:
    """The feeds that are late today; None for whoever is not told."""
    scope = open_first(visitor, "batch", "receiving", "accountability")
    if scope is None:
        return None
    midnight = visitor.store.clock.midnight(visitor.today)
    bound = {"week_ago": to_us(visitor.now) - WEEK_US, "midnight": to_us(midnight)}
    return [(row.feed, row.last_at) for row in visitor.store.desk.rows(MISSING, scope=scope, **bound)]
