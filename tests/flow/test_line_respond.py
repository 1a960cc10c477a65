"""From a signal to lists, orders and follow-up in a small town, and back again when the signal falls."""

from pathlib import Path

import pytest
from small_town import (
    CHIEF,
    COUNTY,
    DAY,
    EPIDEMIOLOGIST,
    EVENING,
    GRID,
    KNOWN,
    NOON,
    SAID,
    Town,
    case,
    check_in,
    sample,
)

from ringfence import flow, work
from ringfence.cli.calls import Asked
from ringfence.cli.signal_desk import take_signal_back
from ringfence.errors import ApprovalMissing, InputRefused, NotAllowed, TransitionRefused
from ringfence.signals import dismiss_signal, raise_signal
from ringfence.store import Store
from ringfence.terms import OrderStatus, SignalKind, Subject, SubjectKind, TaskKind
from ringfence.trace import Direction

LUNCH = ("2022-02-28 12:00", "2022-02-28 13:00")
VISITS = [
    check_in("wang1", "noodles", *LUNCH),
    check_in("wang2", "noodles", *LUNCH),
    check_in("li1", "noodles", "2022-02-28 12:10", "2022-02-28 12:50"),
    check_in("zhao1", "noodles", "2022-02-28 12:55", "2022-02-28 13:30"),
    check_in({"name": "高", "phone": KNOWN["gao1"]["phone"]}, "noodles", *LUNCH),
]
FIRST_CASE = case("wang1", "C1", "2022-03-01 18:00", sampled_at="2022-03-01 10:00")


@pytest.fixture
def town(staffed: Store, tmp_path: Path) -> Town:
    """The town settled, its lunch of the day before and its first case received."""
    (tmp_path / "files").mkdir()
    town = Town(staffed, tmp_path / "files", now=NOON)
    town.settle()
    town.now = EVENING
    town.receive(check_ins=VISITS, case_line_list=[FIRST_CASE])
    return town


def test_household_and_table_are_listed_the_same_day_ordered_by_two_officers_and_released_with_the_signal(
    town: Town,
) -> None:
    [response] = town.respond()
    found = {key: rules for (_, key), rules in town.exposed().items()}
    [doubtful] = [key for key in found if key.startswith("?")]
    assert found == {
        "wang2": {"household", "same_place"},  # one exposure, two reasons
        "wang3": {"household"},
        "li1": {"same_place"},
        "li2": {"household"},  # the second ring
        doubtful: {"same_place"},
    }
    assert (response.found, response.listed, response.below) == (5, 5, 0)
    tasks = {task.subject.key: task for task in town.tasks()}
    assert tasks[doubtful[1:]].kind is TaskKind.IDENTIFY
    assert tasks[doubtful[1:]].owner == "1111-g1", "asked at the door of the household the link points to"
    assert {task.owner for key, task in tasks.items() if key != doubtful[1:]} == {"111-g1"}

    [signal] = town.signals()
    orders = flow.draft_orders(town.store, signal.signal_id, actor=COUNTY, now=town.now)
    ordered = town.rows("select distinct person_no from visible_measure_order order by person_no")
    assert (int(doubtful[1:]),) not in ordered
    assert len(ordered) == 4
    with pytest.raises(ApprovalMissing if _may_sign(COUNTY.actor_id) else NotAllowed):
        town.act(lambda act: work.sign_order(act, orders[0], clock=town.store.clock), COUNTY)
    for order in orders:
        town.act(lambda act, order=order: work.sign_order(act, order, clock=town.store.clock), CHIEF)  # type: ignore[misc]

    withdrawn = flow.withdraw(town.store, signal.signal_id, reason=SAID, actor=EPIDEMIOLOGIST, now=town.now)
    assert len(withdrawn) == 5
    assert town.tasks() == []
    assert town.exposed() == {}
    assert town.rows("select distinct status from visible_measure_order") == [(OrderStatus.RELEASED,)]
    assert town.rows("select distinct status from visible_follow_up") == [("cancelled",)]
    town.store.verify_ledger()


def test_a_case_known_by_its_household_only_exposed_whoever_lives_there(town: Town) -> None:
    of_the_house = {"name": "高", "phone": KNOWN["gao1"]["phone"]}
    town.receive(case_line_list=[case(of_the_house, "C2", "2022-03-01 19:00", sampled_at="2022-03-01 10:00")])
    [signal] = [one for one in town.verify() if one.case_id == 2]
    flow.respond(town.store, [signal], actor=EPIDEMIOLOGIST, now=town.now, seed=1)
    listed = {key for (number, key), rules in town.exposed().items() if "household" in rules}
    assert {"gao1", "gao2"} <= listed
    orders = flow.draft_orders(town.store, signal.signal_id, actor=COUNTY, now=town.now)
    ordered = {person for (person,) in town.rows("select person_no from visible_measure_order")}
    numbers = town.numbers()
    assert (len(orders) > 0, ordered & {numbers["gao1"], numbers["gao2"]}) == (True, set()), (
        "such a link bears no order"
    )


def test_what_another_signal_justifies_stays_when_one_is_withdrawn(town: Town) -> None:
    town.receive(case_line_list=[case("wang2", "C2", "2022-03-01 19:00", sampled_at="2022-03-01 10:00")])
    town.respond()
    second, first = (one.signal_id for one in town.signals()[::-1])
    flow.withdraw(town.store, first, reason=SAID, actor=EPIDEMIOLOGIST, now=town.now)
    kept = {key for signal, key in town.exposed() if signal == second}
    assert {"wang1", "wang3", "li1"} <= kept
    numbers = town.numbers()
    assert {str(numbers[key]) for key in ("wang1", "wang3", "li1")} <= {task.subject.key for task in town.tasks()}


