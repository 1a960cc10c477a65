"""Any series of acts, people, folds, merges, batches, forgettings and restarts leaves what plain dictionaries say."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import TypeVar

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from sqlalchemy import create_engine
from store_model import Alias, Batch, Model

from ringfence import store as stores
from ringfence.errors import InputRefused, NotFound
from ringfence.store import PEOPLE, Act, Aliases, Content, Store, open_store, read_deployment
from ringfence.terms import LAYOUTS, Actor, AliasKind, Purpose, Reason, ReasonCode, RecordKind, cell

pytestmark = pytest.mark.verify

T = TypeVar("T")
OFFICER = Actor("officer-1")
START = datetime(2022, 3, 1, 4, tzinfo=UTC)
WHY = Reason.of(ReasonCode.LINK_TIER, tier="id_number")
RESERVED = range(1, 7)
NUMBERS = st.sampled_from(RESERVED) | st.integers(7, 9)
PEOPLE_SETS = st.sets(NUMBERS, min_size=1, max_size=3)
DAYS = st.integers(-2, 4)
VISITS = st.lists(st.tuples(DAYS, st.integers(0, 3), NUMBERS), max_size=8)


@contextmanager
def copy_of(template: Path, folder: Path, name: str) -> Iterator[Path]:
    """A deployment of its own for one example; its database too where it is on a server."""
    shutil.copytree(template, folder)
    found = read_deployment(folder)
    if found.is_embedded:
        yield folder
        shutil.rmtree(folder)
        return
    source = found.database.rsplit("/", 1)[1]
    settings_file = folder / "ringfence.toml"
    settings_file.write_text(settings_file.read_text().replace(source, name))
    engine = create_engine(found.database.rsplit("/", 1)[0] + "/postgres", isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.exec_driver_sql(f"create database {name} template {source}")
        yield folder
        connection.exec_driver_sql(f"drop database {name} with (force)")
    engine.dispose()
    shutil.rmtree(folder)


class Machine(RuleBasedStateMachine):
    """The stores and their model side by side; the clock moves a second with every act."""

    template: Path
    examples = count()

    def __init__(self) -> None:
        super().__init__()
        self.model = Model()
        self.now = START
        self.folder: Path
        self.store: Store

    @initialize()
    def open(self) -> None:
        name = f"{self.template.parent.name[:20]}_{next(self.examples)}".lower().replace("-", "_")
        self._copy = copy_of(self.template, self.template.parent / f"example-{name}", f"ringfence_{name}")
        self.folder = self._copy.__enter__()
        self.store = open_store(self.folder)
        self.model.next_number = self.act(reserve) + max(RESERVED)

    def teardown(self) -> None:
        if not hasattr(self, "store"):
            return
        lines = len(self.store.desk.rows("select seq from ledger"))
        heads = self.store.verify_ledger()
        self.store.close()
        self._copy.__exit__(None, None, None)
        assert lines == self.model.lines == sum(head.seq for head in heads)

    def act(self, work: Callable[[Act], T], *, lines: int = 1) -> T:
        self.now += timedelta(seconds=1)
        done = self.store.act(work, actor=OFFICER, now=self.now)
        self.model.lines += lines
        return done

    def keep(self, step: Callable[..., T], *values: object, lines: int = 1) -> T:
        self.now += timedelta(seconds=1)
        done = step(self.store, *values, actor=OFFICER, now=self.now)
        self.model.lines += lines
        return done

    @property
    def second(self) -> int:
        return int(self.now.timestamp())

    def taken(self, number: int) -> int:
        """A number somebody has: nobody decides about numbers that were never given."""
        return number if number < self.model.next_number else number - len(RESERVED)

    # ---- people

    @rule(name=st.text("甲乙丙ab", max_size=4))
    def add_person(self, name: str) -> None:
        def work(act: Act) -> int:
            act.note("person.added")
            return stores.add_people(act, self.store.keys, [{"name": name}])

        assert self.act(work) == self.model.next_number
        self.model.waiting.append((self.model.next_number, self.second, name))
        self.model.next_number += 1

    @rule(number=NUMBERS, name=st.text("甲乙丙ab", max_size=4))
    def receive_register_row(self, number: int, name: str) -> None:
        number = self.taken(number)
        self.now += timedelta(seconds=1)
        row = dict.fromkeys(PEOPLE.names) | {"person_no": number, "name": name, "recorded_at": self.second * 10**6}
        staged = self.store.vault.stage(Content.PEOPLE, pa.Table.from_pylist([row], schema=PEOPLE))

        def work(act: Act) -> None:
            self.store.vault.commit(act, staged)
            act.note("register.received")

        self.act(work)
        self.model.people.append((number, self.second - 1, name))

    @rule()
    def fold(self) -> None:
        waiting = len(self.model.waiting)
        assert self.keep(stores.fold_inbox, lines=min(waiting, 1)) == waiting
        self.model.people += self.model.waiting
        self.model.waiting = []

    @rule(people=PEOPLE_SETS)
    def read_people(self, people: set[int]) -> None:
        found = self.store.read_people(list(people), purpose=Purpose("follow_up", "2.3"), actor=OFFICER, now=self.now)
        self.model.lines += 1
        expected = {newest for number in people if (newest := self.model.newest(number)) is not None}
        assert [(row["person_no"], row["name"]) for row in found.to_pylist()] == sorted(expected)

    @rule()
    def read_register(self) -> None:
        register = self.store.read_register(purpose=Purpose("link", "2.1"), actor=OFFICER, now=self.now)
        rows = [
            (row["person_no"], row["recorded_at"] // 10**6, row["name"]) for one in register for row in one.to_pylist()
        ]
        self.model.lines += 1
        assert sorted(rows) == sorted(self.model.people + self.model.waiting)

    # ---- aliases

    @rule(from_no=NUMBERS, to_no=NUMBERS, kind=st.sampled_from([AliasKind.MERGED, AliasKind.PROVISIONAL]))
    def merge(self, from_no: int, to_no: int, kind: AliasKind) -> None:
        from_no, to_no = self.taken(from_no), self.taken(to_no)
        from_home, to_home = self.model.home(from_no), self.model.home(to_no)

        def work(act: Act) -> int:
            return stores.merge_people(act, from_no=from_no, to_no=to_no, reason=WHY, kind=kind)

        if from_home == to_home:
            with pytest.raises(InputRefused):
                self.act(work)
            return
        self.model.aliases.append(Alias(self.act(work), from_home, to_home))

    @rule(member=NUMBERS)
    def split(self, member: int) -> None:
        member = self.taken(member)

        def work(act: Act) -> tuple[int, int]:
            return stores.split_person(act, member=member, reason=WHY)

        if self.model.home(member) == member:
            with pytest.raises(NotFound):
                self.act(work)
            return
        alias, new_no = self.act(work)
        assert new_no == self.model.next_number
        self.model.next_number += 1
        self.model.aliases.append(Alias(alias, member, new_no))

    @rule(which=st.integers(0, 20))
    def undo(self, which: int) -> None:
        number = self.model.aliases[which].number if which < len(self.model.aliases) else 999
        in_force = [alias for alias in self.model.aliases if alias.number == number and not alias.is_undone]

        def work(act: Act) -> None:
            stores.undo_alias(act, number)

        if not in_force:
            with pytest.raises(NotFound):
                self.act(work)
            return
        self.act(work)
        in_force[0].is_undone = True

    # ---- batches

    @rule(batch_id=st.sampled_from("abcdef"), visits=VISITS, retain=st.none() | DAYS)
    def receive(self, batch_id: str, visits: list[tuple[int, int, int]], retain: int | None) -> None:
        def take(act: Act) -> int:
            act.note("batch.begun")
            return act.take_numbers("batch", 1)

        number = self.act(take)
        staged = self.store.lake.stage(RecordKind.VISIT, visit_rows(visits, number), batch_no=number)
        batch = stores.Batch(
            batch_no=number,
            batch_id=batch_id,
            feed="f",
            department="d",
            purpose="p",
            source_digest="",
            rows_accepted=len(visits),
            rows_rejected=0,
            retain_until_day=retain,
        )

        def work(act: Act) -> bool:
            is_new = stores.commit_batch(act, batch)
            if is_new:
                self.store.lake.commit(act, staged)
            act.note("batch.received")
            return is_new

        is_new = self.act(work)
        assert is_new is (batch_id not in self.model.batches)
        if is_new:
            self.model.batches[batch_id] = Batch(sorted(visits), retain)
        else:
            self.store.lake.remove(staged)

    @rule(batch_id=st.sampled_from("abcdef"))
    def withdraw(self, batch_id: str) -> None:
        found = stores.read_batch(self.store.desk, batch_id)
        assert (found is None) is (batch_id not in self.model.batches)
        if found is None:
            return
        assert found.status == self.model.batches[batch_id].status

        def work(act: Act) -> bool:
            act.note("batch.withdrawn")
            return stores.end_batch(act, found.batch_no, status="withdrawn")

        assert self.act(work) is (found.status == "committed")
        if found.status == "committed":
            self.model.batches[batch_id].status = "withdrawn"

    # ---- forgetting

    @rule(people=PEOPLE_SETS)
    def forget_visits(self, people: set[int]) -> None:
        everybody = {number for one in people for number in self.model.family(one)}
        forgotten = self.keep(stores.forget_people, RecordKind.VISIT, list(people), lines=2)
        assert forgotten.rows == self.model.forget_visits(everybody)

    @rule(people=PEOPLE_SETS)
    def forget_in_vault(self, people: set[int]) -> None:
        everybody = {number for one in people for number in self.model.family(one)}
        lines = 1 + min(len(self.model.waiting), 1)
        forgotten = self.keep(stores.forget_in_vault, list(people), lines=lines)
        rows = self.model.people + self.model.waiting
        self.model.people, self.model.waiting = [row for row in rows if row[0] not in everybody], []
        assert forgotten.rows == len(rows) - len(self.model.people)

    @rule(day=DAYS)
    def forget_before(self, day: int) -> None:
        def forget(store: Store, *, actor: Actor, now: datetime) -> stores.Forgetting:
            return stores.forget_before(store, RecordKind.VISIT, day=day, actor=actor, now=now)

        assert self.keep(forget).rows == self.model.forget_days(day)

    @rule(day=DAYS)
    def forget_due(self, day: int) -> None:
        def forget(store: Store, *, actor: Actor, now: datetime) -> stores.Forgetting:
            return stores.forget_due(store, day=day, actor=actor, now=now)

        assert self.keep(forget).rows == self.model.forget_due(day)

    # ---- the house

    @rule()
    def fail(self) -> None:
        def work(act: Act) -> None:
            stores.add_people(act, self.store.keys, [{"name": "never"}])
            stores.merge_people(act, from_no=101, to_no=102, reason=WHY, kind=AliasKind.MERGED)
            raise InputRefused("no")

        with pytest.raises(InputRefused):
            self.act(work)

    @rule()
    def turn_keys(self) -> None:
        self.keep(stores.rotate_keys, lines=3)

    @rule()
    def restart(self) -> None:
        self.store.close()
        self.store = open_store(self.folder)

    @invariant()
    def both_copies_hold_the_same_visits(self) -> None:
        if hasattr(self, "store"):
            for copy in LAYOUTS[RecordKind.VISIT].copies:
                rows = self.store.lake.read(RecordKind.VISIT, copy=copy.name).to_pylist()
                found = [(row["cell"] >> 32, row["cell"] & 0xFFFFFFFF, row["person"]) for row in rows]
                assert sorted(found) == self.model.visits()

    @invariant()
    def every_number_leads_home(self) -> None:
        if hasattr(self, "store"):
            numbers = np.arange(1, 30)
            assert Aliases(self.store.desk).resolve(numbers).tolist() == [self.model.home(int(n)) for n in numbers]

    @invariant()
    def the_disk_holds_what_the_manifest_speaks_of(self) -> None:
        if hasattr(self, "store"):
            for folder, table in ((self.store.lake.folder, "lake_file"), (self.store.vault.folder, "vault_part")):
                listed = {row.path for row in self.store.desk.rows(f"select path from {table}")}  # noqa: S608 - of two
                assert {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()} == listed


def reserve(act: Act) -> int:
    """The numbers the rules speak of, taken, so that nobody new gets one of them."""
    act.note("numbers.reserved")
    return act.take_numbers("person", max(RESERVED))


def visit_rows(visits: list[tuple[int, int, int]], batch: int) -> pa.Table:
    rows = [
        {"cell": cell(day, place), "person": person, "enter_s": 0, "stay_s": 1, "source": 1, "batch": batch, "row": row}
        | {"recorded_at": 1}
        for row, (day, place, person) in enumerate(visits, start=1)
    ]
    return pa.Table.from_pylist(rows, schema=LAYOUTS[RecordKind.VISIT].schema)


def test_any_series_of_steps_leaves_what_the_model_says(deployment: Path) -> None:
    machine = type("DeploymentMachine", (Machine,), {"template": deployment, "examples": count()})
    embedded = read_deployment(deployment).is_embedded
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=40 if embedded else 10,
            stateful_step_count=40,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
