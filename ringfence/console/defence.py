"""The lines of defence today, each in a few numbers: gates, screening, the cold chain, sentinels (policy 1.3, 7.3).

Every number is one of rows that the reader could list. At the lanes that is each check and its verdict; upward it is
what gates reported since midnight, of periods that were over, and that has no verdict but admitted or not.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from ringfence.console.counts import count
from ringfence.console.visitor import Visitor

CHECKED = """
select count(distinct p.passage_id) as passages,
    count(*) filter (where o.verdict = 'admit') as admitted,
    count(*) filter (where o.verdict = 'recheck') as rechecked,
    count(*) filter (where o.verdict = 'refuse') as refused,
    count(*) filter (where o.verdict = 'unreadable') as unreadable
from visible_passage p join passage_occupant o on o.passage_id = p.passage_id
where p.passed_at >= :midnight
"""

REPORTED = """
select coalesce(sum(passages), 0) as reported, coalesce(sum(admitted), 0) as admitted,
    coalesce(sum(not_admitted), 0) as not_admitted, coalesce(sum(emergencies), 0) as emergencies,
    coalesce(sum(late), 0) as late
from visible_arrival_report where recorded_at >= :midnight
"""

POOLS = """
select count(*) filter (where sampled_at >= :midnight) as sampled,
    count(*) filter (where status = 'pending') as pending,
    count(*) filter (where status = 'positive') as positive
from visible_sample_pool
"""

LOTS = """
select count(*) filter (where raised_at >= :midnight) as raised,
    count(*) filter (where status = 'raised') as undecided,
    count(*) filter (where status = 'verified') as verified
from visible_signal where kind in ('positive_lot', 'excursion')
"""

ALARMS = """
select count(*) filter (where kind = 'aberration' and raised_at >= :midnight) as alarms,
    count(*) filter (where kind = 'silent_sentinel' and raised_at >= :midnight) as silences,
    count(*) filter (where status = 'raised') as undecided
from visible_signal where kind in ('aberration', 'silent_sentinel')
"""


@dataclass(frozen=True)
class Told:
    """What a number is of, and whether somebody has to look at it wherever it is not zero."""

    sentence: str
    is_late: bool = False


TOLD = {
    "passages": Told("passages today"),
    "reported": Told("passages reported today"),
    "admitted": Told("travellers admitted"),
    "rechecked": Told("to be checked again"),
    "refused": Told("refused", is_late=True),
    "unreadable": Told("with nothing that could be read"),
    "not_admitted": Told("not admitted at once"),
    "emergencies": Told("let through in an emergency"),
    "late": Told("reported late", is_late=True),
    "sampled": Told("pools sampled today"),
    "pending": Told("pools without a result"),
    "positive": Told("positive pools being resolved", is_late=True),
    "raised": Told("signals of lots today"),
    "verified": Told("verified lots in all"),
    "alarms": Told("alarms today"),
    "silences": Told("sites fallen silent today"),
    "undecided": Told("signals not decided yet", is_late=True),
}


@dataclass(frozen=True, kw_only=True)
class Line:
    """A line of defence: its name, and its numbers by name."""

    title: str
    numbers: Mapping[str, int]


def read_lines(visitor: Visitor) -> list[Line]:
    """The lines whose numbers are the visitor's to see."""
    return [line for line in _count_lines(visitor) if line.numbers]


def _count_lines(visitor: Visitor) -> Iterator[Line]:
    checked = count(visitor, CHECKED, "passage", "gate_check")
    yield Line(title="Gates", numbers=checked or count(visitor, REPORTED, "arrival_report", "accountability"))
    yield Line(title="Screening", numbers=count(visitor, POOLS, "sample_pool", "verification"))
    yield Line(title="Cold chain", numbers=count(visitor, LOTS, "signal", "verification", "accountability"))
    alarms = count(visitor, ALARMS, "signal", "surveillance", "verification", "accountability")
    yield Line(title="Sentinels", numbers=alarms)
