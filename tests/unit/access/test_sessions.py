"""Sessions: kept at the server, short, ended at once, and of one account only."""

from datetime import datetime, timedelta

import pytest

from ringfence.access import (
    OpenedSession,
    keep_session,
    list_sessions,
    read_session,
    set_active,
    set_password,
    sign_in,
    sign_out,
    sign_out_everywhere,
)
from ringfence.errors import NotAllowed, NotFound, NotSignedIn
from ringfence.store import Store
from ringfence.terms import Actor

PASSWORD = "a password for tests"
ADMINISTRATOR = Actor("administrator")
MINUTE = timedelta(minutes=1)


@pytest.fixture
def opened(staffed: Store, now: datetime) -> OpenedSession:
    return sign_in(staffed, "administrator", password=PASSWORD, address="192.0.2.10", now=now)


def holds(store: Store, opened: OpenedSession, now: datetime) -> bool:
    try:
        read_session(store.desk, opened.token, now=now)
    except NotSignedIn:
        return False
    return True


def test_a_token_leads_to_the_session_it_was_given_for(staffed: Store, opened: OpenedSession, now: datetime) -> None:
    assert read_session(staffed.desk, opened.token, now=now) == opened.session
    assert opened.session.actor == ADMINISTRATOR
    assert not opened.session.is_shared_device


@pytest.mark.parametrize("token", ["", "x", "\ud800", "' or 1 = 1 --"])
def test_any_other_token_leads_nowhere(staffed: Store, opened: OpenedSession, now: datetime, token: str) -> None:
    for given in (token, opened.token + token if token else opened.token[:-1]):
        with pytest.raises(NotSignedIn):
            read_session(staffed.desk, given, now=now)


def test_the_desk_keeps_nothing_that_would_open_a_session(staffed: Store, opened: OpenedSession) -> None:
    kept = str(staffed.desk.rows("select * from user_session"))
    assert opened.token not in kept
    assert opened.session.csrf_token not in kept
    assert "192.0.2.10" not in kept


def test_a_session_ends_when_it_is_idle_and_holds_while_it_is_used(
    staffed: Store, opened: OpenedSession, now: datetime
) -> None:
    assert holds(staffed, opened, now + 29 * MINUTE)
    assert not holds(staffed, opened, now + 30 * MINUTE)
    for minutes in range(20, 12 * 60, 20):
        moment = now + minutes * MINUTE
        session = read_session(staffed.desk, opened.token, now=moment)
        keep_session(staffed, session, now=moment)
    assert not holds(staffed, opened, now + timedelta(hours=12))


def test_the_expiry_shown_is_the_one_that_counts(staffed: Store, opened: OpenedSession, now: datetime) -> None:
    keep_session(staffed, opened.session, now=now + 20 * MINUTE)
    session = read_session(staffed.desk, opened.token, now=now + 20 * MINUTE)
    assert session.expires_at == now + 50 * MINUTE
    assert holds(staffed, opened, session.expires_at - timedelta(microseconds=1))
    assert not holds(staffed, opened, session.expires_at)


def test_use_is_written_down_once_in_a_while_only(staffed: Store, opened: OpenedSession, now: datetime) -> None:
    keep_session(staffed, opened.session, now=now + 4 * MINUTE)
    assert read_session(staffed.desk, opened.token, now=now + 4 * MINUTE).seen_at == now
    keep_session(staffed, opened.session, now=now + 5 * MINUTE)
    assert read_session(staffed.desk, opened.token, now=now + 5 * MINUTE).seen_at == now + 5 * MINUTE


def test_signing_out_ends_the_session_and_no_other(staffed: Store, opened: OpenedSession, now: datetime) -> None:
    second = sign_in(staffed, "administrator", password=PASSWORD, address="192.0.2.11", now=now)
    assert [each.session_id for each in list_sessions(staffed.desk, "administrator", now=now)] == [
        opened.session.session_id,
        second.session.session_id,
    ]
    staffed.act(lambda act: sign_out(act, opened.session.session_id), actor=ADMINISTRATOR, now=now)
    assert not holds(staffed, opened, now)
    assert holds(staffed, second, now)
    with pytest.raises(NotFound):
        staffed.act(lambda act: sign_out(act, opened.session.session_id), actor=ADMINISTRATOR, now=now)


def test_a_kept_session_that_was_ended_stays_ended(staffed: Store, opened: OpenedSession, now: datetime) -> None:
    staffed.act(lambda act: sign_out(act, opened.session.session_id), actor=ADMINISTRATOR, now=now)
    keep_session(staffed, opened.session, now=now + 10 * MINUTE)
    assert not holds(staffed, opened, now + 10 * MINUTE)


def test_signing_out_everywhere_ends_them_all_and_is_ones_own_or_the_administrators(
    staffed: Store, opened: OpenedSession, now: datetime
) -> None:
    with pytest.raises(NotAllowed):
        staffed.act(lambda act: sign_out(act, opened.session.session_id), actor=Actor("auditor"), now=now)
    with pytest.raises(NotAllowed):
        staffed.act(lambda act: sign_out_everywhere(act, "administrator"), actor=Actor("auditor"), now=now)
    sign_in(staffed, "administrator", password=PASSWORD, address="192.0.2.11", now=now)
    count = staffed.act(lambda act: sign_out_everywhere(act, "administrator"), actor=ADMINISTRATOR, now=now)
    assert count == 2
    assert list_sessions(staffed.desk, "administrator", now=now) == []


def test_a_new_password_and_a_closed_account_end_every_session(staffed: Store, now: datetime) -> None:
    set_password(staffed, "auditor", password="mine, and long", actor=Actor("auditor"), now=now)
    first = sign_in(staffed, "auditor", password="mine, and long", address="192.0.2.10", now=now)
    set_password(staffed, "auditor", password="another, and long", actor=ADMINISTRATOR, now=now)
    assert not holds(staffed, first, now)
    second = sign_in(staffed, "auditor", password="another, and long", address="192.0.2.10", now=now)
    staffed.act(lambda act: set_active(act, "auditor", is_active=False), actor=ADMINISTRATOR, now=now)
    assert not holds(staffed, second, now)
    staffed.act(lambda act: set_active(act, "auditor", is_active=True), actor=ADMINISTRATOR, now=now)
    assert not holds(staffed, second, now)
