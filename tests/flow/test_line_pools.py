"""A tube of ten from the laboratory's file to the last member's own result, and how it is corrected (policy 2.4)."""

from pathlib import Path

import pytest
from small_town import DAY, EPIDEMIOLOGIST, EVENING, NOON, SAID, Town, sample

from ringfence import flow
from ringfence.signals import reopen_signal
from ringfence.store import Store
from ringfence.terms import Classification, Signal, SignalKind, SignalStatus, SubjectKind, Task, TaskKind

MEMBERS = ("zhao1", "zhao2", "gao1", "li2")
HELD = "select count(*) from pool_member where is_held and result is null"


@pytest.fixture
def town(staffed: Store, tmp_path: Path) -> Town:
    (tmp_path / "files").mkdir()
    town = Town(staffed, tmp_path / "files", now=NOON)
    town.settle()
    town.now = EVENING
    return town


def send_tube(town: Town, result: str, *, day: str = "2022-03-01", members: tuple[str, ...] = MEMBERS) -> None:
    """One tube, always with the number T1; a further file of it has other sample numbers."""
    stamp = len(town.rows("select batch_no from batch"))
    rows = [
        sample(one, f"S{stamp}-{n}", f"{day} 08:00", result, pool_id="T1") for n, one in enumerate(members, start=1)
    ]
    town.receive(laboratory_results=rows)


def pools(town: Town) -> list[Signal]:
    return [one for one in town.signals() if one.kind is SignalKind.POSITIVE_POOL]


def recall(town: Town) -> Signal:
    [signal] = pools(town)
    flow.respond(town.store, [signal], actor=EPIDEMIOLOGIST, now=town.now, seed=1)
    return signal


def retests(town: Town) -> dict[int, Task]:
    return {int(task.subject.key): task for task in town.tasks() if task.kind is TaskKind.RETEST}


def test_the_signal_is_about_the_tube_and_each_member_is_asked_where_they_live(town: Town) -> None:
    send_tube(town, "positive")
    signal = recall(town)
    assert (signal.subject.kind, signal.subject.key) == (SubjectKind.POOL, "T1/2022-03-01")
    assert signal.area_path == "1/", "the lowest area that holds all members' homes"
    numbers, tasks = town.numbers(), retests(town)
    assert {one: (tasks[numbers[one]].owner, tasks[numbers[one]].area_path) for one in MEMBERS} == {
        "zhao1": ("12-c", "1/12/121/"),
        "zhao2": ("12-c", "1/12/121/"),
        "gao1": ("11-c", "1/11/1111/"),
        "li2": ("11-c", "1/11/111/"),
    }


def test_a_retest_is_over_when_the_result_is_in(town: Town) -> None:
    send_tube(town, "positive")
    recall(town)
    town.receive(laboratory_results=[sample("zhao1", "R1", "2022-03-01 14:00", "negative")])
    numbers = town.numbers()
    assert set(retests(town)) == {numbers[one] for one in MEMBERS if one != "zhao1"}
    assert town.rows(HELD) == [(3,)]


def test_dismissing_a_tube_lets_its_members_go_and_new_evidence_holds_them_again(town: Town) -> None:
    send_tube(town, "positive")
    signal = recall(town)
    assert len(flow.dismiss(town.store, signal.signal_id, reason=SAID, actor=EPIDEMIOLOGIST, now=town.now)) == 4
    assert (retests(town), town.rows(HELD)) == ({}, [(0,)])
    town.act(lambda act: reopen_signal(act, signal.signal_id, reason=SAID))
    assert town.rows(HELD) == [(4,)]
    again = recall(town)
    assert (again.status, again.responded_at) == (SignalStatus.RAISED, None), "it waits for a response like a new one"
    assert len(retests(town)) == 4


def test_a_negative_tube_that_is_corrected_to_positive_recalls_its_members(town: Town) -> None:
    send_tube(town, "negative")
    assert pools(town) == []
    send_tube(town, "positive")
    recall(town)
    assert len(retests(town)) == 4


def test_a_tube_number_used_again_on_another_day_is_another_tube(town: Town) -> None:
    send_tube(town, "positive", members=("zhao1", "zhao2"))
    town.now += DAY
    send_tube(town, "positive", day="2022-03-02", members=("gao1", "li2"))
    assert {one.subject.key for one in pools(town)} == {"T1/2022-03-01", "T1/2022-03-02"}
    assert town.rows(HELD) == [(4,)]


@pytest.mark.parametrize(
    ("test", "is_what"),
    [
        ("nucleic_acid", Classification.CONFIRMED),
        ("antigen", Classification.SUSPECT),
        ("antibody", Classification.SUSPECT),
    ],
)
def test_what_a_positive_makes_of_somebody_depends_on_the_test(town: Town, test: str, is_what: Classification) -> None:
    town.receive(laboratory_results=[sample("li1", "S1", "2022-03-01 08:00", "positive", test=test)])
    assert town.rows("select classification from visible_case_episode") == [(is_what.value,)]
    [signal] = town.signals()
    assert (signal.kind, signal.status) == (SignalKind.POSITIVE_TEST, SignalStatus.RAISED)
    town.receive(laboratory_results=[sample("li1", "S2", "2022-03-01 10:00", "positive")])
    assert town.rows("select classification from visible_case_episode") == [(Classification.CONFIRMED.value,)]
    assert len(town.signals()) == 1
