"""How many hours people waited on the day to be told that they are released (policy 2.4)."""

import numpy as np

from ringfence.account.indicator import Count, Indicator
from ringfence.account.period import Period
from ringfence.account.releases import HOUR, TOLD_WITHIN, read_releases
from ringfence.store import Act


def declare() -> Indicator:
    """The indicator."""
    return Indicator(
        key="release_overdue_hours",
        clause="2.4",
        title="Overdue hours until told of release",
        numerator="hours begun on the day in which somebody waited beyond the limit, added up over the people",
        denominator="people who waited beyond the limit on the day",
        clock="from the limit passed to told of release, or to the end of the day",
        limit=TOLD_WITHIN,
        more_is_better=False,
        count=count,
    )


def count(act: Act, period: Period) -> list[Count]:
    """Hours waited, and people who waited, in each area."""
    releases = read_releases(act, period)
    begins, ends = np.maximum(releases.due_at, period.start), np.minimum(releases.told_at, period.until)
    hours = -(-np.maximum(ends - begins, 0) // HOUR)
    return releases.count(numerator=hours, denominator=hours > 0)
