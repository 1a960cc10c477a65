"""Any sequence of disputes, answers and hours about one person's orders, against a model in plain Python.

While an answer is owed only the lighter measure holds; after the clock none does; and only somebody who decided nothing
of it, and late only a superior outside the unit, brings one back.
"""

import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import ClassVar, Protocol, TypeVar

import pytest
from fake_trace import EPIDEMIOLOGIST, Exposed, exposures, put_exposures, verified_signal
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from ringfence.access import add_user, grant_role
from ringfence.errors import RingfenceError
from ringfence.policy import Policy, Tier, read_in_force
from ringfence.store import Act, Scope, Store, open_store
from ringfence.terms import (
    SYSTEM,
    Actor,
    Contested,
    ContestedKind,
    DisputeGround,
    DisputeWay,
    Grant,
    Measure,
    Role,
)
from ringfence.work import (
    draft_orders,
    list_orders,
    orders_in_force,
    raise_dispute,
    raise_unanswered,
    reject_dispute,
    sign_order,
    uphold_dispute,
)

T = TypeVar("T")

PERSON, HOUR = 5, timedelta(hours=1)
EVERYTHING = Scope.of_system()
COUNTY, COLLEAGUE, CITY = Actor("county_officer@11"), Actor("colleague"), Actor("city_officer")
OFFICERS = [COUNTY, COLLEAGUE, CITY]
ABOVE = {COUNTY: {CITY}, COLLEAGUE: {CITY}, CITY: set[Actor]()}
"""Who stands outside and above each: two officers of one county share their unit, and nobody is above the city."""

LIGHTER = {
    Measure.CENTRAL_QUARANTINE: Measure.HOME_QUARANTINE,
    Measure.HOME_QUARANTINE: Measure.HEALTH_MONITORING,
    Measure.HEALTH_MONITORING: Measure.HEALTH_MONITORING,
    Measure.ISOLATION: Measure.ISOLATION,
}
"""The shipped policy, written down a second time."""


class Template(Protocol):
    """A deployment to be copied."""

    folder: Path


@dataclass
class Group:
    """The orders on one exposure with their last days: they are disputed, answered and released together."""

    orders: dict[int, int]
    signed_by: dict[int, Actor] = field(default_factory=dict)
    due_at: datetime | None = None
    dispute: int = 0
    is_released: bool = False
    was_rejected: bool = False
    is_lighter: bool = False

    def must_be_superior(self, now: datetime) -> bool:
        return self.due_at is not None and now >= self.due_at

    def may_answer(self, actor: Actor, now: datetime) -> bool:
        signers = set(self.signed_by.values())
        if actor in signers:
            return False
        return not self.must_be_superior(now) or all(actor in ABOVE[signer] for signer in signers)


