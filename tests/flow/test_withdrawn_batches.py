"""A batch that was wrong is taken back whole: records, signals, cases, tasks and newcomers, and nobody else's."""

from pathlib import Path

import pytest
from small_town import CHIEF, EVENING, STEWARD, Town, case, check_in, sample

from ringfence import flow
from ringfence.errors import InputRefused, NotAllowed, NotFound
from ringfence.store import Store
from ringfence.terms import RecordKind, SignalStatus

LUNCH = ("2022-02-28 12:00", "2022-02-28 13:00")
NEWCOMER = {"name": "钱来", "phone": "13999990000"}


@pytest.fixture
def town(staffed: Store, tmp_path: Path) -> Town:
    (tmp_path / "files").mkdir()
    opened = Town(staffed, tmp_path / "files", now=EVENING)
    opened.settle()
    return opened


def withdraw(town: Town, batch: int) -> flow.BatchWithdrawn:
    return flow.withdraw_batch(town.store, batch, actor=CHIEF, now=town.now)


def test_a_line_list_that_was_wrong_goes_with_its_signal_ring_and_tasks_and_a_right_one_takes_its_place(
    town: Town,
) -> None:
    town.receive(check_ins=[check_in("wang1", "noodles", *LUNCH), check_in("gao1", "noodles", *LUNCH)])
    [wrong] = town.receive(case_line_list=[case("wang1", "C1", "2022-03-01 18:00", onset_date="2022-02-28")])
    town.respond()
    assert town.tasks()
    done = withdraw(town, wrong.batch_no)
    assert (len(done.signals), len(done.cases)) == (1, 1)
    assert town.signals() == []
    assert town.tasks() == []
    assert town.exposed() == {}
    [right] = town.receive(case_line_list=[case("li1", "C1", "2022-03-01 18:00", onset_date="2022-02-28")])
    assert right.accepted == 1
    [signal] = town.signals()
    assert (signal.status, signal.subject.key) == (SignalStatus.RAISED, str(town.numbers()["li1"]))


def test_a_case_that_another_file_reports_too_stays_with_its_signal(town: Town) -> None:
    [first] = town.receive(laboratory_results=[sample("wang1", "s1", "2022-03-01 08:00", "positive")])
    town.receive(case_line_list=[case("wang1", "C1", "2022-03-01 18:00")])
    assert withdraw(town, first.batch_no).signals == ()
    assert len(town.signals()) == 1
    assert town.store.lake.read(RecordKind.SAMPLE).num_rows == 0


def test_whom_only_the_batch_named_is_unknown_again_and_whom_others_name_keeps_the_number(town: Town) -> None:
    other = {"name": "孙走", "phone": "13999990001"}
    [batch] = town.receive(check_ins=[check_in(NEWCOMER, "noodles", *LUNCH), check_in(other, "noodles", *LUNCH)])
    town.receive(check_ins=[check_in(other, "market", *LUNCH)])
    before = {row["name"]: row["person_no"] for row in town.people()}
    assert withdraw(town, batch.batch_no).people == 1
    after = {row["name"]: row["person_no"] for row in town.people()}
    assert "钱来" not in after
    assert after["孙走"] == before["孙走"]
    [again] = town.receive(check_ins=[check_in(NEWCOMER, "library", *LUNCH), check_in(other, "library", *LUNCH)])
    assert again.newcomers == 1
    assert town.store.lake.read(RecordKind.VISIT).num_rows == 3


def test_a_later_file_that_leaned_on_the_batch_brings_its_rows_when_sent_again_and_the_batch_itself_never(
    town: Town,
) -> None:
    rows = [check_in("wang1", "noodles", *LUNCH), check_in("li1", "market", *LUNCH)]
    first, second = town.write("check_ins", rows[:1]), town.write("check_ins", rows)
    [early] = town.send(first)
    [late] = town.send(second)
    done = withdraw(town, early.batch_no)
    assert done.send_again == (late.batch_no,)
    assert town.store.lake.read(RecordKind.VISIT).num_rows == 1
    assert town.send(first)[0].is_known
    assert not town.send(second)[0].is_known
    assert town.store.lake.read(RecordKind.VISIT).num_rows == 2
    assert town.send(second)[0].is_known


def test_withdrawing_twice_ends_where_once_does_and_needs_the_rights_to_all_of_it(town: Town) -> None:
    [wrong] = town.receive(case_line_list=[case("wang1", "C1", "2022-03-01 18:00")])
    with pytest.raises(NotAllowed):
        flow.withdraw_batch(town.store, wrong.batch_no, actor=STEWARD, now=town.now)
    assert len(town.signals()) == 1, "nothing happened"
    withdraw(town, wrong.batch_no)
    assert withdraw(town, wrong.batch_no).signals == ()
    with pytest.raises(NotFound):
        withdraw(town, 10_000)
    with pytest.raises(InputRefused, match="the newest one holds"):
        withdraw(town, 1)
