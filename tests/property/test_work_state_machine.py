"""Any sequence of signals, lists, steps, decisions and days, against a model in plain Python.

Found is listed, below the cut or retracted, by id; no order is in force unsigned or past its end, and none is drafted
on a link that is not certain unless somebody was at the door; every open task has an owner on the roster and a
deadline.
"""

import shutil
import tempfile
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import ClassVar, Protocol, TypeVar

import pyarrow as pa
import pytest
from fake_trace import EPIDEMIOLOGIST, SAID, Exposed, exposures, put_exposures, verified_signal, withdraw
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

from ringfence.errors import RingfenceError
from ringfence.policy import Policy, Tier, read_in_force
from ringfence.store import Act, Scope, Store, open_store
from ringfence.terms import SYSTEM, Actor, Duty, Level, Outcome, Unit
from ringfence.work import (
    acknowledge_tasks,
    close_tasks,
    dispatch_exposures,
    draft_orders,
    escalate_tasks,
    expire_orders,
    open_tasks,
    orders_in_force,
    put_duties,
    put_units,
    read_roster,
    read_standing,
    release_for_signal,
    release_order,
    revise_follow_up,
    run_day,
    sign_order,
    start_follow_up,
    withdraw_for_signal,
)

T = TypeVar("T")
Pair = tuple[int, int]
"""A signal and a person."""

Person = tuple[int, float, str, bool]
"""Number, weight, area path, and whether the link is certain."""

PATHS = ["1/11/111/", "1/12/121/"]
DOOR = frozenset({"visit", "call"})
ADMINISTRATOR, OFFICER, OTHER, WORKER = (
    Actor(name) for name in ("administrator", "city_officer", "county_officer", "grid_worker")
)
EVERYTHING = Scope.of_system()

TASKS = "select task_id, subject_key, owner, due_at, status, level from visible_task order by task_id"
BASES = """
select b.task_id, b.signal_id, t.subject_key, t.kind from task_basis b join visible_task t on t.task_id = b.task_id
"""
UNITS = "select unit_id from visible_unit"
EXPOSURES = "select signal_id, subject_key, status from visible_exposure"
ORDERS = "select order_id, person_no, signal_id, from_day, to_day, status, signed_by from visible_measure_order"
FOLLOW_UPS = "select person_no, status, to_day from visible_follow_up"


PEOPLE = st.lists(
    st.tuples(
        st.integers(1, 8),
        st.sampled_from([0.5, 1.0, 2.0]),
        st.sampled_from(PATHS),
        st.sampled_from([True, True, True, False]),
    ),
    min_size=1,
    max_size=6,
    unique_by=lambda one: one[0],
)


SIGNERS = st.lists(st.sampled_from([SYSTEM, OTHER, OFFICER, WORKER]), min_size=1, max_size=4)


class Template(Protocol):
    """A deployment to be copied."""

    folder: Path


