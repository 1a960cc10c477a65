"""A link by weight alone, however likely, asks who it is; no order before somebody was at the door (2.3, 2.6)."""

from pathlib import Path

import pytest
from small_town import COUNTY, EVENING, NOON, Town, case, check_in, said_of

from ringfence import flow, work
from ringfence.link import CERTAIN, How
from ringfence.store import Store
from ringfence.terms import Actor, Outcome, RecordKind, TaskKind

LUNCH = ("2022-02-28 12:00", "2022-02-28 13:00")
NAMED = {**said_of("li1", "name", "phone"), "id_number": ""}
"""A name and a telephone: sure enough for a task."""

WORKER = Actor("grid_worker@111")
ORDERED = "select distinct person_no from visible_measure_order"


@pytest.fixture
def town(staffed: Store, tmp_path: Path) -> Town:
    """Lunch with a case; one guest's row was linked by weight, another's by rule."""
    town = Town(staffed, tmp_path, now=NOON)
    town.settle()
    town.now = EVENING
    visits = [check_in("wang1", "noodles", *LUNCH), check_in(NAMED, "noodles", *LUNCH)]
    visits.append(check_in("zhao1", "noodles", *LUNCH))
    town.receive(
        check_ins=visits, case_line_list=[case("wang1", "C1", "2022-03-01 18:00", sampled_at="2022-03-01 10:00")]
    )
    town.respond()
    return town


def draft(town: Town) -> set[int]:
    [signal] = town.signals()
    flow.draft_orders(town.store, signal.signal_id, actor=COUNTY, now=town.now)
    return {person for (person,) in town.rows(ORDERED)}


def test_who_was_linked_by_weight_is_asked_first_and_ordered_only_when_met(town: Town) -> None:
    guessed, proven = town.numbers()["li1"], town.numbers()["zhao1"]
    links = town.store.lake.read(RecordKind.LINK).to_pylist()
    hows = {one["person"]: one["how"] for one in links if one["answer"] == "person"}
    assert hows[guessed] == How.SPLINK
    assert hows[proven] in CERTAIN
    tasks = {task.subject.key: task for task in town.tasks()}
    assert tasks[str(guessed)].kind is TaskKind.IDENTIFY
    assert tasks[str(proven)].kind is not TaskKind.IDENTIFY
    ordered = draft(town)
    assert proven in ordered
    assert guessed not in ordered

    number = tasks[str(guessed)].task_id
    town.act(lambda act: work.acknowledge_tasks(act, [number]), WORKER)
    assert guessed not in draft(town)
    town.act(lambda act: work.close_tasks(act, [number], outcome=Outcome.REACHED, store=town.store), WORKER)
    assert guessed in draft(town)
