"""Signing in: the right secret opens a session, wrong ones wait longer each time, nobody is locked out for good."""

import threading
from datetime import datetime, timedelta

import pytest
from argon2 import PasswordHasher

from ringfence.access import confirm_password, forgive_failures, set_password, sign_in
from ringfence.access.passwords import HASHING, SecretHashing
from ringfence.errors import NotAllowed, NotSignedIn, Overloaded, PasswordRefused, TooManyAttempts
from ringfence.store import Store, read_recent_lines
from ringfence.terms import Actor

PASSWORD = "a password for tests"
OFFICE, ELSEWHERE = "192.0.2.10", "203.0.113.7"


@pytest.fixture(autouse=True)
def _cheap_guesses(monkeypatch: pytest.MonkeyPatch) -> None:
    """Guesses at accounts that do not exist cost next to nothing: the tests make hundreds."""
    monkeypatch.setitem(vars(HASHING), "_nobodys", PasswordHasher(1, 8, 1).hash("nobody's"))


def fail(store: Store, now: datetime, *, user: str = "administrator", address: str = ELSEWHERE, times: int = 1) -> None:
    for _ in range(times):
        with pytest.raises(NotSignedIn, match="account or password are not right"):
            sign_in(store, user, password="a wrong password", address=address, now=now)


def wait_of(store: Store, now: datetime, *, user: str = "administrator", address: str = ELSEWHERE) -> timedelta:
    with pytest.raises(TooManyAttempts) as refused:
        sign_in(store, user, password=PASSWORD, address=address, now=now)
    return timedelta(seconds=float(str(refused.value.values["seconds"])))


def actions(store: Store) -> list[tuple[object, object, object]]:
    lines = read_recent_lines(store.desk, count=100)
    return [(line["actor"], line["action"], line["subject"]) for line in reversed(lines)]


def test_the_right_password_opens_a_session_and_the_ledger_says_so(staffed: Store, now: datetime) -> None:
    before = len(actions(staffed))
    opened = sign_in(staffed, "administrator", password=PASSWORD, address=OFFICE, now=now)
    assert opened.session.user_id == "administrator"
    assert len(opened.token) >= 43  # 256 bits in base64
    assert actions(staffed)[before:] == [
        ("ringfence", "sign_in.tried", "user:administrator"),
        ("administrator", "session.opened", f"session:{opened.session.session_id}"),
    ]


@pytest.mark.parametrize(("user", "password"), [("administrator", "wrong"), ("auditor", ""), ("nobody", PASSWORD),
                                                ("administrator", "x" * 1000), ("administrator", "\ud800\0"),
                                                ("\ud800", PASSWORD), ("\0", PASSWORD), ("", ""),
                                                ("x" * 1_000_000, PASSWORD)])  # fmt: skip
def test_whatever_is_not_right_is_refused_in_the_same_words(
    staffed: Store, now: datetime, user: str, password: str
) -> None:
    with pytest.raises(NotSignedIn, match="account or password are not right"):
        sign_in(staffed, user, password=password, address=OFFICE, now=now)


def test_the_ledger_repeats_nothing_that_was_typed_as_an_account(staffed: Store, now: datetime) -> None:
    fail(staffed, now, user="my password, in the wrong field")
    assert actions(staffed)[-2:] == [
        ("ringfence", "sign_in.tried", "user:unknown"),
        ("ringfence", "sign_in.failed", "user:unknown"),
    ]
    assert "wrong field" not in str(read_recent_lines(staffed.desk, count=100))
    assert "wrong field" not in str(staffed.desk.rows("select bucket from sign_in_throttle"))


def test_wrong_tries_wait_twice_as_long_each_time_up_to_the_longest(staffed: Store, now: datetime) -> None:
    fail(staffed, now, times=5)
    waits = []
    for _ in range(7):
        waits.append(wait_of(staffed, now))
        now += waits[-1]
        fail(staffed, now)
    assert [wait.total_seconds() for wait in waits] == [45, 90, 180, 360, 720, 900, 900]


def test_a_try_that_comes_too_early_does_not_lengthen_the_wait(staffed: Store, now: datetime) -> None:
    fail(staffed, now, times=5)
    assert wait_of(staffed, now) == wait_of(staffed, now) == timedelta(seconds=45)
    sign_in(staffed, "administrator", password=PASSWORD, address=ELSEWHERE, now=now + timedelta(seconds=45))


