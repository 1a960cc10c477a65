"""Any sequence of files, decisions, responses, orders and days over the whole line, against a town counted by hand.

For every signal and by id: found = listed + counted below the cut + retracted, each in exactly one; whoever is found
again keeps the instant they were first found. Nobody is listed without owner and deadline, no order is in force
unsigned or past its end, and what a fallen signal alone justified is gone. The twin knows households, visits and
windows, and looks at nothing but the files that were sent.
"""

import shutil
import tempfile
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import ClassVar

import pytest
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
from small_town import CHIEF, COUNTY, EPIDEMIOLOGIST, EVENING, GRID, KNOWN, NOON, SAID, Town, case, check_in

from ringfence import flow, work
from ringfence.signals import reopen_signal
from ringfence.store import Scope, Store, open_store
from ringfence.terms import Outcome, RecordKind, Signal, SignalStatus, TaskStatus, day_number, to_us

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
FIRST = date(2022, 2, 24)
SLOTS = {"early": ("12:00", "13:00"), "late": ("12:40", "13:40"), "last": ("12:50", "14:00")}
TOGETHER = {frozenset(pair) for pair in (("early", "late"), ("late", "last"), *((one, one) for one in SLOTS))}
"""Slots with at least 15 minutes in common; the early and the last have ten."""

TIGHT = [
    ("111-g1", "111", "grid", "visit;identify", 1),
    ("1111-g1", "1111", "grid", "visit;identify", 0),
    ("121-g1", "121", "grid", "visit;identify", 1),
    ("122-g1", "122", "grid", "visit;identify", 0),
    ("11-c", "11", "county", "call;retest", 1),
    ("city", "1", "city", "call;retest", 0),
]
BEFORE_ONSET, AFTER_ONSET, BEFORE_SAMPLE, AFTER_SAMPLE = 4, 13, 4, 10
"""The window of the 8th edition, by hand."""

EVERYTHING = Scope.of_system()
OPEN_TASKS = """
select t.task_id, b.signal_id, b.exposure_id, e.status as exposure_is, s.status as signal_is
from visible_task t
join task_basis b on b.task_id = t.task_id
join visible_signal s on s.signal_id = b.signal_id
left join visible_exposure e on e.exposure_id = b.exposure_id
where t.status in ('open', 'acknowledged')
"""
LISTED = """
select e.signal_id, e.exposure_id, e.subject_key, t.owner, t.due_at
from visible_exposure e left join task_basis b on b.exposure_id = e.exposure_id
left join visible_task t on t.task_id = b.task_id
where e.status = 'listed'
"""
KEPT = "select signal_id, subject_key, status, recorded_at from visible_exposure"
BATCHES = "select distinct signal_id, batch_no, status from exposure_below_cut"
ORDERS = """
select o.order_id, o.status, o.signed_by, o.drafted_by, o.to_day, e.status as exposure_is, s.status as signal_is
from visible_measure_order o
join visible_exposure e on e.exposure_id = o.exposure_id
join visible_signal s on s.signal_id = e.signal_id
"""

people = st.sampled_from(sorted(KNOWN))


@dataclass
class Known:
    """A case as its files tell it, days as day numbers."""

    sampled: int
    onset: int | None = None
    isolated: int | None = None

    def window(self, today: int) -> range:
        """The days on which others were at risk; isolation is at six in the morning, so its noon is safe."""
        first = self.sampled - BEFORE_SAMPLE if self.onset is None else self.onset - BEFORE_ONSET
        last = self.sampled + AFTER_SAMPLE if self.onset is None else self.onset + AFTER_ONSET
        return range(first, min(last, today, *([] if self.isolated is None else [self.isolated])) + 1)


