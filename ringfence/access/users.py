"""Accounts: a key, never a name; a password as Argon2id; and roles within areas (policy 6.4)."""

from collections.abc import Sequence
from datetime import datetime

from ringfence.access.passwords import HASHING, check_is_strong, check_is_strong_pin
from ringfence.access.rights import check_can, read_policy
from ringfence.access.sessions import end_sessions
from ringfence.errors import InputRefused, NotAllowed, NotFound
from ringfence.policy import Permission
from ringfence.store import EVERYWHERE, Act, Desk, Scope, Store
from ringfence.terms import Actor, Grant, Role, to_us

INSERT_USER = """
insert into user_account (user_id, password_hash, is_active, recorded_at)
values (:user_id, :password_hash, true, :recorded_at)
on conflict (user_id) do nothing
"""

READ_USER = "select user_id from user_account where user_id = :user_id"

REHASH = "update user_account set password_hash = :password_hash where user_id = :user_id"

PUT_PIN = "update user_account set pin_hash = :pin_hash where user_id = :user_id"

ANY_USER = "select user_id from user_account limit 1"

SET_ACTIVE = "update user_account set is_active = :is_active where user_id = :user_id"

INSERT_GRANT = """
insert into user_grant (user_id, role, area_path, granted_by, recorded_at)
values (:user_id, :role, :area_path, :granted_by, :recorded_at)
returning grant_id
"""

READ_GRANT = "select area_path from user_grant where grant_id = :grant_id and revoked_at is null"

REVOKE_GRANT = """
update user_grant set revoked_at = :revoked_at, revoked_by = :revoked_by where grant_id = :grant_id
"""

VISIBLE_GRANTS = """
select grant_id, user_id, role, area_path from visible_user_grant where revoked_at is null order by user_id, grant_id
"""


def hash_password(store: Store, user_id: str, *, password: str, now: datetime) -> str:
    """The hash of a password as an account keeps it; InputRefused for one that is too easily guessed.

    Hashing takes long on purpose: it is done before an act, never in one, which everybody else's acts wait for.
    """
    fewest = read_policy(store, now=now).integer("password.fewest_characters")
    check_is_strong(password, user_id=user_id, fewest=fewest)
    return HASHING.hash(password)


def add_user(act: Act, user_id: str, *, password_hash: str | None = None) -> None:
    """Open an account; InputRefused when the key is taken. Without a password nobody can sign in as it."""
    check_can(act, Permission.USER_GRANT, area_path=EVERYWHERE)
    if not act.run(INSERT_USER, user_id=user_id, password_hash=password_hash, recorded_at=to_us(act.now)):
        raise InputRefused("there is an account {user} already; choose another key", user=user_id)
    act.note("user.added", subject=f"user:{user_id}")


def check_account(act: Act, user_id: str) -> None:
    """NotFound unless somebody opened this account."""
    if not act.rows(READ_USER, user_id=user_id):
        raise NotFound("there is no account {user}", user=user_id)


def set_password(store: Store, user_id: str, *, password: str, actor: Actor, now: datetime) -> None:
    """Give an account a new password: one's own, or anybody's for who may grant; its sessions end.

    InputRefused for one that is too easily guessed.
    """
    password_hash = hash_password(store, user_id, password=password, now=now)

    def change(act: Act) -> None:
        if actor.actor_id != user_id:
            check_can(act, Permission.USER_GRANT, area_path=EVERYWHERE)
        put_password(act, user_id, password_hash=password_hash)

    store.act(change, actor=actor, now=now)


def put_password(act: Act, user_id: str, *, password_hash: str) -> None:
    """Keep a new password's hash and end the sessions that the old one opened; who may do so was asked before."""
    if not act.run(REHASH, user_id=user_id, password_hash=password_hash):
        raise NotFound("there is no account {user}", user=user_id)
    act.note("user.password_set", subject=f"user:{user_id}")
    end_sessions(act, user_id)


def set_pin(store: Store, user_id: str, *, pin: str, actor: Actor, now: datetime) -> None:
    """Give one's own account a new PIN for the phones of its units; InputRefused for one that anybody would try."""
    if actor.actor_id != user_id:
        raise NotAllowed("a PIN is chosen by whom it belongs to; make a link for {user}", user=user_id)
    check_is_strong_pin(pin, fewest=read_policy(store, now=now).integer("pin.fewest_digits"))
    pin_hash = HASHING.hash(pin)
    store.act(lambda act: put_pin(act, user_id, pin_hash=pin_hash), actor=actor, now=now)


def put_pin(act: Act, user_id: str, *, pin_hash: str) -> None:
    """Keep a new PIN's hash; who may do so was asked before."""
    if not act.run(PUT_PIN, user_id=user_id, pin_hash=pin_hash):
        raise NotFound("there is no account {user}", user=user_id)
    act.note("user.pin_set", subject=f"user:{user_id}")


def set_active(act: Act, user_id: str, *, is_active: bool) -> None:
    """Close an account, or open it again; its grants sleep while it is closed."""
    check_can(act, Permission.USER_GRANT, area_path=EVERYWHERE)
    if not act.run(SET_ACTIVE, user_id=user_id, is_active=is_active):
        raise NotFound("there is no account {user}", user=user_id)
    act.note("user.opened" if is_active else "user.closed", subject=f"user:{user_id}")
    if not is_active:
        end_sessions(act, user_id)


def grant_role(act: Act, user_id: str, grant: Grant) -> int:
    """Give an account a role within an area; the number of the grant, by which it can be revoked."""
    check_can(act, Permission.USER_GRANT, area_path=grant.area_path)
    check_account(act, user_id)
    grant_id = act.insert(
        INSERT_GRANT,
        user_id=user_id,
        role=grant.role,
        area_path=grant.area_path,
        granted_by=act.actor.actor_id,
        recorded_at=to_us(act.now),
    )
    act.note("role.granted", subject=f"user:{user_id}", role=grant.role, area_path=grant.area_path)
    return grant_id


def revoke_grant(act: Act, grant_id: int) -> None:
    """Take a role back; it is gone from the next act on."""
    found = act.rows(READ_GRANT, grant_id=grant_id)
    if not found:
        raise NotFound("there is no grant {grant_id} in force", grant_id=grant_id)
    check_can(act, Permission.USER_GRANT, area_path=found[0].area_path)
    act.run(REVOKE_GRANT, grant_id=grant_id, revoked_at=to_us(act.now), revoked_by=act.actor.actor_id)
    act.note("role.revoked", subject=f"grant:{grant_id}")


def list_grants(desk: Desk, *, scope: Scope) -> Sequence[tuple[int, str, Role, str]]:
    """Grant number, account, role and area path of every grant in the reader's areas."""
    rows = desk.rows(VISIBLE_GRANTS, scope=scope)
    return [(row.grant_id, row.user_id, Role(row.role), row.area_path) for row in rows]


def make_first_administrator(act: Act, user_id: str, *, password: str) -> None:
    """A deployment's first account, which can make the others; only while there is none."""
    if act.rows(ANY_USER):
        raise NotAllowed("this deployment has accounts already; ask one that may grant roles")
    act.run(INSERT_USER, user_id=user_id, password_hash=HASHING.hash(password), recorded_at=to_us(act.now))
    act.insert(
        INSERT_GRANT,
        user_id=user_id,
        role=Role.ADMINISTRATOR,
        area_path=EVERYWHERE,
        granted_by=act.actor.actor_id,
        recorded_at=to_us(act.now),
    )
    act.note("user.first_administrator", subject=f"user:{user_id}")