class Response(RuleBasedStateMachine):
    """A small city in which signals come and go."""

    template: ClassVar[Path]
    begins_at: ClassVar[datetime]

    @initialize(capacity=st.integers(1, 3), people=PEOPLE, days_ago=st.integers(0, 12))
    def begin_with_a_signal(self, capacity: int, people: list[Person], days_ago: int) -> None:
        self.staff(capacity)
        self.raise_a_signal_and_respond(people, days_ago)

    def staff(self, capacity: int) -> None:
        self.folder = Path(tempfile.mkdtemp())
        shutil.copytree(self.template, self.folder / "deployment")
        self.store: Store = open_store(self.folder / "deployment")
        self.now = self.begins_at
        self.policy = Policy(read_in_force(self.store.desk, now=self.now), self.today)
        units = [
            Unit(unit_id=f"g{n}", area_path=path, level=Level.GRID, daily_capacity=capacity, task_kinds=DOOR)
            for n, path in enumerate(PATHS)
        ]
        duties = [Duty(unit_id=one.unit_id, day=self.today + n, from_s=0, to_s=90_000, leader="o")
                  for one in units for n in range(60) if n % 7 != 5]  # fmt: skip
        self.act(lambda act: put_units(act, dict(enumerate(units))), actor=ADMINISTRATOR)
        self.act(lambda act: put_duties(act, dict(enumerate(duties))), actor=ADMINISTRATOR)
        # The model: every pair of signal and person ever found, and where it is.
        self.found: set[Pair] = set()
        self.listed: set[Pair] = set()
        self.below: set[Pair] = set()
        self.retracted: set[Pair] = set()
        self.rows: dict[Pair, Exposed] = {}
        self.live: set[int] = set()
        self.signed_to: dict[int, int] = {}
        self.drafted_by: dict[int, str] = {}
        self.met: set[Pair] = set()

    @property
    def today(self) -> int:
        return self.store.clock.day_of(self.now)

    def act(self, work: Callable[[Act], T], *, actor: Actor) -> T:
        return self.store.act(work, actor=actor, now=self.now)

    def attempt(self, work: Callable[[Act], T], *, actor: Actor) -> T | None:
        """What a step came to; None where it was refused."""
        try:
            return self.act(work, actor=actor)
        except RingfenceError:
            return None

    def task_ids(self, status: str) -> list[int]:
        return [row.task_id for row in self.store.desk.rows(TASKS, scope=EVERYTHING) if row.status == status]

    # ------------------------------------------------------------------ what can happen

    @rule(people=PEOPLE, days_ago=st.integers(0, 12))
    def raise_another_signal(self, people: list[Person], days_ago: int) -> None:
        self.raise_a_signal_and_respond(people, days_ago)

    def raise_a_signal_and_respond(self, people: list[Person], days_ago: int) -> None:
        signal = verified_signal(self.store, now=self.now, origin=f"signal {len(self.found)} {len(self.rows)}")
        self.live.add(signal)
        for person, weight, path, is_identified in people:
            self.rows[signal, person] = Exposed(
                signal=signal,
                subject=person,
                weight=weight,
                last_day=self.today - days_ago,
                area_path=path,
                household=person // 3,
                is_identified=is_identified,
            )
        self.respond(signal)

    @precondition(lambda self: self.live)
    @rule(data=st.data())
    def respond_again(self, data: st.DataObject) -> None:
        self.respond(data.draw(st.sampled_from(sorted(self.live))))

    def respond(self, signal: int) -> None:
        pairs = {pair: row for pair, row in self.rows.items() if pair[0] == signal}

        def run(act: Act) -> tuple[set[Pair], set[Pair]]:
            found = dispatch_exposures(
                exposures(list(pairs.values())),
                roster=read_roster(act, clock=self.store.clock),
                standing=read_standing(act, signals=[signal]),
                policy=self.policy,
                now=act.now,
                seed=1,
            )
            open_tasks(act, put_exposures(act, found.listed), clock=self.store.clock)
            start_follow_up(act, signal, policy=self.policy, clock=self.store.clock)
            return pairs_of(found.listed), pairs_of(found.below)

        listed, below = self.act(run, actor=EPIDEMIOLOGIST)
        assert not listed & below
        assert listed | below == set(pairs)
        assert {pair for pair in self.listed if pair[0] == signal} <= listed, "who was listed once stays listed"
        self.found |= set(pairs)
        self.listed |= listed
        self.below = (self.below - listed) | below

    @rule(data=st.data(), step=st.sampled_from(["acknowledge", "close"]))
    def work_on_a_task(self, data: st.DataObject, step: str) -> None:
        tasks = self.task_ids("open" if step == "acknowledge" else "acknowledged")
        if not tasks:
            return
        task = data.draw(st.sampled_from(tasks))
        if step == "acknowledge":
            assert self.act(lambda act: acknowledge_tasks(act, [task]), actor=WORKER) == 1
        else:
            closing = self.act(
                lambda act: close_tasks(act, [task], outcome=Outcome.REACHED, store=self.store), actor=WORKER
            )
            assert closing == 1
            self.met |= {
                (row.signal_id, int(row.subject_key))
                for row in self.store.desk.rows(BASES, scope=EVERYTHING)
                if row.task_id == task and row.kind in {"visit", "identify"}
            }

    @precondition(lambda self: self.live)
    @rule(data=st.data())
    def withdraw_a_signal(self, data: st.DataObject) -> None:
        signal = data.draw(st.sampled_from(sorted(self.live)))

        def run(act: Act) -> None:
            withdraw(act, signal)
            release_for_signal(act, signal)
            revise_follow_up(act, signal, policy=self.policy)
            withdraw_for_signal(act, signal, store=self.store)

        self.act(run, actor=OFFICER)
        self.live.discard(signal)
        fallen = {pair for pair in self.found if pair[0] == signal}
        self.retracted |= fallen
        self.listed -= fallen
        self.below -= fallen

    @precondition(lambda self: self.listed)
    @rule(drafter=st.sampled_from([SYSTEM, OTHER]), tier=st.sampled_from(list(Tier)), signers=SIGNERS)
    def draft_for_everybody_listed(self, drafter: Actor, tier: Tier, signers: list[Actor]) -> None:
        for pair in sorted(self.listed):
            self.draft(pair, drafter, tier)
        self.sign_what_waits(signers)

    def draft(self, pair: Pair, drafter: Actor, tier: Tier) -> None:
        drafted = self.attempt(
            lambda act: draft_orders(
                act,
                person_no=pair[1],
                disease="covid19",
                tier=tier,
                order_rules={"household"},
                policy=self.policy,
                clock=self.store.clock,
            ),
            actor=drafter,
        )
        paths = {one for one in self.listed if one[1] == pair[1]}
        assert (drafted is not None) == any(map(self.is_proven, paths))
        self.drafted_by.update(dict.fromkeys(drafted or (), drafter.actor_id))

    def is_proven(self, pair: Pair) -> bool:
        return self.rows[pair].is_identified or pair in self.met

    @precondition(lambda self: self.drafted_by)
    @rule(signers=SIGNERS)
    def sign_later(self, signers: list[Actor]) -> None:
        self.sign_what_waits(signers)

    def sign_what_waits(self, signers: list[Actor]) -> None:
        for order, signer in zip(sorted(self.drafted_by.keys() - self.signed_to.keys()), signers * 9, strict=False):
            self.sign(order, signer)

    def sign(self, order: int, signer: Actor) -> None:
        signed = self.attempt(lambda act: sign_order(act, order, clock=self.store.clock), actor=signer)
        if signed is not None:
            assert signer in {OTHER, OFFICER}
            assert self.drafted_by[order] != signer.actor_id
            self.signed_to[order] = signed.to_day

    @precondition(lambda self: self.signed_to)
    @rule(data=st.data())
    def release(self, data: st.DataObject) -> None:
        order = data.draw(st.sampled_from(sorted(self.signed_to)))
        self.attempt(lambda act: release_order(act, order, reason=SAID), actor=OFFICER)

    @rule(days=st.integers(1, 9), looks=st.booleans())
    def days_pass(self, days: int, looks: bool) -> None:
        self.now += timedelta(days=days)
        self.policy = Policy(self.policy.policy_set, self.today)
        if looks:
            self.act(lambda act: expire_orders(act, clock=self.store.clock), actor=SYSTEM)
            self.act(lambda act: escalate_tasks(act, policy=self.policy), actor=SYSTEM)
            self.act(
                lambda act: run_day(act, self.today, policy=self.policy, clock=self.store.clock, negatives={}),
                actor=SYSTEM,
            )

    # ------------------------------------------------------------------ what always holds

    @invariant()
    def found_is_listed_below_or_retracted(self) -> None:
        assert self.listed | self.below | self.retracted == self.found
        assert len(self.listed) + len(self.below) + len(self.retracted) == len(self.found)
        rows = self.store.desk.rows(EXPOSURES, scope=EVERYTHING)
        assert {(row.signal_id, int(row.subject_key)) for row in rows if row.status == "listed"} == self.listed

    @invariant()
    def a_task_stands_as_long_as_something_listed_asks_for_it(self) -> None:
        tasks = {row.task_id: row for row in self.store.desk.rows(TASKS, scope=EVERYTHING)}
        bases: dict[int, set[Pair]] = {}
        for row in self.store.desk.rows(BASES, scope=EVERYTHING):
            bases.setdefault(row.task_id, set()).add((row.signal_id, int(row.subject_key)))
        assert bases.keys() == tasks.keys()
        served = set().union(*(pairs for number, pairs in bases.items() if tasks[number].status != "withdrawn"))
        assert self.listed <= served
        for number, task in tasks.items():
            if task.status in {"open", "acknowledged"}:
                assert bases[number] & self.listed
            if task.status == "withdrawn":
                assert bases[number] <= self.retracted
        reached = [task.subject_key for task in tasks.values() if task.status in {"open", "acknowledged"}]
        assert len(reached) == len(set(reached)), "nobody has two open tasks"

    @invariant()
    def every_open_task_has_an_owner_on_the_roster_and_a_deadline(self) -> None:
        units = {row.unit_id for row in self.store.desk.rows(UNITS, scope=EVERYTHING)}
        for task in self.store.desk.rows(TASKS, scope=EVERYTHING):
            assert task.owner in units
            assert task.due_at > 0
            assert task.level in set(Level)

    @invariant()
    def no_order_stands_on_a_link_that_nobody_proved(self) -> None:
        for order in self.store.desk.rows(ORDERS, scope=EVERYTHING):
            assert self.is_proven((order.signal_id, order.person_no))

    @invariant()
    def no_order_is_in_force_unsigned_or_past_its_end_or_without_its_basis(self) -> None:
        orders = {row.order_id: row for row in self.store.desk.rows(ORDERS, scope=EVERYTHING)}
        for day in (self.today, self.today + 3, self.today + 40):
            for order in orders_in_force(
                self.store.desk, scope=EVERYTHING, day=day, now=self.store.clock.midnight(day)
            ):
                assert order.order_id in self.signed_to
                assert order.signed_by in {OTHER.actor_id, OFFICER.actor_id}
                assert order.from_day <= day <= order.to_day
                assert (orders[order.order_id].signal_id, order.person_no) in self.listed
        for number, to_day in self.signed_to.items():
            assert orders[number].to_day <= to_day, "a running order never grows longer"

    @invariant()
    def who_is_watched_is_listed(self) -> None:
        people = {person for _, person in self.listed}
        for row in self.store.desk.rows(FOLLOW_UPS, scope=EVERYTHING):
            if row.status == "follow_up":
                assert row.person_no in people
        assert people <= {row.person_no for row in self.store.desk.rows(FOLLOW_UPS, scope=EVERYTHING)}

    def teardown(self) -> None:
        if hasattr(self, "store"):
            self.store.verify_ledger()
            self.store.close()
            shutil.rmtree(self.folder)


def pairs_of(table: pa.Table) -> set[Pair]:
    return set(zip(table["signal"].to_pylist(), table["subject"].to_pylist(), strict=True))


def run(template: Template, now: datetime, *, examples: int, steps: int) -> None:
    machine = type("Response", (Response,), {"template": template.folder, "begins_at": now})
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
def test_no_sequence_loses_anybody_or_leaves_an_order_in_force_that_should_not_be(
    staffed_template: Template, now: datetime
) -> None:
    run(staffed_template, now, examples=12, steps=20)


@pytest.mark.verify
@pytest.mark.parametrize("database", ["sqlite"], indirect=True, scope="session")
def test_no_long_sequence_does_either(staffed_template: Template, now: datetime) -> None:
    run(staffed_template, now, examples=60, steps=40)