def test_an_onset_learned_later_moves_the_window_and_releases_whom_it_leaves_out(town: Town) -> None:
    town.respond()
    assert "li1" in {key for _, key in town.exposed()}
    isolated = {**FIRST_CASE, "onset_date": "2022-03-01", "isolated_at": "2022-02-27 08:00"}
    town.receive(case_line_list=[isolated])
    town.respond()
    left = {key for _, key in town.exposed()}
    assert left == {"wang2", "wang3"}, "isolated the day before the lunch: nobody there was at risk"
    numbers = town.numbers()
    assert {task.subject.key for task in town.tasks()} == {str(numbers[key]) for key in left}
    assert town.rows("select count(*) from visible_follow_up where status = 'follow_up'") == [(2,)]


def test_a_positive_pool_recalls_without_a_ring_and_its_result_and_line_list_are_one_case(town: Town) -> None:
    members = ["zhao1", "zhao2", "zhao3", "li2"]
    tube = {"pool_id": "T1"}
    pool = [sample(key, f"S{n}", "2022-03-01 08:00", "positive", **tube) for n, key in enumerate(members)]
    town.receive(laboratory_results=pool)
    [signal] = [one for one in town.signals() if one.kind is SignalKind.POSITIVE_POOL]
    assert flow.respond(town.store, [signal], actor=EPIDEMIOLOGIST, now=town.now, seed=1) == []
    retests = [task for task in town.tasks() if task.kind is TaskKind.RETEST]
    assert {int(task.subject.key) for task in retests} == {town.numbers()[key] for key in members}
    assert town.exposed() == {}

    town.now += DAY
    town.receive(laboratory_results=[sample("zhao2", "S9", "2022-03-02 08:00", "positive")])
    town.receive(case_line_list=[case("zhao2", "C7", "2022-03-02 15:00", onset_date="2022-03-02")])
    of_her = [one for one in town.signals() if one.subject.key == str(town.numbers()["zhao2"])]
    assert [one.kind for one in of_her] == [SignalKind.POSITIVE_TEST]
    town.receive(laboratory_results=[sample("zhao2", "S10", "2022-03-02 09:00", "positive")])
    assert town.rows("select case_key from visible_case_episode order by case_id") == [("C1",), ("C7",)]


def test_only_a_verified_signal_about_a_case_is_responded_to_and_only_by_who_may(town: Town) -> None:
    [raised] = town.signals()
    with pytest.raises(TransitionRefused, match="is raised; verify it before responding"):
        flow.respond(town.store, [raised], actor=EPIDEMIOLOGIST, now=town.now, seed=1)
    [signal] = town.verify()
    for step in (
        lambda: flow.respond(town.store, [signal], actor=GRID, now=town.now, seed=1),
        lambda: flow.preview(town.store, signal.signal_id, directions=[Direction.FORWARD], actor=GRID, now=town.now),
    ):
        with pytest.raises(NotAllowed, match="grid_worker may not do"):
            step()
    assert town.exposed() == {}
    assert town.tasks() == []


def test_a_signal_about_no_case_and_a_dismissed_one_are_refused_in_one_sentence(town: Town) -> None:
    [raised] = town.signals()
    town.act(lambda act: dismiss_signal(act, raised.signal_id, reason=SAID))
    town.receive(case_line_list=[{**FIRST_CASE, "onset_date": "2022-02-27"}])
    assert town.signals() == [], "what was dismissed is not raised again by itself"
    with pytest.raises(TransitionRefused, match="is dismissed"):
        flow.respond(town.store, [raised], actor=EPIDEMIOLOGIST, now=town.now, seed=1)

    by_hand = town.act(
        lambda act: raise_signal(
            act,
            kind=SignalKind.POSITIVE_TEST,
            subject=Subject(SubjectKind.PERSON, "1"),
            disease="covid19",
            area_path="1/",
            reason=SAID,
            origin="hand:1",
        )
    )
    flow.verify(town.store, by_hand.signal_id, reason=SAID, actor=EPIDEMIOLOGIST, now=town.now)
    with pytest.raises(InputRefused, match="names no case, so it has no ring"):
        flow.respond(town.store, [by_hand], actor=EPIDEMIOLOGIST, now=town.now, seed=1)


def test_responding_twice_lists_nobody_twice(town: Town) -> None:
    [signal] = town.verify()
    first = flow.respond(town.store, [signal, signal], actor=EPIDEMIOLOGIST, now=town.now, seed=1)
    second = flow.respond(town.store, [signal], actor=EPIDEMIOLOGIST, now=town.now, seed=2)
    assert [(one.signals, one.found, one.tasks) for one in (*first, *second)] == [(1, 5, 5), (1, 5, 5)]
    assert len(town.tasks()) == 5
    assert town.rows("select count(*) from visible_follow_up") == [(5,)]


def test_who_withdraws_at_the_command_line_releases_too(town: Town) -> None:
    town.respond()
    [signal] = town.signals()
    asked = Asked(EPIDEMIOLOGIST, town.now, lambda _what, _share: None)
    taken_back = take_signal_back(town.store, asked, signal=signal.signal_id, decision="withdraw")
    assert (taken_back["status"], len(taken_back["tasks"])) == ("withdrawn", 5)
    assert town.tasks() == []


def _may_sign(actor: str) -> bool:
    return actor in {"county_officer", "city_officer"}
