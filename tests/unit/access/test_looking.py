"""A person's details are opened for one's own open task on that person, or by two people; for nothing else."""

from collections.abc import Collection
from datetime import datetime, timedelta

import pytest
from access_desk import put_follow_up, put_task, put_unit

from ringfence.access import approve_break_glass, ask_break_glass, check_may_open, decline, open_people, read_purpose
from ringfence.errors import ApprovalMissing, InputRefused, NotAllowed
from ringfence.store import Act, Store, add_people, merge_people, read_recent_lines
from ringfence.terms import Actor, AliasKind, Reason, ReasonCode

ME, ELSEWHERE = Actor("grid_worker@111"), Actor("grid_worker@121")
COUNTY = Actor("county_officer@11")
HOME, OTHER = "1/11/111/", "1/12/121/"
MINE, DONE, PLACE, NEIGHBOURS, FOLLOWED, RELEASED, NOBODYS = range(1, 8)
REASON = "Brought to hospital unconscious; family must be found"


@pytest.fixture
def desk(staffed: Store, now: datetime) -> Store:
    """Two units; the first has one person to visit, one to follow up, and others that it has no longer or never had."""

    def put(act: Act) -> None:
        put_unit(act, "grid-1", HOME, ME.actor_id)
        put_unit(act, "grid-2", HOME)
        put_unit(act, "grid-3", OTHER, ELSEWHERE.actor_id)
        put_task(act, 1, f"person:{MINE}", owner="grid-1", area_path=HOME, status="acknowledged")
        put_task(act, 2, f"person:{DONE}", owner="grid-1", area_path=HOME, status="done")
        put_task(act, 3, f"place:{PLACE}", owner="grid-1", area_path=HOME)
        put_task(act, 4, f"person:{NEIGHBOURS}", owner="grid-2", area_path=HOME)
        put_follow_up(act, FOLLOWED, unit_id="grid-1", area_path=HOME)
        put_follow_up(act, RELEASED, unit_id="grid-1", area_path=HOME, status="completed")

    staffed.act(put, actor=Actor("administrator"), now=now)
    return staffed


def may_open(store: Store, people: Collection[int], now: datetime, *, actor: Actor = ME, key: str = "outreach") -> bool:
    try:
        check_may_open(store, people, purpose=read_purpose(store.desk, key, now=now), actor=actor, now=now)
    except NotAllowed:
        return False
    return True


def ask(store: Store, people: list[int], now: datetime, *, actor: Actor = ME, reason: str = REASON) -> int:
    purpose = read_purpose(store.desk, "outreach", now=now)
    return store.act(
        lambda act: ask_break_glass(act, people, purpose=purpose, reason=reason, area_path=HOME, clock=store.clock),
        actor=actor,
        now=now,
    )


def test_only_who_is_on_an_open_task_of_ones_own_unit_is_opened(desk: Store, now: datetime) -> None:
    assert [person for person in range(1, 8) if may_open(desk, [person], now)] == [MINE]
    assert may_open(desk, [], now)


def test_only_who_is_followed_up_by_ones_own_unit_is_opened_for_that_too(desk: Store, now: datetime) -> None:
    assert [person for person in range(1, 8) if may_open(desk, [person], now, key="follow_up")] == [MINE, FOLLOWED]


def test_one_person_too_many_closes_the_whole_list_and_the_refusal_counts_them(desk: Store, now: datetime) -> None:
    purpose = read_purpose(desk.desk, "outreach", now=now)
    with pytest.raises(NotAllowed, match="2 of these 3 people are on no open task"):
        check_may_open(desk, [MINE, DONE, NOBODYS], purpose=purpose, actor=ME, now=now)


@pytest.mark.parametrize("user", ["grid_worker@121", "grid_worker", "county_officer@11", "city_officer", "nobody"])
def test_nobody_else_opens_them_whatever_their_rank(desk: Store, now: datetime, user: str) -> None:
    assert not may_open(desk, [MINE], now, actor=Actor(user))


@pytest.mark.parametrize("key", ["measures", "tracing", "dispute", "accountability", "linking"])
def test_another_purpose_than_the_roles_opens_nothing(desk: Store, now: datetime, key: str) -> None:
    assert not may_open(desk, [MINE], now, key=key)


def test_who_left_the_unit_opens_nothing_any_more(desk: Store, now: datetime) -> None:
    leave = "update unit_member set removed_at = recorded_at where user_id = :user_id"
    desk.act(lambda act: act.note("member.removed", count=act.run(leave, user_id=ME.actor_id)), actor=COUNTY, now=now)
    assert not may_open(desk, [MINE], now)


def test_a_task_outside_the_area_of_the_role_opens_nothing(desk: Store, now: datetime) -> None:
    desk.act(lambda act: put_task(act, 9, f"person:{NOBODYS}", owner="grid-1", area_path=OTHER), actor=COUNTY, now=now)
    assert not may_open(desk, [NOBODYS], now)


