"""A unit's shared phone: nobody by itself; its workers come in by PIN and sign each act with it."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest

from ringfence.access import (
    Device,
    Member,
    confirm_pin,
    end_device,
    list_workers,
    make_device_link,
    make_links,
    put_members,
    read_device,
    read_session,
    redeem_link,
    register_device,
    remove_member,
    set_pin,
    sign_in_by_pin,
)
from ringfence.errors import NotAllowed, NotFound, NotSignedIn, TooManyAttempts
from ringfence.store import Act, Store
from ringfence.terms import Actor, Role, to_us

ADMINISTRATOR = Actor("administrator")
MINUTE = timedelta(minutes=1)

INSERT_UNIT = """
insert into unit (unit_id, area_code, area_path, level, daily_capacity, task_kinds, recorded_at)
values (:unit_id, :area_code, :area_path, 'grid', 30, 'visit', :now)
"""


@dataclass
class Phone:
    """The phone of grid-1, with whom it belongs to."""

    store: Store
    token: str
    device: Device


@pytest.fixture
def phone(staffed: Store, now: datetime) -> Phone:
    def put(act: Act) -> str:
        for unit_id, path in (("grid-1", "1/11/111/"), ("grid-2", "1/12/121/")):
            act.run(INSERT_UNIT, unit_id=unit_id, area_code=path.split("/")[-2], area_path=path, now=to_us(now))
        people = [("li", "grid-1"), ("wang", "grid-1"), ("zhao", "grid-2")]
        members = [Member(user_id=user, unit_id=unit, role=Role.GRID_WORKER) for user, unit in people]
        put_members(act, members, clock=staffed.clock)
        return make_device_link(act, "grid-1", clock=staffed.clock)

    link = staffed.act(put, actor=ADMINISTRATOR, now=now)
    for user, pin in (("li", "271828"), ("zhao", "314159")):
        set_pin(staffed, user, pin=pin, actor=Actor(user), now=now)
    opened = register_device(staffed, link, now=now)
    return Phone(staffed, opened.token, opened.device)


def refuses(phone: Phone, user: str, pin: str, now: datetime) -> bool:
    try:
        sign_in_by_pin(phone.store, phone.device, user, pin=pin, now=now)
    except NotSignedIn:
        return True
    return False


def test_a_phone_belongs_to_its_unit_and_lists_who_can_come_in(phone: Phone, now: datetime) -> None:
    assert read_device(phone.store.desk, phone.token, now=now) == phone.device
    assert phone.device.unit_id == "grid-1"
    assert list_workers(phone.store.desk, phone.device) == ["li"]  # wang has no PIN, zhao is of another unit


def test_a_worker_comes_in_for_a_short_time_as_themselves(phone: Phone, now: datetime) -> None:
    opened = sign_in_by_pin(phone.store, phone.device, "li", pin="271828", now=now)
    session = read_session(phone.store.desk, opened.token, now=now)
    assert (session.actor, session.unit_id, session.is_shared_device) == (Actor("li"), "grid-1", True)
    assert session.expires_at == now + 6 * MINUTE


def test_no_other_pin_and_nobody_of_another_unit_comes_in(phone: Phone, now: datetime) -> None:
    assert refuses(phone, "li", "314159", now)
    assert refuses(phone, "zhao", "314159", now)
    assert refuses(phone, "wang", "", now)
    assert refuses(phone, "nobody", "271828", now)
    assert refuses(phone, "\0", "\ud800", now)


def test_each_act_is_signed_with_the_pin_of_whom_the_session_is(phone: Phone, now: datetime) -> None:
    session = sign_in_by_pin(phone.store, phone.device, "li", pin="271828", now=now).session
    confirm_pin(phone.store, phone.device, session, pin="271828", now=now)
    with pytest.raises(NotSignedIn, match="worker or PIN are not right"):
        confirm_pin(phone.store, phone.device, session, pin="314159", now=now)


def test_wrong_pins_on_the_phone_wait_and_do_not_hinder_the_workers_password(phone: Phone, now: datetime) -> None:
    for _ in range(5):
        assert refuses(phone, "li", "000000", now)
    with pytest.raises(TooManyAttempts):
        sign_in_by_pin(phone.store, phone.device, "li", pin="271828", now=now)
    sign_in_by_pin(phone.store, phone.device, "li", pin="271828", now=now + MINUTE)


def test_a_phone_taken_back_is_nothing_and_whoever_was_in_is_out(phone: Phone, now: datetime) -> None:
    opened = sign_in_by_pin(phone.store, phone.device, "li", pin="271828", now=now)
    with pytest.raises(NotAllowed):
        phone.store.act(lambda act: end_device(act, phone.device.device_id), actor=Actor("li"), now=now)
    officer = Actor("county_officer@11")
    phone.store.act(lambda act: end_device(act, phone.device.device_id), actor=officer, now=now)
    for read, token in ((read_device, phone.token), (read_session, opened.token)):
        with pytest.raises(NotSignedIn):
            read(phone.store.desk, token, now=now)


def test_a_phone_is_registered_anew_after_ninety_days(phone: Phone, now: datetime) -> None:
    read_device(phone.store.desk, phone.token, now=now + timedelta(days=90) - MINUTE)
    with pytest.raises(NotSignedIn, match="not registered any more"):
        read_device(phone.store.desk, phone.token, now=now + timedelta(days=90))


def test_who_left_the_unit_is_out_and_does_not_come_in_again(phone: Phone, now: datetime) -> None:
    opened = sign_in_by_pin(phone.store, phone.device, "li", pin="271828", now=now)
    phone.store.act(lambda act: remove_member(act, "grid-1", "li"), actor=ADMINISTRATOR, now=now)
    with pytest.raises(NotSignedIn):
        read_session(phone.store.desk, opened.token, now=now)
    assert refuses(phone, "li", "271828", now)


def test_links_of_accounts_and_of_phones_do_not_stand_for_each_other(phone: Phone, now: datetime) -> None:
    store = phone.store

    def make(act: Act) -> tuple[str, str]:
        return make_device_link(act, "grid-1", clock=store.clock), make_links(act, ["li"], clock=store.clock)["li"]

    for_phone, for_account = store.act(make, actor=ADMINISTRATOR, now=now)
    with pytest.raises(NotFound, match="registers the phone of unit grid-1"):
        redeem_link(store, for_phone, password="chosen, and long", address="", now=now)
    with pytest.raises(NotFound, match="is for an account"):
        register_device(store, for_account, now=now)
    register_device(store, for_phone, now=now)
    redeem_link(store, for_account, password="chosen, and long", address="", now=now)


def test_a_link_for_a_phone_is_made_by_who_edits_the_roster_there(phone: Phone, now: datetime) -> None:
    make = lambda act: make_device_link(act, "grid-1", clock=phone.store.clock)  # noqa: E731 - one act, three actors
    phone.store.act(make, actor=Actor("county_officer@11"), now=now)
    for user in ("county_officer@12", "li"):
        with pytest.raises(NotAllowed):
            phone.store.act(make, actor=Actor(user), now=now)
