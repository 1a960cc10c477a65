"""Windows in local days: when a case could infect, when it was infected, a contact's days (policy 2.2, 2.4)."""

from dataclasses import dataclass

from ringfence.policy.protocol import MeasureStep, Protocol, RingPlan, Tier
from ringfence.terms import Case, Clock, Window, WindowBasis


@dataclass(frozen=True, kw_only=True)
class CaseDays:
    """The local days a window can stand on; `isolated_day` is the day isolation took effect."""

    reported_day: int
    onset_day: int | None = None
    sampled_day: int | None = None
    isolated_day: int | None = None

    @classmethod
    def of(cls, case: Case, *, clock: Clock) -> "CaseDays":
        """The days of a case."""
        return cls(
            reported_day=clock.day_of(case.reported_at),
            onset_day=case.onset_day,
            sampled_day=None if case.sampled_at is None else clock.day_of(case.sampled_at),
            isolated_day=None if case.isolated_at is None else clock.day_of(case.isolated_at),
        )

    @property
    def stands_on(self) -> tuple[WindowBasis, int]:
        """The best date there is, and its day."""
        if self.onset_day is not None:
            return WindowBasis.ONSET, self.onset_day
        if self.sampled_day is not None:
            return WindowBasis.SAMPLING, self.sampled_day
        return WindowBasis.REPORT, self.reported_day


@dataclass(frozen=True)
class BasedWindow:
    """A window, or None where nobody was at risk, with the date it stands on."""

    window: Window | None
    basis: WindowBasis


def infectious_window(days: CaseDays, *, protocol: Protocol) -> BasedWindow:
    """The days on which a case could infect others, the day of isolation included; it ends at isolation at the latest.

    The window is None for a case isolated before it became infectious.
    """
    basis, day = days.stands_on
    reach = protocol.infectious[basis]
    first, last = day - reach.days_before, day + reach.days_after
    if days.isolated_day is not None:
        last = min(last, days.isolated_day)
    return BasedWindow(Window(first, last) if first <= last else None, basis)


def source_window(days: CaseDays, *, protocol: Protocol) -> BasedWindow:
    """The days on which a case was probably infected: onset minus the longest to onset minus the shortest incubation.

    An unknown onset may lie before the date the window stands on, by as many days as that date's infectious window
    begins earlier than onset's own: the source window opens that much earlier and closes as if onset were that day.
    """
    basis, day = days.stands_on
    slack = protocol.infectious[basis].days_before - protocol.infectious[WindowBasis.ONSET].days_before
    first = day - slack - protocol.incubation.max_days
    return BasedWindow(Window(first, day - protocol.incubation.min_days), basis)


def follow_up_window(day_zero: int, *, plan: RingPlan) -> Window:
    """The days a contact is followed; `day_zero` is the last unprotected exposure: a later one moves the end."""
    return Window(day_zero, day_zero + plan.follow_up_days)


@dataclass(frozen=True)
class DatedMeasure:
    """A step of a contact's measures with its days and the days of its tests."""

    step: MeasureStep
    window: Window
    test_days: tuple[int, ...]


def date_measures(day_zero: int, *, plan: RingPlan, tier: Tier) -> tuple[DatedMeasure, ...]:
    """The measures one after the other; the first runs from the day after `day_zero`, the last unprotected exposure."""
    dated = []
    before = day_zero
    for step in plan.measures[tier]:
        tests = tuple(before + day for day in step.test_days)
        dated.append(DatedMeasure(step, Window(before + 1, before + step.days), tests))
        before += step.days
    return tuple(dated)
