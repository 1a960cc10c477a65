"""Who is released from the last order and by when they must know, for the indicators and the gap check (policy 2.4)."""

from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from ringfence.account.indicator import Count
from ringfence.account.period import Period
from ringfence.store import Act
from ringfence.terms import to_us
from ringfence.work import find_released

TOLD_WITHIN = "release.told_within_hours"
HOUR = 3_600_000_000
NEVER = 2**62

Integers: TypeAlias = npt.NDArray[np.int64]

# Everything signed for anybody whose order is over; who was told before any limit of the period can have begun is of no
# interest to it.
SIGNED = """
select o.order_id, o.person_no, o.area_path, o.status, o.from_day, o.to_day, o.ended_at, o.release_told_at
from measure_order o
where o.signed_at is not null and o.person_no in (
    select e.person_no from measure_order e
    where (e.status in ('released', 'expired') or (e.status in ('signed', 'suspended') and e.to_day < :day))
        and (e.release_told_at is null or e.release_told_at >= :since)
)
"""


@dataclass(frozen=True, eq=False)
class Releases:
    """One entry a release: area path, instant by which the person must know, and when they were told, or NEVER."""

    area_paths: list[str]
    due_at: Integers
    told_at: Integers

    def count(self, *, numerator: npt.NDArray[Any], denominator: npt.NDArray[Any]) -> list[Count]:
        """Both, added up for each area."""
        paths, place = np.unique(np.array(self.area_paths, dtype=object), return_inverse=True)
        sums = [
            np.bincount(place, weights=each, minlength=paths.size).astype(np.int64) for each in (numerator, denominator)
        ]
        return [Count(str(path), int(n), int(d)) for path, n, d in zip(paths, *sums, strict=True)]


def read_releases(act: Act, period: Period) -> Releases:
    """The releases that began before the end of the period and were not told long before it."""
    signed = act.rows(SIGNED, **period.bind(TOLD_WITHIN))
    released = find_released(signed, clock=period.clock, today=period.day)
    rows = [row for row in signed if row.order_id in released]
    to_day = np.array([row.to_day for row in rows], dtype=np.int64)
    days, place = np.unique(to_day, return_inverse=True)
    over_at = np.array([to_us(period.clock.midnight(int(day) + 1)) for day in days], dtype=np.int64)[place]
    ended_at = _instants([row.ended_at for row in rows])
    return Releases(
        [row.area_path for row in rows],
        np.minimum(ended_at, over_at) + period.limit(TOLD_WITHIN),
        _instants([row.release_told_at for row in rows]),
    )


def _instants(values: list[int | None]) -> Integers:
    return np.array([NEVER if value is None else value for value in values], dtype=np.int64)
