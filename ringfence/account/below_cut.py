"""Counts of those below the cut, as they are told to whoever may not trace: nobody can list these people (policy 6.4).

One frame for all: the hierarchy, and under each area its signals. A reader's areas and a signal's ring are cells of it.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import pyarrow as pa

from ringfence.account.rollup import lead_up
from ringfence.account.suppression import COUNTS, suppress
from ringfence.policy import Policy
from ringfence.store import Desk, Scope

SUPPRESS_BELOW = "count.suppress_below"

BELOW_CUT = """
select s.signal_id, s.area_path, b.status, cast(sum(b.row_count) as bigint) as people
from exposure_below_cut b join visible_signal s on s.signal_id = b.signal_id
group by s.signal_id, s.area_path, b.status
order by s.signal_id, b.status
"""


@dataclass(frozen=True)
class BelowCut:
    """Numbers of a status (counted, retracted) by area path, and by signal; None where they are not to be told."""

    by_path: Mapping[tuple[str, str], int | None]
    paths: Mapping[int, str]

    def within(self, areas: tuple[str, ...], *, status: str) -> int | None:
        """How many in some areas of a reader, none of which lies in another."""
        return self._sum([path for area in areas for path in self._cells(area)], status)

    def of_signal(self, signal_id: int, *, status: str) -> int | None:
        """How many of one signal."""
        return self._sum([self.paths[signal_id]] if signal_id in self.paths else [], status)

    def _cells(self, area: str) -> list[str]:
        """The area's own cell; of everywhere, the cells that lie in no other."""
        return [area] if area else sorted({path.split("/")[0] + "/" for path in self.paths.values()})

    def _sum(self, paths: list[str], status: str) -> int | None:
        told = [self.by_path.get((path, status), 0) for path in paths]
        return None if None in told else sum(one for one in told if one is not None)


def read_below_cut(desk: Desk, *, policy: Policy) -> BelowCut:
    """What may be told, decided over the whole city."""
    rows = desk.rows(BELOW_CUT, scope=Scope.of_system())
    paths = {row.signal_id: f"{row.area_path}signal {row.signal_id}/" for row in rows}
    below = policy.integer(SUPPRESS_BELOW)
    by_path: dict[tuple[str, str], int | None] = {}
    for status in {row.status for row in rows}:
        counts = [
            {"area_path": path, "column": status, "n": row.people}
            for row in rows
            if row.status == status
            for path in lead_up(paths[row.signal_id])
        ]
        summed = pa.Table.from_pylist(counts, schema=COUNTS).group_by(["area_path", "column"]).aggregate([("n", "sum")])
        shown = suppress(summed.rename_columns({"n_sum": "n"}).select(COUNTS.names), below=below)
        by_path |= {(row["area_path"], status): row["n"] for row in shown.to_pylist()}
    return BelowCut(by_path, paths)
