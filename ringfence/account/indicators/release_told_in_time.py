"""How many were told in time that they are released (policy 2.4)."""

from ringfence.account.indicator import Count, Indicator
from ringfence.account.period import Period
from ringfence.account.releases import TOLD_WITHIN, read_releases
from ringfence.store import Act


def declare() -> Indicator:
    """The indicator."""
    return Indicator(
        key="release_told_in_time",
        clause="2.4",
        title="Release told in time",
        numerator="of them, those who were told within the limit",
        denominator="people released from their last order whose limit ended on the day",
        clock="from eligible for release (the order ended, or its last day over) to told so",
        limit=TOLD_WITHIN,
        count=count,
    )


def count(act: Act, period: Period) -> list[Count]:
    """How many were told in time, and were to be, in each area."""
    releases = read_releases(act, period)
    is_due = (releases.due_at >= period.start) & (releases.due_at < period.until)
    return releases.count(numerator=is_due & (releases.told_at <= releases.due_at), denominator=is_due)
