"""Sessions: who is signed in, kept at the server; the browser has a random token, the desk its digest (policy 6.4)."""

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import Row

from ringfence.access.rights import check_can
from ringfence.errors import NotFound, NotSignedIn
from ringfence.policy import Permission, Policy
from ringfence.store import EVERYWHERE, Act, Desk, Store
from ringfence.terms import Actor, from_us, to_us

INSERT_SESSION = """
insert into user_session (token_digest, user_id, way, device_id, address_digest, idle_us, opened_at, seen_at, ends_at,
    recorded_at)
values (:token_digest, :user_id, :way, :device_id, :address_digest, :idle_us, :now, :now, :ends_at, :now)
returning session_id
"""

# A session holds while it is not ended, was used lately, and its account and device are open.
HOLDING_SESSION = """
select s.session_id, s.user_id, s.way, s.opened_at, s.seen_at, s.idle_us, s.ends_at, d.unit_id
from user_session s
join user_account u on u.user_id = s.user_id
left join unit_device d on d.device_id = s.device_id
where s.token_digest = :token_digest and s.ended_at is null and s.ends_at > :now and s.seen_at + s.idle_us > :now
    and u.is_active and (s.device_id is null or (d.ended_at is null and d.ends_at > :now))
"""

SESSIONS_OF_USER = """
select s.session_id, s.user_id, s.way, s.opened_at, s.seen_at, s.idle_us, s.ends_at, d.unit_id
from user_session s left join unit_device d on d.device_id = s.device_id
where s.user_id = :user_id and s.ended_at is null and s.ends_at > :now and s.seen_at + s.idle_us > :now
order by s.session_id
"""

OWNER_OF_SESSION = "select user_id from user_session where session_id = :session_id and ended_at is null"

CAME_IN = "update user_account set signed_in_at = :now where user_id = :user_id"

KEEP = "update user_session set seen_at = :now where session_id = :session_id and seen_at < :now and ended_at is null"

END_ONE = "update user_session set ended_at = :now where session_id = :session_id and ended_at is null"

END_ALL = "update user_session set ended_at = :now where user_id = :user_id and ended_at is null"

TOKEN_BYTES = 32
KEPT_EVERY = 6  # parts of the idle time: use is written down at most that often

_NOT_SIGNED_IN = "you are not signed in, or were away too long; sign in and try again"


class SignInWay(StrEnum):
    """How somebody proved who they are."""

    PASSWORD = "password"  # noqa: S105 - a word, no password
    PIN = "pin"
    LINK = "link"
    OPENID = "openid"


@dataclass(frozen=True, kw_only=True)
class Session:
    """Somebody signed in; `csrf_token` stands in every form of this session, `unit_id` on a shared phone only.

    It ends at `expires_at` if nothing more is done in it, and at `ends_at` whatever is done.
    """

    session_id: int
    user_id: str
    csrf_token: str
    way: SignInWay
    opened_at: datetime
    seen_at: datetime
    expires_at: datetime
    ends_at: datetime
    kept_until: datetime
    unit_id: str | None

    @property
    def actor(self) -> Actor:
        """Who acts in this session."""
        return Actor(self.user_id)

    @property
    def is_shared_device(self) -> bool:
        """Whether it runs on a unit's shared phone, where every act is signed with a PIN."""
        return self.unit_id is not None


@dataclass(frozen=True, kw_only=True)
class OpenedSession:
    """A session with its token, which is known at this moment only."""

    token: str
    session: Session


@dataclass(frozen=True, kw_only=True)
class OpenSession:
    """A line in somebody's list of their own sessions."""

    session_id: int
    way: SignInWay
    opened_at: datetime
    seen_at: datetime
    expires_at: datetime
    unit_id: str | None


def new_token() -> str:
    """A random token of 256 bits."""
    return secrets.token_urlsafe(TOKEN_BYTES)


def digest_token(token: str) -> str:
    """What is kept of a token: SHA-256 is enough for a secret that nobody can guess."""
    return hashlib.sha256(token.encode(errors="surrogatepass")).hexdigest()


