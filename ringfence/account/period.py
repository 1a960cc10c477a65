"""The local day an account is given of, as far as it has passed (policy 7.3).

Whatever has a deadline is counted on the day its deadline falls on: only then is it known whether it was met, and a
day's figures stand once the day is over.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from ringfence.errors import InputRefused
from ringfence.policy import Policy
from ringfence.terms import Clock, calendar_day, to_us

MICROSECOND = timedelta(microseconds=1)


@dataclass(frozen=True, kw_only=True)
class Period:
    """A local day: from instant `start` up to, and without, `until`, in microseconds since 1970-01-01 UTC."""

    day: int
    start: int
    until: int
    policy: Policy
    clock: Clock

    @classmethod
    def of(cls, day: int, *, policy: Policy, clock: Clock, now: datetime) -> "Period":
        """A local day up to `now` where it is still running; InputRefused for one that has yet to begin."""
        start, end = to_us(clock.midnight(day)), to_us(clock.midnight(day + 1))
        if to_us(now) < start:
            raise InputRefused("{day} has not begun; ask for a day up to today", day=calendar_day(day))
        return cls(day=day, start=start, until=min(end, to_us(now)), policy=policy, clock=clock)

    def limit(self, key: str) -> int:
        """A length of time of the day's policy, in microseconds."""
        return self.policy.hours(key, on=self.day) // MICROSECOND

    def bind(self, limit: str | None = None) -> dict[str, int]:
        """What the statements bind: `day`, `start`, `until`, and with a limit `limit`, `since` and `before`.

        A clock that began from `since` on and before `before` ran out within the period.
        """
        bound = {"day": self.day, "start": self.start, "until": self.until}
        if limit is None:
            return bound
        length = self.limit(limit)
        return bound | {"limit": length, "since": self.start - length, "before": self.until - length}