@dataclass
class Twin:
    """The town by hand: who was where, who is a case, and what every response found."""

    visits: dict[tuple[str, int], tuple[str, str]] = field(default_factory=dict)
    cases: dict[str, Known] = field(default_factory=dict)
    found: dict[int, set[str]] = field(default_factory=dict)
    ever: dict[int, set[str]] = field(default_factory=dict)
    first_found: dict[tuple[int, str], int] = field(default_factory=dict)
    fallen: set[int] = field(default_factory=set)

    def ring(self, person: str, today: int) -> set[str]:
        """Who is at risk from a case: first ring and the households of the first ring."""
        known = self.cases[person]
        window = known.window(today)
        if not window:
            return set()
        first = {one for one in KNOWN if one != person and _lives_with(one, person)}
        for (other, day), (place, slot) in self.visits.items():
            mine = self.visits.get((person, day))
            is_safe = day not in window or day == known.isolated
            if other != person and mine and not is_safe and mine[0] == place and frozenset((mine[1], slot)) in TOGETHER:
                first.add(other)
        second = {one for one in KNOWN if any(_lives_with(one, other) for other in first)}
        return (first | second) - {person}

    def respond(self, signal_id: int, person: str, *, today: int, now: int) -> None:
        """What a response to a signal changes."""
        before, found = self.found.get(signal_id, set()), self.ring(person, today)
        self.found[signal_id] = found
        self.ever[signal_id] = self.ever.get(signal_id, set()) | found
        for one in found - before:
            self.first_found[signal_id, one] = now

    def fall(self, signal_id: int) -> None:
        """What a withdrawal or dismissal changes."""
        self.found[signal_id] = set()
        self.fallen.add(signal_id)


def _lives_with(one: str, other: str) -> bool:
    return KNOWN[one]["household_id"] == KNOWN[other]["household_id"]


