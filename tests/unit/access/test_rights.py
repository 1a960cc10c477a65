"""Rights: role x area path x purpose, and nothing beside it."""

from datetime import datetime

import pytest

from ringfence.access import (
    add_user,
    check_can,
    confirm_password,
    covers,
    grant_role,
    list_grants,
    make_first_administrator,
    read_purpose,
    read_scope,
    revoke_grant,
    set_active,
    set_password,
)
from ringfence.errors import InputRefused, NotAllowed, NotFound
from ringfence.policy import Permission
from ringfence.store import Act, Store
from ringfence.terms import SYSTEM, Actor, Area, Grant, Role


def may(store: Store, actor: Actor, permission: Permission, area_path: str, now: datetime) -> bool:
    try:
        store.act(lambda act: check_can(act, permission, area_path=area_path), actor=actor, now=now)
    except NotAllowed:
        return False
    return True


@pytest.mark.parametrize(
    ("user", "area", "allowed"),
    [
        ("county_officer@11", "11", True),
        ("county_officer@11", "111", True),
        ("county_officer@11", "1111", True),
        ("county_officer@11", "1", False),
        ("county_officer@11", "121", False),
        ("county_officer@111", "1111", False),  # 1111 is a sibling whose code begins with 111
        ("county_officer@12", "11", False),
        ("grid_worker@11", "11", False),  # the role has no such right anywhere
        ("nobody", "11", False),
    ],
)
def test_an_officer_may_verify_signals_in_their_own_areas_only(
    staffed: Store, areas: dict[str, Area], now: datetime, user: str, area: str, allowed: bool
) -> None:
    assert may(staffed, Actor(user), Permission.SIGNAL_VERIFY, areas[area].path, now) is allowed


def test_the_system_notices_by_itself_and_never_verifies_signs_or_looks(staffed: Store, now: datetime) -> None:
    assert may(staffed, SYSTEM, Permission.SIGNAL_RAISE, "1/", now)
    for permission in (Permission.SIGNAL_VERIFY, Permission.ORDER_SIGN, Permission.PEOPLE_READ):
        assert not may(staffed, SYSTEM, permission, "1/", now)


def test_a_revoked_role_and_a_closed_account_are_gone_from_the_next_act_on(staffed: Store, now: datetime) -> None:
    officer = Actor("epidemiologist")
    administrator = Actor("administrator")
    assert may(staffed, officer, Permission.SIGNAL_VERIFY, "1/", now)
    staffed.act(lambda act: set_active(act, officer.actor_id, is_active=False), actor=administrator, now=now)
    assert not may(staffed, officer, Permission.SIGNAL_VERIFY, "1/", now)
    staffed.act(lambda act: set_active(act, officer.actor_id, is_active=True), actor=administrator, now=now)
    assert may(staffed, officer, Permission.SIGNAL_VERIFY, "1/", now)
    purpose = read_purpose(staffed.desk, "administration", now=now)
    scope = read_scope(staffed.desk, administrator, purpose, now=now)
    [grant_id] = [number for number, user, *_ in list_grants(staffed.desk, scope=scope) if user == officer.actor_id]
    staffed.act(lambda act: revoke_grant(act, grant_id), actor=administrator, now=now)
    assert not may(staffed, officer, Permission.SIGNAL_VERIFY, "1/", now)


def test_only_who_may_grant_can_open_accounts_and_give_roles(staffed: Store, now: datetime) -> None:
    def climb(act: Act) -> None:
        grant_role(act, act.actor.actor_id, Grant(role=Role.CITY_OFFICER, area_path="1/"))

    for user in ("county_officer@11", "auditor", "epidemiologist"):
        with pytest.raises(NotAllowed):
            staffed.act(climb, actor=Actor(user), now=now)
        with pytest.raises(NotAllowed):
            staffed.act(lambda act: add_user(act, "accomplice"), actor=Actor(user), now=now)


def test_a_scope_opens_what_the_role_reads_for_the_purpose_and_no_more(
    staffed: Store, areas: dict[str, Area], now: datetime
) -> None:
    outreach = read_purpose(staffed.desk, "outreach", now=now)
    scope = read_scope(staffed.desk, Actor("grid_worker@111"), outreach, now=now)
    assert scope.paths["task"] == (areas["111"].path,)
    assert not scope.paths.get("exposure")  # the purpose reads it, the grid worker's role does not
    assert "case_episode" not in scope.paths
    with pytest.raises(NotAllowed, match="may not look for the purpose 'tracing'"):
        read_scope(staffed.desk, Actor("grid_worker@111"), read_purpose(staffed.desk, "tracing", now=now), now=now)
    with pytest.raises(NotFound, match="gossip is no declared purpose"):
        read_purpose(staffed.desk, "gossip", now=now)


def test_a_grant_inside_a_wider_one_widens_nothing(staffed: Store, areas: dict[str, Area], now: datetime) -> None:
    grant = Grant(role=Role.GRID_WORKER, area_path=areas["11"].path)
    staffed.act(lambda act: grant_role(act, "grid_worker@111", grant), actor=Actor("administrator"), now=now)
    outreach = read_purpose(staffed.desk, "outreach", now=now)
    scope = read_scope(staffed.desk, Actor("grid_worker@111"), outreach, now=now)
    assert scope.paths["task"] == (areas["11"].path,)


@pytest.mark.parametrize(("path", "inner", "expected"), [("", "1/", True), ("1/11/", "1/11/111/", True),
                                                        ("1/11/", "1/11/", True), ("1/11/", "1/111/", False),
                                                        ("1/11/", "1/", False)])  # fmt: skip
def test_a_path_covers_itself_and_what_lies_below(path: str, inner: str, expected: bool) -> None:
    assert covers(path, inner) is expected


def test_a_password_is_changed_by_whom_it_belongs_to_or_who_may_grant(staffed: Store, now: datetime) -> None:
    auditor = Actor("auditor")
    set_password(staffed, "auditor", password="mine, and long", actor=auditor, now=now)
    confirm_password(staffed, "auditor", password="mine, and long", address="", now=now)
    with pytest.raises(NotAllowed):
        set_password(staffed, "inspector", password="theirs, and long", actor=auditor, now=now)
    set_password(staffed, "inspector", password="a first one, long", actor=Actor("administrator"), now=now)
    confirm_password(staffed, "inspector", password="a first one, long", address="", now=now)


@pytest.mark.parametrize("password", ["short", "aaaaaaaaaaaaaaaa", "the auditor's own", "x" * 300])
def test_a_password_that_is_easily_guessed_or_endless_is_refused(staffed: Store, now: datetime, password: str) -> None:
    with pytest.raises(InputRefused, match="a password"):
        set_password(staffed, "auditor", password=password, actor=Actor("auditor"), now=now)


def test_there_is_only_one_first_administrator(staffed: Store, now: datetime) -> None:
    with pytest.raises(NotAllowed, match="has accounts already"):
        staffed.act(lambda act: make_first_administrator(act, "me", password="x"), actor=SYSTEM, now=now)
