"""What a disease asks for, by edition: windows, rules, rings, measures, release (policy 2.2, 2.4)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from itertools import pairwise

from ringfence.errors import NotFound
from ringfence.policy.entries import Entry
from ringfence.policy.numbers import check_order, find_in_force
from ringfence.policy.rules import RuleUse
from ringfence.policy.schema import NAMED
from ringfence.terms import Measure, Ring, WindowBasis, calendar_day


class Tier(StrEnum):
    """How a listed person is reached; each word is also the kind of the task that does it (DESIGN: tiers)."""

    VISIT = "visit"
    CALL = "call"
    MESSAGE = "message"


@dataclass(frozen=True, kw_only=True)
class Incubation:
    """Days from infection to onset: the range that bounds the source window, and the mean."""

    min_days: int
    mean_days: float
    max_days: int
    source: str

    def check(self, entry: Entry) -> None:
        """PolicyRefused when the mean lies outside the range."""
        if not self.min_days <= self.mean_days <= self.max_days:
            raise entry.refuse("{where}: the mean must lie between the shortest and the longest; correct it")


@dataclass(frozen=True, kw_only=True)
class SerialInterval:
    """Days from the infector's onset to the infectee's."""

    mean_days: float
    sd_days: float
    source: str


@dataclass(frozen=True, kw_only=True)
class Reach:
    """Infectious days around a date, that day apart."""

    days_before: int
    days_after: int


@dataclass(frozen=True, kw_only=True)
class Contact:
    """What counts as having shared a place: minutes together, and minutes the air stays infectious afterwards."""

    minimum_minutes: int
    linger_minutes: int


@dataclass(frozen=True, kw_only=True)
class ReleaseRule:
    """When it ends: days since the last exposure (for a contact) or since the window's date (for a case), and tests."""

    days: int
    negative_tests: int
    hours_apart: int


@dataclass(frozen=True, kw_only=True)
class MeasureStep:
    """One measure for some days; `test_days` count from 1, the step's first day."""

    measure: Measure
    days: int
    test_days: tuple[int, ...] = ()

    def check(self, entry: Entry) -> None:
        """PolicyRefused for test days outside the step or out of order."""
        if any(not 1 <= day <= self.days for day in self.test_days):
            raise entry.refuse("{where}: a test day lies outside the measure's {days} days; correct it", days=self.days)
        if any(later <= earlier for earlier, later in pairwise(self.test_days)):
            raise entry.refuse("{where}: the test days are not in order; put them in order")


@dataclass(frozen=True, kw_only=True)
class RingPlan:
    """What a ring gets: when its follow-up ends, and the measures one after the other, by how the person is reached."""

    release: ReleaseRule
    measures: Mapping[Tier, tuple[MeasureStep, ...]]

    @property
    def follow_up_days(self) -> int:
        """Days of follow-up, counted from the last exposure: until the release rule can be met."""
        return self.release.days

    def check(self, entry: Entry) -> None:
        """PolicyRefused when a tier has no line, or a measure outlasts the follow-up (clause 2.3: nobody is lost)."""
        for tier in Tier:
            if tier not in self.measures:
                raise entry.refuse("{where} says nothing about {tier}; add it, or an empty list", tier=tier)
            if sum(step.days for step in self.measures[tier]) > self.follow_up_days:
                raise entry.refuse(
                    "{where}: the measures of {tier} outlast its follow-up of {days} days; lengthen that",
                    tier=tier,
                    days=self.follow_up_days,
                )


@dataclass(frozen=True, kw_only=True)
class Protocol:
    """One edition of one disease's protocol, in force from `from_day` until the next; `source` says who wrote it."""

    from_day: date = field(metadata=NAMED)
    edition: str
    source: str
    incubation: Incubation
    serial_interval: SerialInterval
    infectious: Mapping[WindowBasis, Reach]
    contact: Contact
    rules: Mapping[str, RuleUse]
    first_ring: RingPlan
    second_ring: RingPlan | None = None
    case_release: ReleaseRule

    def ring(self, ring: Ring) -> RingPlan:
        """The plan of a ring; NotFound when the edition traces no second one."""
        plan = self.first_ring if ring is Ring.FIRST else self.second_ring
        if plan is None:
            raise NotFound("the edition {edition} traces no second ring; ask for the first", edition=self.edition)
        return plan

    @property
    def second_ring_rules(self) -> tuple[str, ...]:
        """The rules by which contacts of contacts are traced."""
        return tuple(name for name, use in self.rules.items() if use.second_ring)

    def check(self, entry: Entry) -> None:
        """PolicyRefused for a date without a window, windows that narrow without an onset, or half a second ring."""
        for basis in WindowBasis:
            if basis not in self.infectious:
                raise entry.refuse("{where} has no infectious window by {basis}; add it", basis=basis)
            if self.infectious[basis].days_before < self.infectious[WindowBasis.ONSET].days_before:
                raise entry.refuse(
                    "{where}: the window by {basis} begins later than by onset; let it begin as early or earlier",
                    basis=basis,
                )
        if bool(self.second_ring_rules) != (self.second_ring is not None):
            raise entry.refuse("{where}: a second ring needs both a plan and a rule that carries it; add the other")


@dataclass(frozen=True, kw_only=True)
class Disease:
    """A disease with the editions of its protocol, oldest first."""

    key: str = field(metadata=NAMED)
    clause: str
    editions: Mapping[date, Protocol]

    def on(self, day: int) -> Protocol:
        """The edition in force on a local day; NotFound before the first."""
        edition = find_in_force(self.editions, day)
        if edition is None:
            raise NotFound(
                "the protocol of {disease} has no edition on {day}, its first is of {first}; publish an earlier one",
                disease=self.key,
                day=calendar_day(day),
                first=next(iter(self.editions)),
            )
        return edition

    def check(self, entry: Entry) -> None:
        """PolicyRefused for editions out of order."""
        check_order(entry.under("editions"))