def test_the_officer_at_the_usual_desk_is_not_delayed_by_who_guesses_elsewhere(staffed: Store, now: datetime) -> None:
    sign_in(staffed, "administrator", password=PASSWORD, address=OFFICE, now=now)
    fail(staffed, now, times=5)
    wait_of(staffed, now)
    wait_of(staffed, now, address="198.51.100.1")
    sign_in(staffed, "administrator", password=PASSWORD, address=OFFICE, now=now)


def test_guesses_from_the_usual_desk_are_delayed_too(staffed: Store, now: datetime) -> None:
    sign_in(staffed, "administrator", password=PASSWORD, address=OFFICE, now=now)
    fail(staffed, now, address=OFFICE, times=5)
    wait_of(staffed, now, address=OFFICE)


def test_an_address_that_guesses_at_many_accounts_is_delayed_for_all(staffed: Store, now: datetime) -> None:
    for number in range(50):
        fail(staffed, now, user=f"guess-{number}")
    wait_of(staffed, now, user="administrator")
    sign_in(staffed, "administrator", password=PASSWORD, address=OFFICE, now=now)


def test_an_own_account_does_not_clear_the_guesses_of_its_address(staffed: Store, now: datetime) -> None:
    for number in range(49):
        fail(staffed, now, user=f"guess-{number}")
    sign_in(staffed, "administrator", password=PASSWORD, address=ELSEWHERE, now=now)
    fail(staffed, now, user="guess-50")
    wait_of(staffed, now, user="auditor")


def test_addresses_of_one_ipv6_network_are_one(staffed: Store, now: datetime) -> None:
    for number in range(50):
        fail(staffed, now, user=f"guess-{number}", address=f"2001:db8:1:2::{number:x}")
    wait_of(staffed, now, user="auditor", address="2001:db8:1:2:ffff::1")
    fail(staffed, now, user="auditor", address="2001:db8:1:3::1")


def test_wrong_tries_are_forgotten_after_an_hour_and_forgiven_by_who_may_grant(staffed: Store, now: datetime) -> None:
    fail(staffed, now, times=5)
    later = now + timedelta(hours=1, seconds=1)
    fail(staffed, later, times=5)
    wait_of(staffed, later)
    with pytest.raises(NotAllowed):
        staffed.act(lambda act: forgive_failures(act, "administrator"), actor=Actor("auditor"), now=later)
    staffed.act(lambda act: forgive_failures(act, "administrator"), actor=Actor("administrator"), now=later)
    sign_in(staffed, "administrator", password=PASSWORD, address=ELSEWHERE, now=later)


def test_tries_sent_all_at_once_gain_nothing(staffed: Store, now: datetime) -> None:
    outcomes: list[str] = []

    def guess() -> None:
        try:
            sign_in(staffed, "administrator", password="a wrong password", address=ELSEWHERE, now=now)
        except NotAllowed as error:
            outcomes.append(type(error).__name__)

    threads = [threading.Thread(target=guess) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["NotSignedIn"] * 5 + ["TooManyAttempts"] * 7


def test_a_closed_account_and_one_without_a_password_do_not_open(staffed: Store, now: datetime) -> None:
    fail(staffed, now, user="auditor")
    set_password(staffed, "auditor", password="mine, and long", actor=Actor("auditor"), now=now)
    sign_in(staffed, "auditor", password="mine, and long", address=OFFICE, now=now)


def test_a_password_said_again_is_checked_and_throttled_like_the_first(staffed: Store, now: datetime) -> None:
    confirm_password(staffed, "administrator", password=PASSWORD, address=OFFICE, now=now)
    assert actions(staffed)[-1] == ("administrator", "password.confirmed", "user:administrator")
    for _ in range(5):
        with pytest.raises(PasswordRefused):
            confirm_password(staffed, "administrator", password="wrong", address=OFFICE, now=now)
    with pytest.raises(TooManyAttempts):
        confirm_password(staffed, "administrator", password=PASSWORD, address=OFFICE, now=now)


def test_only_so_many_secrets_are_hashed_at_once_and_the_rest_hear_so() -> None:
    hashing = SecretHashing(at_once=1, longest_wait_s=0.01)
    with hashing._turn(), pytest.raises(Overloaded, match="too many people are signing in"):
        hashing.hash("a password for tests")
    assert hashing.is_right(hashing.hash("a password for tests"), "a password for tests")
    assert not hashing.is_right("no hash at all", "a password for tests")
    assert not hashing.is_right(None, "a password for tests")
