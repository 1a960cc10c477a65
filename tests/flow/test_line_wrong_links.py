"""A link that was wrong is undone everywhere and teaches; a decision taken back leaves everything as it was (2.6)."""

from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pytest
from small_town import CHIEF, COUNTY, DAY, EVENING, KNOWN, NOON, STEWARD, Town, case, check_in

from ringfence import flow, link, redress, work
from ringfence.link import Verdict
from ringfence.seal import make_key_files
from ringfence.store import Aliases, Store
from ringfence.terms import (
    LAYOUTS,
    Actor,
    Contested,
    ContestedKind,
    DisputeGround,
    DisputeStatus,
    DisputeWay,
    Outcome,
    RecordKind,
    TaskKind,
)

LUNCH = ("2022-02-28 12:00", "2022-02-28 13:00")
FIRST_CASE = case("wang1", "C1", "2022-03-01 18:00", sampled_at="2022-03-01 10:00")
MISTYPED = KNOWN["zhao3"]["id_number"][:17] + ("0" if KNOWN["zhao3"]["id_number"][17] != "0" else "1")
MAYBE_ZHAO3 = {"name": "", "id_number": MISTYPED, "phone": ""}
"""A row with nothing but a number whose check digit is wrong: for somebody to look at."""

VISITS = [
    check_in("wang1", "noodles", *LUNCH),
    check_in("zhao1", "noodles", *LUNCH),
    check_in(MAYBE_ZHAO3, "noodles", *LUNCH),
]
WORKER, OFFICER = Actor("grid_worker@121"), Actor("county_officer@12")

LABELS = "select answer, status, decided_by from link_review order by review_no"
ORDERS = "select status from visible_measure_order where person_no = :person order by order_id"
DECIDED = (
    "select subject_key, kind, owner, status, level, weight, reason, due_at from visible_task order by task_id",
    "select signal_id, subject_key, ring, weight, minutes, status from visible_exposure order by exposure_id",
    "select person_no, measure, status from visible_measure_order order by order_id",
)


@pytest.fixture
def town(staffed: Store, tmp_path: Path) -> Town:
    """Lunch with a case; one guest was linked for certain, of another somebody has to say who it is."""
    (tmp_path / "files").mkdir()
    town = Town(staffed, tmp_path / "files", now=NOON)
    make_key_files(staffed.deployment.keys.parent, kinds={work.LINKS_NAME: work.DISPUTE_LINK}, now=NOON)
    town.settle()
    town.now = EVENING
    town.receive(check_ins=VISITS, case_line_list=[FIRST_CASE])
    return town


def respond_and_sign(town: Town) -> None:
    town.respond()
    [signal] = town.signals()
    for order in flow.draft_orders(town.store, signal.signal_id, actor=COUNTY, now=town.now):
        town.act(lambda act, order=order: work.sign_order(act, order, clock=town.store.clock), CHIEF)  # type: ignore[misc]


def listed(town: Town) -> set[str]:
    return {key for _, key in town.exposed()}


def visit_task(town: Town, person: str) -> int:
    """The task about somebody, acknowledged by the worker of the place."""
    number = town.numbers()[person]
    [task] = [one for one in town.tasks() if one.subject.key == str(number) and one.kind is not TaskKind.IDENTIFY]
    town.act(lambda act: work.acknowledge_tasks(act, [task.task_id]), WORKER)
    return task.task_id


def visitors(town: Town) -> list[set[int]]:
    """Who was at the noodles, by every copy of the lake, numbers led home."""
    homes = Aliases(town.store.desk)
    return [
        set(homes.resolve(town.store.lake.read(RecordKind.VISIT, copy=copy.name)["person"].to_numpy()).tolist())
        for copy in LAYOUTS[RecordKind.VISIT].copies
    ]


def decide(town: Town, verdict: Verdict) -> None:
    town.act(lambda act: link.decide_review(act, 1, verdict=verdict), STEWARD)


def at_the_door(town: Town, task: int) -> int:
    [dispute] = flow.record_attempts(town.store, [task], outcome=Outcome.WRONG_PERSON, actor=WORKER, now=town.now)
    return dispute


def test_a_certain_link_is_undone_at_the_door_in_every_copy_with_orders_and_tasks_and_teaches(town: Town) -> None:
    respond_and_sign(town)
    person = town.numbers()["zhao1"]
    assert all(person in seen for seen in visitors(town))
    dispute = at_the_door(town, visit_task(town, "zhao1"))

    assert not any(person in seen for seen in visitors(town))
    assert {status for (status,) in town.rows(ORDERS, person=person)} <= {"released", "declined"}
    assert str(person) not in {task.subject.key for task in town.tasks()}
    assert ("person", "different", "grid_worker@121") in town.rows(LABELS)
    waiting = town.act(lambda act: work.read_dispute(act, dispute), OFFICER)
    assert waiting.status is DisputeStatus.RAISED, "somebody else than the worker still answers"

    town.now += DAY / 24
    town.respond()
    assert "zhao1" not in listed(town)
    strangers = {key[1:] for key in listed(town) if key.startswith("?")}
    assert {task.kind for task in town.tasks() if task.subject.key in strangers} == {TaskKind.IDENTIFY}
    town.store.verify_ledger()


def test_said_at_the_door_and_found_untrue_the_link_holds_again_and_they_are_listed_anew(town: Town) -> None:
    respond_and_sign(town)
    dispute = at_the_door(town, visit_task(town, "zhao1"))
    redress.reject_dispute(town.store, dispute, actor=OFFICER, now=town.now)
    person = town.numbers()["zhao1"]
    assert all(person in seen for seen in visitors(town))
    town.now += DAY / 24
    town.respond()
    assert "zhao1" in listed(town)


