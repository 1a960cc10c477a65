"""Doing something once, however often it is asked: a caller's key, kept in the transaction of the act itself."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import msgspec
from fastapi import Response

from ringfence.api.answers import answer, say_row, version_of
from ringfence.api.caller import Caller
from ringfence.errors import InputRefused
from ringfence.store import Act, ListRow
from ringfence.terms import to_us

KEPT_FOR = timedelta(hours=24)

READ_KEY = """
select request_digest, status, body, version from idempotency_key
where user_id = :user_id and key = :key and expires_at > :now
"""

KEEP_KEY = """
insert into idempotency_key (user_id, key, request_digest, status, body, version, expires_at, recorded_at)
values (:user_id, :key, :request_digest, :status, :body, :version, :expires_at, :now)
"""

FORGET_KEYS = "delete from idempotency_key where expires_at <= :now or (user_id = :user_id and key = :key)"


@dataclass(frozen=True)
class Said:
    """What is answered: a body, and the version of the thing it shows, if it shows one."""

    body: Any
    status: int = 200
    version: str = ""


def said_row(row: ListRow, caller: Caller, *, status: int = 200) -> Said:
    """One thing as it stands, with its version."""
    return Said(say_row(row, caller.language), status, version_of(row))


def act_once(caller: Caller, work: Callable[[Act], Said]) -> Response:
    """Do an act and answer; asked again under the same key it answers the same and does nothing.

    InputRefused for a key that stood on another request.
    """
    done = caller.store.act(lambda act: _do_once(act, caller, lambda: work(act)), actor=caller.actor, now=caller.now)
    return _answer(caller, done)


def flow_once(caller: Caller, work: Callable[[], Said]) -> Response:
    """The same for work of several acts: its answer is kept after the last of them.

    Should the server end between the two, asking again does the work again; what is offered here can be done again
    without doing it twice.
    """
    key = caller.idempotency_key
    if key is None:
        return _answer(caller, work())
    known = caller.store.act(lambda act: _known(act, caller, key), actor=caller.actor, now=caller.now)
    if known is not None:
        return _answer(caller, known)
    done = work()
    caller.store.act(lambda act: _keep(act, caller, key, done), actor=caller.actor, now=caller.now)
    return _answer(caller, done)


def _do_once(act: Act, caller: Caller, work: Callable[[], Said]) -> Said:
    key = caller.idempotency_key
    if key is None:
        return work()
    known = _known(act, caller, key)
    if known is not None:
        return known
    done = work()
    _keep(act, caller, key, done)
    return done


def _known(act: Act, caller: Caller, key: str) -> Said | None:
    rows = act.rows(READ_KEY, user_id=caller.actor.actor_id, key=key, now=to_us(caller.now))
    if not rows:
        return None
    [row] = rows
    if row.request_digest != caller.request_digest:
        raise InputRefused("this Idempotency-Key stood on another request; take a new one for a new request")
    return Said(msgspec.json.decode(row.body), row.status, row.version)


def _keep(act: Act, caller: Caller, key: str, done: Said) -> None:
    user_id, now = caller.actor.actor_id, caller.now
    act.run(FORGET_KEYS, user_id=user_id, key=key, now=to_us(now))
    act.run(
        KEEP_KEY,
        user_id=user_id,
        key=key,
        request_digest=caller.request_digest,
        status=done.status,
        body=msgspec.json.encode(done.body).decode(),
        version=done.version,
        expires_at=to_us(now + KEPT_FOR),
        now=to_us(now),
    )
    act.note("request.kept", subject=f"user:{user_id}")


def _answer(caller: Caller, done: Said) -> Response:
    return answer(caller.request, done.body, language=caller.language, status=done.status, version=done.version or None)
