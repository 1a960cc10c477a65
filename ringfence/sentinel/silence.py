"""Silent and slow sentinels: missing is not zero, and no report is itself an alarm (policy 4.1, 4.4).

A site is expected on the days of the week it used to report on: a clinic that rests on Sundays and a school that
tells of a week on Mondays are late only when they are. Holidays expect nobody. Indicators: ECDC (2014), Data quality
monitoring and surveillance system evaluation, chapter 4 (completeness, timeliness).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

import numpy as np
import pyarrow as pa

from ringfence.sentinel.counts import Points, Truths
from ringfence.sentinel.reports import EPOCH_WEEKDAY, WEEK, Site
from ringfence.terms import Clock, Observation, Reason, ReasonCode, Subject, SubjectKind, from_us

HABIT_DAYS = 56
"""Eight weeks say on which days of the week a site reports."""

RECENT_DAYS = 28
"""Over which completeness and timeliness are told."""

USUAL = 0.5
"""The share of its Mondays from which on a site is expected on Mondays."""


class State(StrEnum):
    """How a site stands with its reports, the gravest first."""

    SILENT = "silent"
    LATE = "late"
    FALLING = "falling"
    SLOW = "slow"
    IN_ORDER = "in_order"


CODES = {
    State.SILENT: ReasonCode.SITE_SILENT,
    State.LATE: ReasonCode.SITE_LATE,
    State.FALLING: ReasonCode.SITE_FALLING,
    State.SLOW: ReasonCode.SITE_SLOW,
}


@dataclass(frozen=True, kw_only=True)
class Expectation:
    """From when on what is noticed: reports missed in a row before a site is silent, shares, and how many days late.

    `holidays` are local day numbers.
    """

    silent_after: int
    complete_from: float
    timely_within_days: int
    timely_from: float
    holidays: frozenset[int]


@dataclass(frozen=True, kw_only=True)
class Reporting:
    """How a site reports: its state, reports missed in a row up to today, and shares over the last weeks.

    `completeness` is reports over those expected, `timeliness` the share of them that came in time; None where nothing
    was expected or came. `last_day` is the last local day reported, None where there never was one.
    """

    site: Site
    state: State
    missed: int
    last_day: int | None
    completeness: float | None
    timeliness: float | None

    def observe(self, *, now: datetime) -> Observation | None:
        """What is noticed of it; None where all is in order."""
        if self.state is State.IN_ORDER:
            return None
        values = {"missed": self.missed, "complete": _percent(self.completeness), "timely": _percent(self.timeliness)}
        return Observation(
            subject=Subject(SubjectKind.SITE, self.site.site_id),
            reason=Reason.of(CODES[self.state], **values),
            observed_at=now,
            area_path=self.site.area_path,
        )


def watch_sites(
    reports: pa.Table, sites: Iterable[Site], *, today: int, clock: Clock, expectation: Expectation
) -> list[Reporting]:
    """How every site reports as of the end of a local day, from reports of the weeks before (schema REPORTS)."""
    days, delays = _read_days(reports, clock)
    nothing = np.empty(0, dtype=np.int64)
    return [
        _watch(site, days.get(site.site_id, nothing), delays.get(site.site_id, nothing), today=today, asked=expectation)
        for site in sites
    ]


def _read_days(reports: pa.Table, clock: Clock) -> tuple[Mapping[str, Points], Mapping[str, Points]]:
    """For each site the days that it reported, and by how many days after each it first did."""
    days: dict[str, dict[int, int]] = {}
    told = (reports[name].to_pylist() for name in ("site", "day", "first_reported_at"))
    for site, day, first_at in zip(*told, strict=True):
        delay = clock.day_of(from_us(first_at)) - day
        mine = days.setdefault(site, {})
        mine[day] = min(delay, mine.get(day, delay))
    return (
        {site: np.array(sorted(mine)) for site, mine in days.items()},
        {site: np.array([mine[day] for day in sorted(mine)]) for site, mine in days.items()},
    )


def _watch(site: Site, days: Points, delays: Points, *, today: int, asked: Expectation) -> Reporting:
    days, delays = days[days <= today], delays[: int((days <= today).sum())]
    last = int(days[-1]) if len(days) else None
    since = (last if last is not None else max(site.since_day, today - RECENT_DAYS) - 1) + 1
    expected = expected_days(days, span=(min(since, today - RECENT_DAYS + 1), today), holidays=asked.holidays)
    missed = int((expected >= since).sum())
    first = int(days[0]) if len(days) else site.since_day
    recent = expected[(expected > today - RECENT_DAYS) & (expected >= first)]
    came = days > today - RECENT_DAYS
    completeness = float(np.isin(recent, days).mean()) if len(recent) else None
    timeliness = float((delays[came] <= asked.timely_within_days).mean()) if came.any() else None
    state = _judge(missed, completeness, timeliness, asked)
    return Reporting(
        site=site, state=state, missed=missed, last_day=last, completeness=completeness, timeliness=timeliness
    )


def expected_days(days: Points, *, span: tuple[int, int], holidays: frozenset[int]) -> Points:
    """The days of a span that a site should have reported, by its habit before it fell silent.

    Habit is read from the eight weeks before the last report, or all there are; who has reported less than a week is
    expected every day.
    """
    every = np.arange(span[0], span[1] + 1)
    usual = _find_habit(days, holidays)
    is_expected = usual[(every + EPOCH_WEEKDAY) % WEEK] & ~np.isin(every, list(holidays))
    return np.asarray(every[is_expected])


def _find_habit(days: Points, holidays: frozenset[int]) -> Truths:
    if not len(days) or days[-1] - days[0] < WEEK:
        return np.ones(WEEK, dtype=bool)
    first = max(int(days[0]), int(days[-1]) - HABIT_DAYS + 1)
    window = np.arange(first, int(days[-1]) + 1)
    window = window[~np.isin(window, list(holidays))]
    weekday = (window + EPOCH_WEEKDAY) % WEEK
    possible = np.bincount(weekday, minlength=WEEK)
    reported = np.bincount(weekday, weights=np.isin(window, days), minlength=WEEK)
    return np.asarray(reported >= USUAL * np.maximum(possible, 1))


def _judge(missed: int, completeness: float | None, timeliness: float | None, asked: Expectation) -> State:
    if missed > asked.silent_after:
        return State.SILENT
    if missed:
        return State.LATE
    if completeness is not None and completeness < asked.complete_from:
        return State.FALLING
    return State.SLOW if timeliness is not None and timeliness < asked.timely_from else State.IN_ORDER


def _percent(share: float | None) -> int:
    return round(100 * share) if share is not None else 0
