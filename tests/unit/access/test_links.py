"""Links that are used once: to come in the first time, to choose a password or PIN."""

import threading
from datetime import datetime, timedelta

import pytest

from ringfence.access import (
    make_links,
    open_first_link,
    read_link,
    read_session,
    redeem_link,
    redeem_link_for_pin,
    set_active,
    sign_in,
)
from ringfence.errors import InputRefused, NotAllowed, NotFound, NotSignedIn
from ringfence.store import Store
from ringfence.terms import Actor

ADMINISTRATOR = Actor("administrator")
CHOSEN = "chosen, and long"
OFFICE = "192.0.2.10"
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def link_for(store: Store, user: str, now: datetime) -> str:
    tokens = store.act(lambda act: make_links(act, [user], clock=store.clock), actor=ADMINISTRATOR, now=now)
    return tokens[user]


def test_the_first_run_opens_a_link_for_the_administrator_until_somebody_came_in(staffed: Store, now: datetime) -> None:
    first = open_first_link(staffed, now=now)
    assert first is not None
    assert (first.user_id, first.expires_at) == ("administrator", now + HOUR)
    opened = redeem_link(staffed, first.token, password=CHOSEN, address=OFFICE, now=now)
    assert read_session(staffed.desk, opened.token, now=now).user_id == "administrator"
    assert open_first_link(staffed, now=now) is None
    assert open_first_link(staffed, now=now + 1000 * DAY) is None


def test_every_run_before_that_opens_a_new_link_in_place_of_the_old_one(staffed: Store, now: datetime) -> None:
    old, new = open_first_link(staffed, now=now), open_first_link(staffed, now=now)
    assert old is not None
    assert new is not None
    with pytest.raises(NotFound):
        redeem_link(staffed, old.token, password=CHOSEN, address=OFFICE, now=now)
    redeem_link(staffed, new.token, password=CHOSEN, address=OFFICE, now=now)


def test_a_first_link_is_short_lived(staffed: Store, now: datetime) -> None:
    first = open_first_link(staffed, now=now)
    assert first is not None
    read_link(staffed.desk, first.token, now=now + HOUR - timedelta(microseconds=1))
    with pytest.raises(NotFound, match="past its time"):
        redeem_link(staffed, first.token, password=CHOSEN, address=OFFICE, now=now + HOUR)


def test_a_link_sets_the_password_once_and_looking_at_it_uses_nothing_up(staffed: Store, now: datetime) -> None:
    token = link_for(staffed, "auditor", now)
    for _ in range(3):
        assert read_link(staffed.desk, token, now=now).user_id == "auditor"
    redeem_link(staffed, token, password=CHOSEN, address=OFFICE, now=now)
    sign_in(staffed, "auditor", password=CHOSEN, address=OFFICE, now=now)
    with pytest.raises(NotFound, match="was used"):
        read_link(staffed.desk, token, now=now)
    with pytest.raises(NotFound, match="was used"):
        redeem_link(staffed, token, password=CHOSEN, address=OFFICE, now=now)


def test_a_link_used_by_several_at_once_serves_one(staffed: Store, now: datetime) -> None:
    token = link_for(staffed, "auditor", now)
    outcomes: list[str] = []

    def redeem(password: str) -> None:
        try:
            redeem_link(staffed, token, password=password, address=OFFICE, now=now)
            outcomes.append("in")
        except NotFound:
            outcomes.append("out")

    threads = [threading.Thread(target=redeem, args=[f"password number {n}, long"]) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["in", "out", "out", "out"]


def test_a_weak_password_leaves_the_link_as_it_was(staffed: Store, now: datetime) -> None:
    token = link_for(staffed, "auditor", now)
    with pytest.raises(InputRefused):
        redeem_link(staffed, token, password="short", address=OFFICE, now=now)
    redeem_link(staffed, token, password=CHOSEN, address=OFFICE, now=now)


def test_a_new_link_ends_the_old_one_and_a_used_one_ends_every_session(staffed: Store, now: datetime) -> None:
    old = link_for(staffed, "auditor", now)
    opened = redeem_link(staffed, link_for(staffed, "auditor", now), password=CHOSEN, address=OFFICE, now=now)
    with pytest.raises(NotFound):
        read_link(staffed.desk, old, now=now)
    redeem_link(staffed, link_for(staffed, "auditor", now), password=f"{CHOSEN}er", address=OFFICE, now=now)
    with pytest.raises(NotSignedIn):
        read_session(staffed.desk, opened.token, now=now)


@pytest.mark.parametrize("token", ["", "x", "\ud800", "a" * 43])
def test_any_other_token_is_no_link(staffed: Store, now: datetime, token: str) -> None:
    with pytest.raises(NotFound):
        read_link(staffed.desk, token, now=now)


def test_a_closed_account_has_no_link(staffed: Store, now: datetime) -> None:
    token = link_for(staffed, "auditor", now)
    staffed.act(lambda act: set_active(act, "auditor", is_active=False), actor=ADMINISTRATOR, now=now)
    with pytest.raises(NotFound):
        redeem_link(staffed, token, password=CHOSEN, address=OFFICE, now=now)


def test_only_who_may_grant_makes_links(staffed: Store, now: datetime) -> None:
    with pytest.raises(NotAllowed):
        staffed.act(lambda act: make_links(act, ["city_officer"], clock=staffed.clock), actor=Actor("auditor"), now=now)


def test_nobody_makes_a_link_for_an_account_that_does_not_exist(staffed: Store, now: datetime) -> None:
    with pytest.raises(NotFound, match="no account nobody"):
        link_for(staffed, "nobody", now)


def test_the_desk_keeps_no_token(staffed: Store, now: datetime) -> None:
    token = link_for(staffed, "auditor", now)
    assert token not in str(staffed.desk.rows("select * from access_link"))


def test_a_pin_opens_no_session_and_keeps_the_password(staffed: Store, now: datetime) -> None:
    redeem_link(staffed, link_for(staffed, "auditor", now), password=CHOSEN, address=OFFICE, now=now)
    assert redeem_link_for_pin(staffed, link_for(staffed, "auditor", now), pin="271828", now=now) == "auditor"
    sign_in(staffed, "auditor", password=CHOSEN, address=OFFICE, now=now)
    with pytest.raises(NotSignedIn):
        sign_in(staffed, "auditor", password="271828", address=OFFICE, now=now)


@pytest.mark.parametrize(
    "pin", ["", "27182", "27182a", "２７１８２８", "111111", "123456", "654321", "890123", "-27182"]
)
def test_a_pin_that_anybody_would_try_is_refused(staffed: Store, now: datetime, pin: str) -> None:
    with pytest.raises(InputRefused):
        redeem_link_for_pin(staffed, link_for(staffed, "auditor", now), pin=pin, now=now)
