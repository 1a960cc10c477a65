"""Contested at the end of the line: everything it justified is released, every copy corrected, nothing found again."""

from pathlib import Path

import pytest
from small_town import CHIEF, COUNTY, DAY, EVENING, NOON, Town, case, check_in

from ringfence import flow, redress, work
from ringfence.seal import make_key_files, read_signer
from ringfence.store import Store
from ringfence.terms import (
    Actor,
    Contested,
    ContestedKind,
    DisputeGround,
    DisputeStatus,
    OrderStatus,
    RecordKind,
    TaskKind,
)

LUNCH = ("2022-02-28 12:00", "2022-02-28 13:00")
VISITS = [check_in(one, "noodles", *LUNCH) for one in ("wang1", "li1", "zhao1")]
FIRST_CASE = case("wang1", "C1", "2022-03-01 18:00", sampled_at="2022-03-01 10:00")
ANSWERING = Actor("county_officer@11")

ORDERS = "select order_id, status from visible_measure_order where person_no = :person order by order_id"
WATCHED = "select status from visible_follow_up where person_no = :person"


@pytest.fixture
def town(staffed: Store, tmp_path: Path) -> Town:
    """Lunch with a case, everybody listed, ordered and signed for; the deployment can sign links."""
    (tmp_path / "files").mkdir()
    town = Town(staffed, tmp_path / "files", now=NOON)
    make_key_files(staffed.deployment.keys.parent, kinds={work.LINKS_NAME: work.DISPUTE_LINK}, now=NOON)
    town.settle()
    town.now = EVENING
    town.receive(check_ins=VISITS, case_line_list=[FIRST_CASE])
    town.respond()
    [signal] = town.signals()
    orders = flow.draft_orders(staffed, signal.signal_id, actor=COUNTY, now=town.now)
    for order in orders:
        town.act(lambda act, order=order: work.sign_order(act, order, clock=staffed.clock), CHIEF)  # type: ignore[misc]
    return town


def exposed(town: Town) -> set[str]:
    return {key for _, key in town.exposed()}


def orders_of(town: Town, person: str) -> dict[int, str]:
    return dict(town.rows(ORDERS, person=town.numbers()[person]))  # type: ignore[arg-type]


def contest(town: Town, person: str) -> int:
    """The person shows the link of the first order."""
    order = min(orders_of(town, person))
    signer = read_signer(town.store.deployment.keys.parent, work.LINKS_NAME)
    link = work.write_link(Contested(ContestedKind.ORDER, order), signer=signer, policy=town.policy(), now=town.now)
    return redress.contest(town.store, link, ground=DisputeGround.WRONG, now=town.now).dispute_id


def test_upheld_person_and_whom_only_they_led_to_are_released_and_a_second_trace_finds_neither(town: Town) -> None:
    assert {"li1", "li2", "zhao1"} <= exposed(town)
    dispute = contest(town, "li1")
    answered = redress.uphold_dispute(town.store, dispute, actor=ANSWERING, now=town.now)
    assert answered.dispute.status is DisputeStatus.UPHELD
    for person in ("li1", "li2"):
        assert set(orders_of(town, person).values()) <= {OrderStatus.RELEASED, OrderStatus.DECLINED}
        assert town.rows(WATCHED, person=town.numbers()[person]) == [("cancelled",)]
    assert set(orders_of(town, "zhao1").values()) == {OrderStatus.SIGNED}
    left = {int(task.subject.key) for task in town.tasks()}
    assert not left & {town.numbers()["li1"], town.numbers()["li2"]}

    town.now += DAY / 24
    town.respond()
    assert not {"li1", "li2"} & exposed(town)
    assert {"wang2", "wang3", "zhao1"} <= exposed(town)
    town.store.verify_ledger()


def test_rows_a_wrong_link_gave_somebody_get_a_number_of_their_own_in_every_copy(town: Town) -> None:
    """Somebody else checked in as zhao1: the rows of that list go to a number nobody knows yet, who is asked for."""
    person = town.numbers()["zhao1"]
    [(batch,)] = town.rows("select batch_no from batch where feed = 'check_ins'")
    dispute = contest(town, "zhao1")
    redress.uphold_dispute(town.store, dispute, wrong_batches=[batch], actor=Actor("county_officer@12"), now=town.now)
    for copy in ("by_cell", "by_person"):
        visits = town.store.lake.read(RecordKind.VISIT, copy=copy).to_pylist()
        assert len(visits) == len(VISITS)
        assert person not in {row["person"] for row in visits}
    assert set(orders_of(town, "zhao1").values()) <= {OrderStatus.RELEASED, OrderStatus.DECLINED}

    town.now += DAY / 24
    town.respond()
    assert "zhao1" not in exposed(town)
    [stranger] = [key for key in exposed(town) if key.startswith("?")]
    [task] = [one for one in town.tasks() if one.subject.key == stranger[1:]]
    assert task.kind is TaskKind.IDENTIFY, "nothing is certain about the number: somebody asks"
    flow.draft_orders(town.store, town.signals()[0].signal_id, actor=COUNTY, now=town.now)
    assert town.rows(ORDERS, person=int(stranger[1:])) == []


def test_rejected_everything_stands_as_it_stood(town: Town) -> None:
    before = orders_of(town, "li1")
    dispute = contest(town, "li1")
    redress.reject_dispute(town.store, dispute, actor=ANSWERING, now=town.now)
    assert orders_of(town, "li1") == before
    assert {"li1", "li2"} <= exposed(town)


def test_a_day_run_finds_what_nobody_answered(town: Town) -> None:
    contest(town, "li1")
    town.now += DAY
    flow.follow_up(town.store, day=town.store.clock.day_of(town.now), actor=CHIEF, now=town.now)
    assert OrderStatus.SUSPENDED in orders_of(town, "li1").values()