class Line(RuleBasedStateMachine):
    """The line as its people use it."""

    template: ClassVar[Path]

    @initialize()
    def open(self) -> None:
        """The morning after: four people met at a table, one is a case and was responded to."""
        self.folder = Path(tempfile.mkdtemp(prefix="line-"))
        shutil.copytree(self.template, self.folder / "deployment")
        self.store: Store = open_store(self.folder / "deployment")
        self.town = Town(self.store, self.folder, now=EVENING)
        self.twin, self.sent = Twin(), 0
        self.key_of = {number: key for key, number in self.town.numbers().items()}
        self._send_visits(["wang1", "li1", "zhao1", "gao1"], "noodles", ["late"] * 4, FIRST + 3 * DAY)
        self._send_case("wang1")
        self._respond_to(self.town.signals()[0], seed=0)

    @property
    def today(self) -> int:
        return self.store.clock.day_of(self.town.now)

    @rule(
        who=st.lists(people, min_size=1, max_size=4, unique=True),
        place=st.sampled_from(("noodles", "market")),
        slots=st.lists(st.sampled_from(sorted(SLOTS)), min_size=4, max_size=4),
        days=st.integers(0, 12),
    )
    def check_in_somewhere(self, who: list[str], place: str, slots: list[str], days: int) -> None:
        day = FIRST + timedelta(days=days)
        if day_number(day) < self.today:
            self._send_visits(who, place, slots, day)

    def _send_visits(self, who: list[str], place: str, slots: list[str], day: date) -> None:
        rows = []
        for person, slot in zip(who, slots, strict=False):
            if (person, day_number(day)) not in self.twin.visits:
                self.twin.visits[person, day_number(day)] = (place, slot)
                enters, leaves = SLOTS[slot]
                rows.append(check_in(person, place, f"{day} {enters}", f"{day} {leaves}"))
        if rows:
            [arrived] = self.town.receive(check_ins=rows)
            assert arrived.rejected == 0

    @rule(person=people, onset=st.none() | st.integers(-3, 0), isolated=st.none() | st.integers(-2, 0))
    def report_case(self, person: str, onset: int | None, isolated: int | None) -> None:
        """A first line of a case, or one with what has become known: nothing known is ever erased."""
        self._send_case(person, onset=onset, isolated=isolated)

    def _send_case(self, person: str, onset: int | None = None, isolated: int | None = None) -> None:
        known = self.twin.cases.setdefault(person, Known(self.today))
        known.onset = known.onset if onset is None else known.sampled + onset
        known.isolated = known.isolated if isolated is None else known.sampled + isolated
        self.sent += 1
        row = case(
            person,
            f"C-{person}",
            f"{_written(known.sampled)} 18:{self.sent % 60:02}",
            sampled_at=f"{_written(known.sampled)} 10:00",
            onset_date="" if known.onset is None else _written(known.onset),
            isolated_at="" if known.isolated is None else f"{_written(known.isolated)} 06:00",
        )
        [arrived] = self.town.receive(case_line_list=[row])
        assert (arrived.rejected, arrived.newcomers) == (0, 0)

    @precondition(lambda self: bool(self.town.signals()))
    @rule(data=st.data())
    def respond(self, data: st.DataObject) -> None:
        """Verify if need be, and respond for the first time or anew, an hour after whatever was before."""
        signal = self._choose(data, SignalStatus.RAISED, SignalStatus.VERIFIED)
        self._respond_to(signal, seed=data.draw(st.integers(0, 9)))

    def _respond_to(self, signal: Signal, *, seed: int) -> None:
        self.town.now += HOUR
        if signal.status is SignalStatus.RAISED:
            signal = flow.verify(self.store, signal.signal_id, reason=SAID, actor=EPIDEMIOLOGIST, now=self.town.now)
        flow.respond(self.store, [signal], actor=EPIDEMIOLOGIST, now=self.town.now, seed=seed)
        person = self.key_of[int(signal.subject.key)]
        self.twin.respond(signal.signal_id, person, today=self.today, now=to_us(self.town.now))

    @precondition(lambda self: any(one.status is SignalStatus.VERIFIED for one in self.town.signals()))
    @rule(data=st.data(), isolated=st.integers(-2, 0))
    def learn_that_a_case_was_isolated_before(self, data: st.DataObject, isolated: int) -> None:
        """Whoever met them after that was never at risk."""
        signal = self._choose(data, SignalStatus.VERIFIED)
        self._send_case(self.key_of[int(signal.subject.key)], isolated=isolated)
        self._respond_to(signal, seed=0)

    @precondition(lambda self: bool(self.town.signals()))
    @rule(data=st.data())
    def take_back(self, data: st.DataObject) -> None:
        signal = self._choose(data, SignalStatus.RAISED, SignalStatus.VERIFIED)
        take_back = flow.withdraw if signal.status is SignalStatus.VERIFIED else flow.dismiss
        take_back(self.store, signal.signal_id, reason=SAID, actor=EPIDEMIOLOGIST, now=self.town.now)
        self.twin.fall(signal.signal_id)
        if signal.status is SignalStatus.RAISED and data.draw(st.booleans()):
            self.town.act(lambda act: reopen_signal(act, signal.signal_id, reason=SAID))
            self.twin.fallen.discard(signal.signal_id)

    @precondition(lambda self: any(one.status is SignalStatus.VERIFIED for one in self.town.signals()))
    @rule(data=st.data())
    def order(self, data: st.DataObject) -> None:
        """Draft, and sign some of what was drafted."""
        signal = self._choose(data, SignalStatus.VERIFIED)
        for order in flow.draft_orders(self.store, signal.signal_id, actor=COUNTY, now=self.town.now):
            if data.draw(st.booleans()):
                self.town.act(lambda act, order=order: work.sign_order(act, order, clock=self.store.clock), CHIEF)  # type: ignore[misc]

    @precondition(lambda self: bool(self.town.tasks()))
    @rule(data=st.data())
    def reach(self, data: st.DataObject) -> None:
        task = data.draw(st.sampled_from(self.town.tasks()))
        if task.status is TaskStatus.OPEN:
            self.town.act(lambda act: work.acknowledge_tasks(act, [task.task_id]), GRID)
        self.town.act(
            lambda act: work.close_tasks(act, [task.task_id], outcome=Outcome.REACHED, store=self.store), GRID
        )

    @rule(days=st.integers(1, 9))
    def let_days_pass(self, days: int) -> None:
        self.town.now += days * DAY
        flow.follow_up(self.store, day=self.today, actor=CHIEF, now=self.town.now)

    @invariant()
    def everybody_found_is_in_exactly_one_place(self) -> None:
        listed, below, retracted = self._kept()
        for signal, ever in self.twin.ever.items():
            found = self.twin.found[signal]
            assert listed[signal] | below[signal] == found
            assert not listed[signal] & below[signal]
            assert retracted[signal] == ever - found

    @invariant()
    def clocks_run_from_when_somebody_was_first_found(self) -> None:
        for (signal, person), found_at in self._found_at().items():
            assert found_at == self.twin.first_found[signal, person]

    @invariant()
    def nobody_is_listed_without_owner_and_deadline(self) -> None:
        for row in self._rows(LISTED):
            assert row.owner
            assert row.due_at

    @invariant()
    def what_only_fallen_signals_justified_is_gone(self) -> None:
        stands: dict[int, bool] = {}
        for row in self._rows(OPEN_TASKS):
            is_listed = row.exposure_id is None or row.exposure_is == "listed"
            is_basis = is_listed and row.signal_is in ("raised", "verified")
            stands[row.task_id] = stands.get(row.task_id, False) or is_basis
        assert all(stands.values())

    @invariant()
    def no_order_is_in_force_unsigned_past_its_end_or_without_a_path(self) -> None:
        rows = {row.order_id: row for row in self._rows(ORDERS)}
        for order in work.orders_in_force(self.store.desk, scope=EVERYTHING, day=self.today, now=self.town.now):
            row = rows[order.order_id]
            assert row.signed_by not in (None, row.drafted_by)
            assert row.to_day >= self.today
        for row in rows.values():
            assert row.status not in ("drafted", "signed") or (row.exposure_is, row.signal_is) == ("listed", "verified")

    def teardown(self) -> None:
        if hasattr(self, "store"):
            self.store.verify_ledger()
            self.store.close()
            shutil.rmtree(self.folder)

    def _choose(self, data: st.DataObject, *statuses: SignalStatus) -> Signal:
        return data.draw(st.sampled_from([one for one in self.town.signals() if one.status in statuses]))

    def _rows(self, sql: str) -> list[object]:
        return list(self.store.desk.rows(sql, scope=EVERYTHING))

    def _kept(self) -> tuple[dict[int, set[str]], dict[int, set[str]], dict[int, set[str]]]:
        """The register's keys of those listed, below the cut and retracted, by signal."""
        listed, below, retracted = ({signal: set() for signal in self.twin.ever} for _ in range(3))
        for row in self._rows(KEPT):
            where = {"listed": listed, "retracted": retracted}.get(row.status)
            if where is not None:
                where[row.signal_id].add(self.key_of[int(row.subject_key)])
        in_lake = self.store.lake.read(RecordKind.EXPOSURE_BELOW_CUT).to_pylist()
        for batch in self._rows(BATCHES):
            people = {self.key_of[r["subject"]] for r in in_lake if (r["signal"], r["batch"]) == tuple(batch)[:2]}
            where = below if batch.status == "counted" else retracted
            assert not where[batch.signal_id] & people
            where[batch.signal_id] |= people
        return listed, below, retracted

    def _found_at(self) -> dict[tuple[int, str], int]:
        """Since when everybody listed or below the cut is found."""
        counted = {(b.signal_id, b.batch_no) for b in self._rows(BATCHES) if b.status == "counted"}
        in_lake = self.store.lake.read(RecordKind.EXPOSURE_BELOW_CUT).to_pylist()
        return {
            **{
                (row.signal_id, self.key_of[int(row.subject_key)]): row.recorded_at
                for row in self._rows(KEPT)
                if row.status == "listed"
            },
            **{
                (row["signal"], self.key_of[row["subject"]]): row["found_at"]
                for row in in_lake
                if (row["signal"], row["batch"]) in counted
            },
        }


def _written(day: int) -> str:
    return (date(1970, 1, 1) + timedelta(days=day)).isoformat()


@pytest.fixture
def settled(staffed: Store, tmp_path: Path) -> Path:
    """The folder of a settled town whose units can do little."""
    (tmp_path / "files").mkdir()
    Town(staffed, tmp_path / "files", now=NOON).settle(units=TIGHT)
    staffed.close()
    return staffed.deployment.folder


def run(template: Path, *, examples: int, steps: int) -> None:
    run_state_machine_as_test(
        type("TheLine", (Line,), {"template": template}),
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )


# An embedded deployment is a folder that every example copies; on PostgreSQL each would need a database.
@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_no_sequence_over_the_line_loses_or_doubles_anybody(settled: Path) -> None:
    run(settled, examples=6, steps=12)


@pytest.mark.verify
@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_no_long_sequence_over_the_line_does_either(settled: Path) -> None:
    run(settled, examples=25, steps=30)