def test_numbers_that_lead_to_one_person_open_that_person(desk: Store, now: datetime) -> None:
    reason = Reason.of(ReasonCode.SAID_BY, actor="data_steward")

    def merge(act: Act) -> None:
        merge_people(act, from_no=MINE, to_no=NOBODYS, reason=reason, kind=AliasKind.MERGED)

    assert not may_open(desk, [NOBODYS], now)
    desk.act(merge, actor=Actor("data_steward"), now=now)
    assert may_open(desk, [NOBODYS], now)
    assert may_open(desk, [MINE], now)


def test_only_the_purposes_fields_are_opened_and_the_look_is_on_the_ledger(staffed: Store, now: datetime) -> None:
    person = {"name": "李四", "id_number": "140211199001011234", "phone": "13900000000", "row": 1}

    def put(act: Act) -> int:
        number = add_people(act, staffed.keys, [person])
        put_unit(act, "grid-1", HOME, ME.actor_id)
        put_task(act, 1, f"person:{number}", owner="grid-1", area_path=HOME)
        return number

    number = staffed.act(put, actor=Actor("administrator"), now=now)
    purpose = read_purpose(staffed.desk, "outreach", now=now)
    opened = open_people(staffed, [number], purpose=purpose, actor=ME, now=now)
    assert opened["name"].to_pylist() == ["李四"]
    assert "id_number" not in opened.column_names
    line = read_recent_lines(staffed.desk, count=1)[0]
    assert (line["actor"], line["action"], line["purpose"]) == (ME.actor_id, "people.read", "outreach")
    with pytest.raises(NotAllowed):
        open_people(staffed, [number], purpose=purpose, actor=ELSEWHERE, now=now)
    assert read_recent_lines(staffed.desk, count=1)[0] == line


def test_two_people_open_for_a_reason_and_a_short_time(desk: Store, now: datetime) -> None:
    number = ask(desk, [NOBODYS], now)
    assert not may_open(desk, [NOBODYS], now)
    desk.act(lambda act: approve_break_glass(act, number), actor=COUNTY, now=now)
    assert may_open(desk, [NOBODYS], now)
    assert may_open(desk, [NOBODYS, MINE], now)
    assert not may_open(desk, [NOBODYS, DONE], now)
    assert may_open(desk, [NOBODYS], now + timedelta(minutes=59, seconds=59))
    assert not may_open(desk, [NOBODYS], now + timedelta(hours=1))


def test_what_two_opened_is_open_for_who_asked_and_for_that_purpose_only(desk: Store, now: datetime) -> None:
    number = ask(desk, [NOBODYS], now)
    desk.act(lambda act: approve_break_glass(act, number), actor=COUNTY, now=now)
    assert not may_open(desk, [NOBODYS], now, key="follow_up")
    assert not may_open(desk, [NOBODYS], now, actor=Actor("grid_worker@11"))
    assert not may_open(desk, [NOBODYS], now, actor=COUNTY)


def test_a_refusal_opens_nothing(desk: Store, now: datetime) -> None:
    number = ask(desk, [NOBODYS], now)
    desk.act(lambda act: decline(act, number), actor=COUNTY, now=now)
    assert not may_open(desk, [NOBODYS], now)


def test_the_second_person_is_another_and_has_the_right_in_that_area(desk: Store, now: datetime) -> None:
    for user in ("county_officer@12", "county_officer@111", "grid_worker@11", "auditor", "epidemiologist"):
        number = ask(desk, [NOBODYS], now)
        if user == "county_officer@111":
            desk.act(lambda act, n=number: approve_break_glass(act, n), actor=Actor(user), now=now)
            continue
        with pytest.raises(NotAllowed):
            desk.act(lambda act, n=number: approve_break_glass(act, n), actor=Actor(user), now=now)
    own = ask(desk, [NOBODYS], now, actor=COUNTY)
    with pytest.raises(ApprovalMissing, match="who proposed a plan cannot approve it"):
        desk.act(lambda act: approve_break_glass(act, own), actor=COUNTY, now=now)


def test_asking_needs_a_reason_people_and_a_role_that_opens_people_there(desk: Store, now: datetime) -> None:
    with pytest.raises(InputRefused, match="say in a sentence why"):
        ask(desk, [NOBODYS], now, reason="  urgent  ")
    for people in ([], list(range(100, 121))):
        with pytest.raises(InputRefused, match="at most 20 people"):
            ask(desk, people, now)
    for user in ("grid_worker@121", "auditor", "administrator", "nobody"):
        with pytest.raises(NotAllowed):
            ask(desk, [NOBODYS], now, actor=Actor(user))


def test_asking_and_deciding_are_on_the_ledger_without_the_reason(desk: Store, now: datetime) -> None:
    number = ask(desk, [NOBODYS], now)
    desk.act(lambda act: approve_break_glass(act, number), actor=COUNTY, now=now)
    lines = read_recent_lines(desk.desk, count=2)
    assert [(line["actor"], line["action"]) for line in reversed(lines)] == [
        (ME.actor_id, "break_glass.proposed"),
        (COUNTY.actor_id, "approval.given"),
    ]
    assert "hospital" not in str(lines)
