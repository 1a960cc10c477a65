"""The local days a trace has to see, and how long each of them is (policy 2.2)."""

from datetime import timedelta

import pyarrow as pa
import pyarrow.compute as pc

from ringfence.terms import Clock, to_us
from ringfence.trace.settings import RuleSettings

LOCAL_DAYS = pa.schema([("day", pa.int64()), ("starts_s", pa.int64()), ("length_s", pa.int64())])
"""Local days: seconds from 1970-01-01 UTC to local midnight, and how many seconds the day has."""

SECOND = timedelta(seconds=1)


def visible_days(sources: pa.Table, *, settings: RuleSettings, clock: Clock, until_day: int) -> range:
    """The days that a trace of some cases (SOURCES) has to see.

    They reach from the first window to the last or to `until_day`, and on both sides as far as air may linger and two
    records may lie apart.
    """
    bounds = [pc.min(sources.column("first_day")).as_py(), pc.max(sources.column("last_day")).as_py(), until_day]
    days = [day for day in bounds if day is not None]
    linger = timedelta(minutes=settings.linger_minutes)
    first = clock.day_of(clock.midnight(min(days)) - linger)
    last = clock.day_of(clock.midnight(max(days) + 1) + linger - SECOND)
    return range(first - settings.days_apart, last + settings.days_apart + 1)


def local_days(days: range, *, clock: Clock) -> pa.Table:
    """Some days as the deployment's clock has them (LOCAL_DAYS)."""
    starts = [to_us(clock.midnight(day)) // 1_000_000 for day in days]
    return pa.table([list(days), starts, [clock.seconds_in(day) for day in days]], schema=LOCAL_DAYS)
