"""Released and not told: whoever may go waits behind the door (policy 2.4)."""

import numpy as np

from ringfence.account.gap import Gap, area_subject
from ringfence.account.period import Period
from ringfence.account.releases import HOUR, NEVER, read_releases
from ringfence.store import Act
from ringfence.terms import Reason, ReasonCode


def check(act: Act, period: Period) -> list[Gap]:
    """One gap an area: how many wait beyond the limit, and how many hours begun in all."""
    releases = read_releases(act, period)
    is_waiting = (releases.told_at == NEVER) & (releases.due_at < period.until)
    hours = np.where(is_waiting, -(-(period.until - releases.due_at) // HOUR), 0)
    return [
        Gap(
            subject=area_subject(waited.area_path),
            clause="2.4",
            reason=Reason.of(ReasonCode.RELEASE_OVERDUE, count=waited.denominator, hours=waited.numerator),
            area_path=waited.area_path,
            seen_at=act.now,
        )
        for waited in releases.count(numerator=hours, denominator=is_waiting)
        if waited.denominator
    ]
