"""The situation at the sentinels: what a day's counts say, who was silent, and the signals of both (4.1, 4.2)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

import pyarrow as pa

from ringfence import sentinel, signals
from ringfence.errors import PolicyRefused
from ringfence.policy import Policy
from ringfence.sentinel import Alarm, Direction, Expectation, Reporting, Series, Site, State
from ringfence.store import Act, Store
from ringfence.terms import Actor, SignalKind, Subject, SubjectKind, day_number, to_us

REPORTING = "reporting"
"""What a silent sentinel's signal is about: no disease, but whether anybody reports."""

NO_HOLIDAYS = "none"

# A signal that stands covers what goes on at its site: a wave is one signal a week, not one a day.
STANDING = """
select count(*) as many
from signal
where kind = 'aberration' and subject_kind = 'site' and subject_key = :site and disease = :syndrome
    and status <> 'dismissed' and raised_at >= :since
"""


@dataclass(frozen=True, kw_only=True)
class Situation:
    """A local day at the sentinels: sites, how each reports, series with their counts, alarms, how many were tested."""

    day: int
    sites: Mapping[str, Site]
    reporting: tuple[Reporting, ...]
    series: tuple[Series, ...]
    alarms: tuple[Alarm, ...]
    statuses: Mapping[str, int]

    def within(self, paths: Sequence[str]) -> "Situation":
        """The same for a reader of some areas: their sites, and what is noticed there."""
        sites = {key: site for key, site in self.sites.items() if site.area_path.startswith(tuple(paths))}
        return replace(
            self,
            sites=sites,
            reporting=tuple(one for one in self.reporting if one.site.site_id in sites),
            alarms=tuple(one for one in self.alarms if one.site.site_id in sites),
        )


@dataclass(frozen=True, kw_only=True)
class Watched:
    """What a day's watch came to; `signals` are the numbers of those raised or known."""

    situation: Situation
    observations: int
    signals: tuple[int, ...]


def read_situation(store: Store, *, policy: Policy) -> Situation:
    """The situation on the policy's local day, from counts alone; nothing is kept."""
    day = policy.day
    sites = {site.site_id: site for site in sentinel.read_sites(store.desk, clock=store.clock)}
    reports = _read_reports(store, policy) if sites else sentinel.REPORTS.empty_table()
    series = tuple(sentinel.lay_series(reports, today=day))
    holidays = read_holidays(policy)
    tested = sentinel.find_alarms(
        series,
        sites=sites,
        today=day,
        level=policy.number("sentinel.false_alarm_share"),
        is_holiday=day in holidays,
    )
    reporting = sentinel.watch_sites(
        reports, sites.values(), today=day, clock=store.clock, expectation=_expectation(policy, holidays)
    )
    return Situation(
        day=day,
        sites=sites,
        reporting=tuple(reporting),
        series=series,
        alarms=tested.alarms,
        statuses=tested.statuses,
    )


def watch_sentinels(store: Store, *, policy: Policy, actor: Actor, now: datetime) -> Watched:
    """Keep what is noticed on a local day, and raise a signal for each site with too much, and each that is silent.

    The same day again changes nothing; counts that were corrected since may add to it.
    """
    found = read_situation(store, policy=policy)
    within = policy.days("sentinel.detect_within_days")

    def keep(act: Act) -> Watched:
        kept = sum(_observe(act, found, now=now))
        raised = [_raise_alarm(act, one, since=now - timedelta(days=within)) for one in found.alarms]
        raised += [_raise_silence(act, one) for one in found.reporting if one.state is State.SILENT]
        act.note("sentinels.watched", count=len(found.sites), alarms=len(found.alarms))
        return Watched(situation=found, observations=kept, signals=tuple(filter(None, raised)))

    return store.act(keep, actor=actor, now=now)


def read_holidays(policy: Policy) -> frozenset[int]:
    """The local day numbers of holidays; PolicyRefused where the policy names none that can be read."""
    told = policy.text("sentinel.holidays")
    try:
        return frozenset(day_number(date.fromisoformat(one)) for one in told.split() if one != NO_HOLIDAYS)
    except ValueError as error:
        raise PolicyRefused(
            "sentinel.holidays has '{found}': write days as 2022-06-28 with blanks between", found=told
        ) from error


def _read_reports(store: Store, policy: Policy) -> pa.Table:
    return sentinel.read_reports(store.lake, days=(policy.day - policy.days("sentinel.history_days"), policy.day))


def _expectation(policy: Policy, holidays: frozenset[int]) -> Expectation:
    return Expectation(
        silent_after=policy.days("sentinel.report_every_days"),
        complete_from=policy.number("sentinel.complete_share"),
        timely_within_days=policy.days("sentinel.timely_within_days"),
        timely_from=policy.number("sentinel.timely_share"),
        holidays=holidays,
    )


def _observe(act: Act, found: Situation, *, now: datetime) -> list[int]:
    """Put on record what is noticed of counts and of reporting, once for each syndrome and day."""
    kept = [
        signals.put_observations(act, [one.observe(now=now)], origin=f"sentinel:{one.syndrome}:{one.day}")
        for one in found.alarms
    ]
    noticed = [seen for one in found.reporting if (seen := one.observe(now=now)) is not None]
    return [*kept, signals.put_observations(act, noticed, origin=f"sentinel:{found.day}")]


def _raise_alarm(act: Act, alarm: Alarm, *, since: datetime) -> int | None:
    """The signal of an alarm; none for a count that is too low, nor where one already stands."""
    if alarm.direction is Direction.BELOW:
        return None
    origin = f"sentinel:{alarm.site.site_id}:{alarm.syndrome}:{alarm.day}"
    known = signals.read_by_origin(act, origin)
    [standing] = act.rows(STANDING, site=alarm.site.site_id, syndrome=alarm.syndrome, since=to_us(since))
    if known is None and standing.many:
        return None
    return signals.raise_signal(
        act,
        kind=SignalKind.ABERRATION,
        subject=Subject(SubjectKind.SITE, alarm.site.site_id),
        disease=alarm.syndrome,
        area_path=alarm.site.area_path,
        reason=alarm.reason,
        origin=origin,
    ).signal_id


def _raise_silence(act: Act, silent: Reporting) -> int | None:
    """The signal of a silent site: one for the whole silence since its last report."""
    observed = silent.observe(now=act.now)
    if observed is None:
        return None
    return signals.raise_signal(
        act,
        kind=SignalKind.SILENT_SENTINEL,
        subject=observed.subject,
        disease=REPORTING,
        area_path=silent.site.area_path,
        reason=observed.reason,
        origin=f"silent:{silent.site.site_id}:{silent.last_day if silent.last_day is not None else 'never'}",
    ).signal_id
