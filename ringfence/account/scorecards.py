"""Scorecards: every indicator of a local day, for every area of the hierarchy (policy 7.3)."""

from collections.abc import Mapping

import pyarrow as pa

from ringfence.account.indicator import read_indicators
from ringfence.account.period import Period
from ringfence.account.rights import check_may_run
from ringfence.account.rollup import roll_up
from ringfence.policy import Policy
from ringfence.store import Act, Desk, Scope
from ringfence.terms import Area, Clock, to_us

CLEAR_DAY = "delete from scorecard where day = :day"

INSERT_SCORE = """
insert into scorecard (day, area_path, indicator, numerator, denominator, recorded_at)
values (:day, :area_path, :indicator, :numerator, :denominator, :recorded_at)
"""

SCORES = """
select area_path, indicator, numerator, denominator
from visible_scorecard
where day = :day
order by area_path, indicator
"""

SCORECARD = pa.schema(
    [
        ("area_path", pa.string()),
        ("indicator", pa.string()),
        ("numerator", pa.int64()),
        ("denominator", pa.int64()),
    ]
)
"""One row an area and indicator; a denominator of 0 says that there was nothing to judge."""


def write_scorecard(act: Act, day: int, *, policy: Policy, areas: Mapping[str, Area], clock: Clock) -> int:
    """Write the scorecard of a local day, in place of an earlier one of that day; how many rows it has.

    A day that still runs is accounted for up to now. NotAllowed for who may not run the account of all areas.
    """
    check_may_run(act, areas=areas)
    period = Period.of(day, policy=policy, clock=clock, now=act.now)
    paths = [area.path for area in areas.values()]
    rows = [
        {"indicator": key, "area_path": path, "numerator": numerator, "denominator": denominator}
        for key, indicator in read_indicators().items()
        for path, (numerator, denominator) in roll_up(indicator.count(act, period), area_paths=paths).items()
    ]
    written = {"day": day, "recorded_at": to_us(act.now)}
    act.run(CLEAR_DAY, day=day)
    act.run_many(INSERT_SCORE, [row | written for row in rows])
    act.note("scorecard.written", subject=f"day:{day}", count=len(rows))
    return len(rows)


def read_scorecard(desk: Desk, day: int, *, scope: Scope) -> pa.Table:
    """The scorecard of a local day in the reader's areas (schema SCORECARD); empty where none was written."""
    rows = desk.rows(SCORES, scope=scope, day=day)
    return pa.Table.from_pylist([row._asdict() for row in rows], schema=SCORECARD)