def open_session(
    act: Act,
    user_id: str,
    *,
    way: SignInWay,
    address_digest: str,
    policy: Policy,
    device: tuple[int, str] | None = None,
) -> OpenedSession:
    """A new session of an account that proved who it is, on its own or on a unit's phone (device number and unit)."""
    kind = "session" if device is None else "device_session"
    idle, longest = policy.hours(f"{kind}.idle_hours"), policy.hours(f"{kind}.longest_hours")
    token = new_token()
    session_id = act.insert(
        INSERT_SESSION,
        token_digest=digest_token(token),
        user_id=user_id,
        way=way,
        device_id=device[0] if device else None,
        address_digest=address_digest,
        idle_us=idle // timedelta(microseconds=1),
        now=to_us(act.now),
        ends_at=to_us(act.now + longest),
    )
    act.run(CAME_IN, user_id=user_id, now=to_us(act.now))
    act.note("session.opened", subject=f"session:{session_id}", user=user_id, way=way)
    session = Session(
        session_id=session_id,
        user_id=user_id,
        csrf_token=_csrf_token(token),
        way=way,
        opened_at=act.now,
        seen_at=act.now,
        expires_at=act.now + min(idle, longest),
        ends_at=act.now + longest,
        kept_until=act.now + idle / KEPT_EVERY,
        unit_id=device[1] if device else None,
    )
    return OpenedSession(token=token, session=session)


def read_session(desk: Desk, token: str, *, now: datetime) -> Session:
    """The session of a token; NotSignedIn for none, one that ended, was idle too long or whose account is closed."""
    rows = desk.rows(HOLDING_SESSION, token_digest=digest_token(token), now=to_us(now)) if token else []
    if not rows:
        raise NotSignedIn(_NOT_SIGNED_IN)
    [row] = rows
    return Session(
        csrf_token=_csrf_token(token),
        user_id=row.user_id,
        ends_at=from_us(row.ends_at),
        kept_until=from_us(row.seen_at + row.idle_us // KEPT_EVERY),
        **_shown(row),
    )


def keep_session(store: Store, session: Session, *, now: datetime) -> None:
    """Say that a session is in use; call it with every request, it writes six times an idle time at most."""
    if now < session.kept_until:
        return

    def keep(act: Act) -> None:
        act.run(KEEP, session_id=session.session_id, now=to_us(now))
        act.note("session.kept", subject=f"session:{session.session_id}")

    store.act(keep, actor=session.actor, now=now)


def list_sessions(desk: Desk, user_id: str, *, now: datetime) -> list[OpenSession]:
    """The sessions of an account that hold, oldest first; for the account itself to look through."""
    return [OpenSession(**_shown(row)) for row in desk.rows(SESSIONS_OF_USER, user_id=user_id, now=to_us(now))]


def sign_out(act: Act, session_id: int) -> None:
    """End a session: one of the actor's own, or anybody's for who may grant roles."""
    rows = act.rows(OWNER_OF_SESSION, session_id=session_id)
    if not rows:
        raise NotFound("session {session_id} does not exist or has ended", session_id=session_id)
    _check_may_end(act, rows[0].user_id)
    act.run(END_ONE, session_id=session_id, now=to_us(act.now))
    act.note("session.ended", subject=f"session:{session_id}")


def sign_out_everywhere(act: Act, user_id: str) -> int:
    """End every session of an account, one's own or anybody's for who may grant roles; how many."""
    _check_may_end(act, user_id)
    return end_sessions(act, user_id)


def end_sessions(act: Act, user_id: str) -> int:
    """End every session of an account, because what opened them is no longer so; how many."""
    count = act.run(END_ALL, user_id=user_id, now=to_us(act.now))
    act.note("sessions.ended", subject=f"user:{user_id}", count=count)
    return count


def _check_may_end(act: Act, user_id: str) -> None:
    if act.actor.actor_id != user_id:
        check_can(act, Permission.USER_GRANT, area_path=EVERYWHERE)


def _csrf_token(token: str) -> str:
    """Follows from the session's token, so the desk need not keep it and nobody who reads the desk knows it."""
    return hmac.new(token.encode(), b"form", hashlib.sha256).hexdigest()


def _shown(row: Row[Any]) -> dict[str, Any]:
    return {
        "session_id": row.session_id,
        "way": SignInWay(row.way),
        "opened_at": from_us(row.opened_at),
        "seen_at": from_us(row.seen_at),
        "expires_at": from_us(min(row.seen_at + row.idle_us, row.ends_at)),
        "unit_id": row.unit_id,
    }
