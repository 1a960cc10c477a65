"""Signing in with a local account's password, and saying it again before something is signed (policy 6.4)."""

from datetime import datetime

from ringfence.access.passwords import HASHING
from ringfence.access.rights import read_policy
from ringfence.access.sessions import OpenedSession, SignInWay, open_session
from ringfence.access.throttle import Attempt, begin_attempt, digest_address, key_of, note_failure, pass_attempt
from ringfence.errors import NotSignedIn, PasswordRefused
from ringfence.policy import Policy
from ringfence.store import Act, Store
from ringfence.terms import SYSTEM, Actor

OPEN_ACCOUNT = "select password_hash from user_account where user_id = :user_id and is_active"

_NOT_RIGHT = "account or password are not right"


def sign_in(store: Store, user_id: str, *, password: str, address: str, now: datetime) -> OpenedSession:
    """A new session for an open account and its password; `address` is the network address the try came from.

    NotSignedIn in the same words and time whatever was not right; TooManyAttempts, with the seconds to wait, after
    too many wrong tries; Overloaded while too many sign in at once. Every try and its outcome are on the ledger.
    """
    policy = read_policy(store, now=now)
    attempt = _prove(store, user_id, password=password, address=address, policy=policy, now=now)

    def enter(act: Act) -> OpenedSession:
        pass_attempt(act, attempt)
        return open_session(act, user_id, way=SignInWay.PASSWORD, address_digest=digest_address(address), policy=policy)

    return store.act(enter, actor=Actor(user_id), now=now)


def confirm_password(store: Store, user_id: str, *, password: str, address: str, now: datetime) -> None:
    """The password once more, before something that is the account's alone.

    PasswordRefused where it is not right; the session goes on. Otherwise errors as of `sign_in`.
    """
    policy = read_policy(store, now=now)
    try:
        attempt = _prove(store, user_id, password=password, address=address, policy=policy, now=now)
    except NotSignedIn as wrong:
        raise PasswordRefused("your password is not right; nothing was done") from wrong

    def confirm(act: Act) -> None:
        pass_attempt(act, attempt)
        act.note("password.confirmed", subject=f"user:{user_id}")

    store.act(confirm, actor=Actor(user_id), now=now)


def _prove(store: Store, typed: str, *, password: str, address: str, policy: Policy, now: datetime) -> Attempt:
    """Count the try, look at the password outside the writer's thread, and write down what was wrong."""
    user_id = key_of(typed)
    attempt = store.act(lambda act: begin_attempt(act, user_id, address=address, policy=policy), actor=SYSTEM, now=now)
    rows = store.desk.rows(OPEN_ACCOUNT, user_id=user_id)
    if not HASHING.is_right(rows[0].password_hash if rows else None, password):
        note_failure(store, user_id, now=now)
        raise NotSignedIn(_NOT_RIGHT)
    return attempt