class Disputes(RuleBasedStateMachine):
    """One person, two exposures, the orders on each, and three officers."""

    template: ClassVar[Path]
    begins_at: ClassVar[datetime]

    @initialize(signers=st.tuples(st.sampled_from(OFFICERS), st.sampled_from(OFFICERS)))
    def begin(self, signers: tuple[Actor, Actor]) -> None:
        self.folder = Path(tempfile.mkdtemp())
        shutil.copytree(self.template, self.folder / "deployment")
        self.store: Store = open_store(self.folder / "deployment")
        self.now = self.begins_at
        self.policy = Policy(read_in_force(self.store.desk, now=self.now), self.store.clock.day_of(self.now))
        self.act(self._hire, actor=Actor("administrator"))
        self.groups = [self._expose("first", days_ago=3), self._expose("second", days_ago=0)]
        for place, signer in enumerate(signers):
            self.sign(place, 0, signer)

    def _hire(self, act: Act) -> None:
        add_user(act, COLLEAGUE.actor_id)
        grant_role(act, COLLEAGUE.actor_id, Grant(role=Role.COUNTY_OFFICER, area_path="1/11/"))

    def _expose(self, origin: str, *, days_ago: int) -> Group:
        signal = verified_signal(self.store, now=self.now, origin=origin)
        row = Exposed(signal=signal, subject=PERSON, last_day=self.policy.day - days_ago)
        self.act(lambda act: put_exposures(act, exposures([row])), actor=EPIDEMIOLOGIST)

        def draft(act: Act) -> list[int]:
            return draft_orders(
                act,
                person_no=PERSON,
                disease="covid19",
                tier=Tier.VISIT,
                order_rules={"household"},
                policy=self.policy,
                clock=self.store.clock,
            )

        drafted = self.act(draft, actor=SYSTEM)
        ends = {one.order_id: one.to_day for one in list_orders(self.store.desk, scope=EVERYTHING)}
        return Group({order: ends[order] for order in drafted})

    def act(self, work: Callable[[Act], T], *, actor: Actor) -> T:
        return self.store.act(work, actor=actor, now=self.now)

    def attempt(self, work: Callable[[Act], T], *, actor: Actor) -> T | None:
        try:
            return self.act(work, actor=actor)
        except RingfenceError:
            return None

    # ------------------------------------------------------------------ what can happen

    @rule(place=st.integers(0, 1), turn=st.integers(0, 5), officer=st.sampled_from(OFFICERS))
    def sign_another(self, place: int, turn: int, officer: Actor) -> None:
        self.sign(place, turn, officer)

    def sign(self, place: int, turn: int, officer: Actor) -> None:
        group = self.groups[place]
        order = list(group.orders)[turn % len(group.orders)]
        signed = self.attempt(lambda act: sign_order(act, order, clock=self.store.clock), actor=officer)
        is_over = group.is_released or group.orders[order] < self.store.clock.day_of(self.now)
        may = not is_over and group.due_at is None and order not in group.signed_by
        assert (signed is not None) == may
        if may:
            group.signed_by[order] = officer

    @rule(place=st.integers(0, 1), turn=st.integers(0, 5))
    def contest(self, place: int, turn: int) -> None:
        group = self.groups[place]
        thing = Contested(ContestedKind.ORDER, list(group.orders)[turn % len(group.orders)])
        said = {"ground": DisputeGround.WRONG, "way": DisputeWay.PHONE, "policy": self.policy}
        dispute = self.attempt(lambda act: raise_dispute(act, thing, **said), actor=COUNTY)  # type: ignore[arg-type]
        assert (dispute is None) == group.is_released
        if dispute is not None and group.due_at is None:
            group.dispute, group.due_at = dispute.dispute_id, self.now + 24 * HOUR
            group.is_lighter = not group.was_rejected
        if dispute is not None:
            assert (dispute.dispute_id, dispute.due_at) == (group.dispute, group.due_at)

    @precondition(lambda self: any(group.due_at for group in self.groups))
    @rule(place=st.integers(0, 1), officer=st.sampled_from(OFFICERS), is_upheld=st.booleans())
    def answer(self, place: int, officer: Actor, is_upheld: bool) -> None:
        group = self.groups[place]
        if group.due_at is None:
            return
        number = group.dispute

        def say(act: Act) -> object:
            if is_upheld:
                return uphold_dispute(act, number, policy=self.policy, store=self.store)
            return reject_dispute(act, number)

        may = group.may_answer(officer, self.now)
        is_late = group.must_be_superior(self.now)
        assert (self.attempt(say, actor=officer) is not None) == may
        if not may:
            return
        if is_upheld:
            group.is_released = True
        else:
            group.was_rejected = True
            if is_late:
                group.signed_by = dict.fromkeys(group.signed_by, officer)
        group.due_at, group.is_lighter = None, False

    @rule(hours=st.sampled_from([1, 12, 23, 24]), looks=st.booleans())
    def hours_pass(self, hours: int, looks: bool) -> None:
        self.now += hours * HOUR
        if looks:
            self.act(raise_unanswered, actor=SYSTEM)

    # ------------------------------------------------------------------ what always holds

    @invariant()
    def in_force_is_what_somebody_signed_and_nobody_disputes_in_vain(self) -> None:
        if not hasattr(self, "groups"):
            return
        day = self.store.clock.day_of(self.now)
        found = {one.order_id: one for one in orders_in_force(self.store.desk, scope=EVERYTHING, day=day, now=self.now)}
        for group in self.groups:
            is_over = group.is_released or group.must_be_superior(self.now)
            for order in group.orders:
                if order in found:
                    assert order in group.signed_by
                    assert not is_over
                    one = found[order]
                    assert one.signed_by == group.signed_by[order].actor_id
                    assert one.holding == (LIGHTER[one.measure] if group.is_lighter else one.measure)

    def teardown(self) -> None:
        if hasattr(self, "store"):
            self.store.verify_ledger()
            self.store.close()
            shutil.rmtree(self.folder)


def run(template: Template, now: datetime, *, examples: int, steps: int) -> None:
    machine = type("Disputes", (Disputes,), {"template": template.folder, "begins_at": now})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )


@pytest.mark.parametrize("database", ["sqlite"], indirect=True, scope="session")
def test_no_sequence_keeps_a_measure_that_was_contested_in_vain(staffed_template: Template, now: datetime) -> None:
    run(staffed_template, now, examples=15, steps=15)


@pytest.mark.verify
@pytest.mark.parametrize("database", ["sqlite"], indirect=True, scope="session")
def test_no_long_sequence_does_either(staffed_template: Template, now: datetime) -> None:
    run(staffed_template, now, examples=100, steps=30)
