"""Canary persons and the weekly review: who watches those who look."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from ringfence import flow, redress
from ringfence.access import read_purpose
from ringfence.account import list_findings, plant_canaries
from ringfence.errors import ApprovalMissing, InputRefused, NotAllowed, TransitionRefused
from ringfence.store import Act, Scope, Store, add_people
from ringfence.terms import Actor, FindingStatus, ReasonCode

DAY = timedelta(days=1)
AUDITOR, CITY, CURIOUS = Actor("auditor"), Actor("city_officer"), Actor("county_officer@11")
EVERYTHING = Scope.of_system()
DRAWN = "select seed, looks, drawn from look_draw"
DRAWN_ROWS = "select chain, seq from look_review order by review_id"

Look = Callable[..., None]


@pytest.fixture
def canary(staffed: Store, now: datetime) -> int:
    """Somebody made up, whose number only the test knows."""

    def plant(act: Act) -> None:
        act.take_numbers("person", 54_320)
        plant_canaries(act, ["司马无名"], area_path="1/", store=staffed)

    staffed.act(plant, actor=AUDITOR, now=now)
    [(number,)] = staffed.desk.rows("select person_no from canary")
    return int(number)


@pytest.fixture
def neighbour(staffed: Store, now: datetime) -> int:
    def add(act: Act) -> int:
        act.note("test.added")
        return add_people(act, staffed.keys, [{"name": "王建国"}])

    return staffed.act(add, actor=AUDITOR, now=now)


@pytest.fixture
def look(staffed: Store, now: datetime) -> Look:
    def run(*people: int, actor: Actor = CURIOUS, at: datetime = now) -> None:
        purpose = read_purpose(staffed.desk, "dispute", now=now)
        staffed.read_people(people, purpose=purpose, actor=actor, now=at)

    return run


def account_for(store: Store, at: datetime) -> list[tuple[str, str, str]]:
    flow.hold_to_account(store, day=store.clock.day_of(at), actor=CITY, now=at)
    return [
        (one.reason.code, str(one.subject), one.clause)
        for one in list_findings(store.desk, scope=EVERYTHING)
        if one.reason.code in {ReasonCode.CANARY_LOOKED_AT, ReasonCode.LOOK_NOT_JUSTIFIED}
        and one.status is FindingStatus.OPEN
    ]


def test_any_look_at_a_canary_is_a_finding_and_looking_at_others_is_none(
    staffed: Store, now: datetime, canary: int, neighbour: int, look: Look
) -> None:
    look(neighbour)
    assert account_for(staffed, now + DAY / 4) == []
    look(neighbour, canary)
    for _ in range(2):
        found = account_for(staffed, now + DAY / 3)
        assert found == [("canary_looked_at", "account:county_officer@11", "6.4")]


def test_who_a_canary_is_stands_in_no_ledger_line_and_no_finding(
    staffed: Store, now: datetime, canary: int, look: Look
) -> None:
    look(canary)
    account_for(staffed, now + DAY / 4)
    lines = staffed.desk.rows("select action, subject, details from ledger where action like 'canar%'")
    told = [*lines, *staffed.desk.rows("select subject_key, reason from visible_finding", scope=EVERYTHING)]
    assert len(lines) == 2
    assert canary == 54_321
    assert not [row for row in told if str(canary) in "".join(map(str, row))]


def test_only_who_reviews_looks_plants_canaries(staffed: Store, now: datetime) -> None:
    for user in ("city_officer", "data_steward", "administrator"):
        with pytest.raises(NotAllowed):
            staffed.act(
                lambda act: plant_canaries(act, ["x"], area_path="1/", store=staffed), actor=Actor(user), now=now
            )
    with pytest.raises(InputRefused):
        staffed.act(lambda act: plant_canaries(act, [" "], area_path="1/", store=staffed), actor=AUDITOR, now=now)


def test_one_look_in_a_hundred_is_drawn_by_a_seed_on_the_ledger_and_a_week_is_drawn_once(
    staffed: Store, now: datetime, neighbour: int, look: Look
) -> None:
    for n in range(201):
        look(neighbour, at=now + timedelta(minutes=n))
    assert redress.draw_reviews(staffed, seed=7, actor=AUDITOR, now=now + 7 * DAY) == 3
    assert [tuple(row) for row in staffed.desk.rows(DRAWN)] == [("7", 201, 3)]
    with pytest.raises(InputRefused, match="drawn once"):
        redress.draw_reviews(staffed, seed=8, actor=AUDITOR, now=now + 7 * DAY)
    looks = staffed.read_looks(since=now, until=now + DAY)
    names = [(one.chain, one.seq) for one in looks]
    drawn = [tuple(row) for row in staffed.desk.rows(DRAWN_ROWS)]
    assert set(drawn) <= set(names)
    assert len(set(drawn)) == 3


def test_a_week_without_looks_has_none_to_draw(staffed: Store, now: datetime) -> None:
    assert redress.draw_reviews(staffed, seed=7, actor=AUDITOR, now=now + 7 * DAY) == 0


def test_nobody_reviews_a_look_of_their_own_and_one_without_a_reason_is_a_finding(
    staffed: Store, now: datetime, neighbour: int, look: Look
) -> None:
    look(neighbour)
    later = now + 7 * DAY
    redress.draw_reviews(staffed, seed=1, actor=AUDITOR, now=later)
    [review] = redress.list_reviews(staffed, actor=AUDITOR, now=later)
    assert (review.looked_by, review.is_justified) == ("county_officer@11", None)
    with pytest.raises(NotAllowed):
        redress.answer_review(staffed, review.review_id, is_justified=True, actor=CURIOUS, now=later)
    redress.answer_review(staffed, review.review_id, is_justified=False, actor=AUDITOR, now=later)
    with pytest.raises(TransitionRefused):
        redress.answer_review(staffed, review.review_id, is_justified=True, actor=AUDITOR, now=later)
    assert redress.list_reviews(staffed, actor=AUDITOR, now=later) == []
    assert account_for(staffed, later + DAY / 4) == [("look_not_justified", "account:county_officer@11", "6.4")]


def test_an_auditor_who_looked_leaves_that_review_to_another(
    staffed: Store, now: datetime, neighbour: int, look: Look
) -> None:
    look(neighbour, actor=AUDITOR)
    later = now + 7 * DAY
    redress.draw_reviews(staffed, seed=1, actor=AUDITOR, now=later)
    [review] = redress.list_reviews(staffed, actor=AUDITOR, now=later)
    with pytest.raises(ApprovalMissing, match="a look of their own"):
        redress.answer_review(staffed, review.review_id, is_justified=True, actor=AUDITOR, now=later)


def test_what_is_opened_of_a_look_is_what_was_sealed(staffed: Store, now: datetime, neighbour: int, look: Look) -> None:
    look(neighbour)
    [found] = staffed.read_looks(since=now, until=now + DAY)
    assert (found.actor, found.purpose, found.people) == (CURIOUS.actor_id, "dispute", {neighbour})
    assert staffed.read_looks(since=now + DAY, until=now + 2 * DAY) == []
