"""Counts of those below the cut, as they are told to whoever may not trace: nobody can list these people (policy 6.4).

One frame for all: the hierarchy, under each area its signals, under each signal the units that answer for its people,
and under each unit those to whom a message is proposed. Whatever is told anywhere of them is a cell of it.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import NamedTuple

import pyarrow as pa

from ringfence.account.rollup import lead_up
from ringfence.account.suppression import COUNTS, suppress
from ringfence.policy import Policy
from ringfence.store import Desk, Scope
from ringfence.work import list_proposed_messages

SUPPRESS_BELOW = "count.suppress_below"

BELOW_CUT = """
select s.signal_id, s.area_path, b.status, coalesce(b.owner, '') as owner,
    cast(sum(b.row_count) as bigint) as people,
    cast(sum(case when b.message_proposed_at is null then 0 else b.row_count end) as bigint) as proposed
from exposure_below_cut b join visible_signal s on s.signal_id = b.signal_id
group by s.signal_id, s.area_path, b.status, coalesce(b.owner, '')
order by s.signal_id, b.status, coalesce(b.owner, '')
"""


@dataclass(frozen=True)
class BelowCut:
    """Numbers of a status (counted, retracted) by path of the frame; None where they are not to be told.

    `paths` has where each signal lies. What is retracted is nobody's to tell any more and has no units.
    """

    by_path: Mapping[tuple[str, str], int | None]
    paths: Mapping[int, str]

    def within(self, areas: tuple[str, ...], *, status: str) -> int | None:
        """How many in some areas of a reader, none of which lies in another."""
        return self._sum([path for area in areas for path in self._cells(area)], status)

    def of_signals(self, signals: Iterable[int], *, status: str) -> int | None:
        """How many of some signals together."""
        return self._sum([self.paths[signal] for signal in signals if signal in self.paths], status)

    def of_unit(self, signal: int, unit: str) -> int | None:
        """How many of a signal some unit answers for."""
        return self._sum([_unit(self.paths[signal], unit)], "counted")

    def proposed(self, signal: int, unit: str) -> int | None:
        """How many of a signal some unit is to tell."""
        return self._sum([_proposed(self.paths[signal], unit)], "counted")

    def _cells(self, area: str) -> list[str]:
        """The area's own cell; of everywhere, the cells that lie in no other."""
        return [area] if area else sorted({path.split("/")[0] + "/" for path in self.paths.values()})

    def _sum(self, paths: list[str], status: str) -> int | None:
        told = [self.by_path.get((path, status), 0) for path in paths]
        return None if None in told else sum(one for one in told if one is not None)


@dataclass(frozen=True, kw_only=True)
class ShownMessages:
    """What a unit is to tell because of one signal, and to how many; None where these are too few to be told."""

    signal_id: int
    owner: str
    people: int | None
    proposed_at: datetime


def read_below_cut(desk: Desk, *, policy: Policy) -> BelowCut:
    """What may be told, decided over the whole city."""
    groups = tuple(_Group(**row._asdict()) for row in desk.rows(BELOW_CUT, scope=Scope.of_system()))
    return _decide(groups, below=policy.integer(SUPPRESS_BELOW))


def read_shown_messages(desk: Desk, *, scope: Scope, policy: Policy) -> list[ShownMessages]:
    """What the units of the reader's areas are to tell, the oldest proposal first."""
    told = read_below_cut(desk, policy=policy)
    return [
        ShownMessages(
            signal_id=one.signal_id,
            owner=one.owner,
            people=told.proposed(one.signal_id, one.owner),
            proposed_at=one.proposed_at,
        )
        for one in list_proposed_messages(desk, scope=scope)
    ]


class _Group(NamedTuple):
    """People of a signal for whom one unit answers, and how many of them it is to tell."""

    signal_id: int
    area_path: str
    status: str
    owner: str
    people: int
    proposed: int

    @property
    def signal_path(self) -> str:
        return f"{self.area_path}signal {self.signal_id}/"

    def cells(self) -> Iterator[tuple[str, int]]:
        """The lowest cells that these lie in, and how many in each."""
        if self.status != "counted":
            yield self.signal_path, self.people
            return
        yield _unit(self.signal_path, self.owner), self.people - self.proposed
        if self.proposed:
            yield _proposed(self.signal_path, self.owner), self.proposed


@lru_cache(maxsize=4)
def _decide(groups: tuple[_Group, ...], *, below: int) -> BelowCut:
    """Decided once while nothing changes: every view of a ring asks, and a large city takes a tenth of a second."""
    by_path: dict[tuple[str, str], int | None] = {}
    for status in {group.status for group in groups}:
        counts = [
            {"area_path": path, "column": status, "n": people}
            for group in groups
            if group.status == status
            for lowest, people in group.cells()
            for path in lead_up(lowest)
        ]
        summed = pa.Table.from_pylist(counts, schema=COUNTS).group_by(["area_path", "column"]).aggregate([("n", "sum")])
        shown = suppress(summed.rename_columns({"n_sum": "n"}).select(COUNTS.names), below=below)
        by_path |= {(row["area_path"], status): row["n"] for row in shown.to_pylist()}
    return BelowCut(by_path, {group.signal_id: group.signal_path for group in groups})


def _unit(signal_path: str, unit: str) -> str:
    """The cell of a unit; a solidus in its name would part the path."""
    return f"{signal_path}unit {unit.replace('/', '%2F')}/"


def _proposed(signal_path: str, unit: str) -> str:
    return f"{_unit(signal_path, unit)}proposed/"