def test_who_wins_a_dispute_that_it_is_not_they_need_not_know_which_list_was_wrong(town: Town) -> None:
    respond_and_sign(town)
    person = town.numbers()["zhao1"]
    task = visit_task(town, "zhao1")
    dispute = redress.raise_dispute(
        town.store,
        Contested(ContestedKind.TASK, task),
        ground=DisputeGround.NOT_ME,
        way=DisputeWay.PHONE,
        actor=OFFICER,
        now=town.now,
    )
    assert all(person in seen for seen in visitors(town)), "nothing is undone before the answer"
    redress.uphold_dispute(town.store, dispute.dispute_id, actor=OFFICER, now=town.now)
    assert not any(person in seen for seen in visitors(town))
    assert ("person", "different", "county_officer@12") in town.rows(LABELS)


def test_what_was_denied_at_the_door_is_not_linked_again_by_the_same_line_tomorrow(town: Town) -> None:
    respond_and_sign(town)
    person = town.numbers()["zhao1"]
    dispute = at_the_door(town, visit_task(town, "zhao1"))
    tomorrow = ("2022-03-01 12:00", "2022-03-01 13:00")
    town.now += DAY
    town.receive(check_ins=[check_in("wang1", "noodles", *tomorrow), check_in("zhao1", "noodles", *tomorrow)])
    assert not any(person in seen for seen in visitors(town))
    town.respond()
    assert "zhao1" not in listed(town)
    asked = [task for task in town.tasks() if task.kind is TaskKind.IDENTIFY]
    [own] = {number for (number,) in town.rows("select person_no from link_review where status = 'different'")}
    assert str(own) in {task.subject.key for task in asked}, "whoever the line means is asked at the door"

    redress.reject_dispute(town.store, dispute, actor=OFFICER, now=town.now)
    later = ("2022-03-02 12:00", "2022-03-02 13:00")
    town.now += DAY
    town.receive(check_ins=[check_in("zhao1", "noodles", *later)])
    assert all(person in seen for seen in visitors(town)), "the worker was not told the truth: the links hold again"


def test_a_decision_of_the_queue_that_was_wrong_is_turned_at_the_door(town: Town) -> None:
    decide(town, Verdict.SAME)
    respond_and_sign(town)
    person = town.numbers()["zhao3"]
    assert "zhao3" in listed(town)
    before = [town.store.lake.read(RecordKind.VISIT, copy=copy.name) for copy in LAYOUTS[RecordKind.VISIT].copies]
    at_the_door(town, visit_task(town, "zhao3"))
    assert not any(person in seen for seen in visitors(town))
    assert town.rows(LABELS) == [("review", "different", "grid_worker@121")]
    after = [town.store.lake.read(RecordKind.VISIT, copy=copy.name) for copy in LAYOUTS[RecordKind.VISIT].copies]
    assert after == before, "an alias led there: no row has to be written again"
    assert {status for (status,) in town.rows(ORDERS, person=person)} <= {"released", "declined"}


def answers(town: Town) -> bytes:
    """Everything the lake, the links and the work say of people, numbers led home, as bytes."""
    homes, sink = Aliases(town.store.desk), pa.BufferOutputStream()
    for kind, layout in LAYOUTS.items():
        for copy in layout.copies:
            rows = town.store.lake.read(kind, copy=copy.name)
            for name in layout.person_columns:
                led = pa.array(homes.resolve(rows[name].fill_null(0).to_numpy()))
                rows = rows.set_column(rows.schema.get_field_index(name), name, led)
            with pa.ipc.new_stream(sink, rows.schema) as writer:
                writer.write_table(rows)
    return sink.getvalue().to_pybytes() + repr([town.rows(sql) for sql in DECIDED]).encode()


def test_a_decision_taken_back_leaves_every_answer_byte_by_byte_as_it_was(town: Town) -> None:
    respond_and_sign(town)
    before = answers(town)
    decide(town, Verdict.SAME)
    assert answers(town) != before
    town.act(lambda act: link.undo_review(act, 1), STEWARD)
    assert answers(town) == before


@pytest.mark.parametrize("between", [lambda _town: None, respond_and_sign], ids=["at once", "after a response"])
def test_a_decision_moves_tasks_and_orders_and_taken_back_moves_them_back(
    town: Town, between: Callable[[Town], None]
) -> None:
    respond_and_sign(town)
    before = listed(town)
    asked = {(task.subject.key, task.kind) for task in town.tasks()}
    decide(town, Verdict.SAME)
    between(town)
    town.now += DAY / 24
    town.respond()
    assert "zhao3" in listed(town)
    assert not any(key.startswith("?") for key in listed(town))
    town.act(lambda act: link.undo_review(act, 1), STEWARD)
    town.now += DAY / 24
    town.respond()
    assert listed(town) == before
    assert {(task.subject.key, task.kind) for task in town.tasks()} == asked
    town.store.verify_ledger()


def test_the_queues_report_counts_decisions_and_the_labels_hold_what_was_denied_too(town: Town) -> None:
    respond_and_sign(town)
    decide(town, Verdict.DIFFERENT)
    at_the_door(town, visit_task(town, "zhao1"))
    [band] = town.act(link.read_calibration, STEWARD)
    assert band.pairs == 1
    labels = {(label["answer"], label["status"]) for label in town.act(link.read_labels, STEWARD)}
    assert labels == {("review", "different"), ("person", "different")}
