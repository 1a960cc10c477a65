"""The epidemic curve: cases by day of onset, or of the sample or report where no onset is known (policy 2.2)."""

from collections import Counter
from collections.abc import Mapping
from functools import lru_cache

import altair as alt

from ringfence.console.charts.dress import AMBER, QUIET, RING, Specification, dress, fill
from ringfence.console.visitor import Visitor
from ringfence.store import Scope
from ringfence.terms import Language, calendar_day, from_us, say

CASES = """
select onset_day, sampled_at, reported_at
from visible_case_episode
where disease = :disease and classification <> 'no_case' and reported_at >= :since
order by case_id
"""

MOST_STEPS = 6

BASES = ("onset", "sampling", "report")


def draw_curve(visitor: Visitor, scope: Scope, *, disease: str, since: int) -> Mapping[str, object]:
    """Bars of one day each, coloured by what the day stands on; `since` is a local day number."""
    clock = visitor.store.clock
    begins = int(clock.midnight(since).timestamp()) * 1_000_000
    rows = [
        {"day": calendar_day(day).isoformat(), "basis": visitor.say(basis)}
        for day, basis in (
            (row.onset_day, BASES[0])
            if row.onset_day is not None
            else (clock.day_of(from_us(row.sampled_at or row.reported_at)), BASES[1 if row.sampled_at else 2])
            for row in visitor.store.desk.rows(CASES, scope=scope, disease=disease, since=begins)
        )
    ]
    most = max(Counter(row["day"] for row in rows).values(), default=1)
    return fill(_figure(visitor.language, since=since, until=visitor.today + 1, most=most), cases=rows)


@lru_cache(maxsize=64)
def _figure(language: Language, *, since: int, until: int, most: int) -> Specification:
    """Of a language, the days of the axis' ends, and the most cases of a day."""
    words = [say(basis, {}, language) for basis in BASES]
    ends = [calendar_day(day) for day in (since, until)]
    span = [{"year": day.year, "month": day.month, "date": day.day, "utc": True} for day in ends]
    steps = list(range(0, most + 1, -(-most // MOST_STEPS)))
    bars = (
        alt.Chart(alt.NamedData("cases"))
        .mark_bar(size=5)
        .encode(
            x=alt.X(
                "day:T",
                timeUnit="utcyearmonthdate",
                title=None,
                axis=alt.Axis(format="%m-%d", grid=False, labelOverlap=True, labelSeparation=8),
                scale=alt.Scale(type="utc", domain=span),
            ),
            y=alt.Y("count():Q", title=say("cases", {}, language), axis=alt.Axis(values=steps, format="d")),
            color=alt.Color(
                "basis:N",
                title=say("by day of", {}, language),
                scale=alt.Scale(domain=words, range=[RING, AMBER, QUIET]),
            ),
            tooltip=[
                alt.Tooltip("day:N", title=say("day", {}, language)),
                alt.Tooltip("count():Q", title=say("cases", {}, language)),
            ],
        )
    )
    return dress(bars, height=180)
