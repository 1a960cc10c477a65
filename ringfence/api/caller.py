"""Who calls, from which session, and what a route lets them look at: every look has a purpose (policy 6.4)."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any

from fastapi import Depends, Request

from ringfence import access
from ringfence.access import RateLimit, Session
from ringfence.api.problems import read_language
from ringfence.errors import InputRefused, NotAllowed, NotSignedIn
from ringfence.policy import Policy, read_in_force
from ringfence.store import Scope, Store
from ringfence.terms import Actor, Language, Purpose

COOKIES = ("__Host-session", "session")
READING = frozenset({"GET", "HEAD", "OPTIONS"})

LONGEST_KEY = 200


@dataclass(frozen=True, kw_only=True)
class Caller:
    """A signed-in account, and the request it stands behind."""

    store: Store
    session: Session
    language: Language
    now: datetime
    request: Request
    request_digest: str

    @property
    def actor(self) -> Actor:
        """Who acts."""
        return self.session.actor

    @property
    def idempotency_key(self) -> str | None:
        """What makes this request the same as another one; None where the caller named nothing."""
        key = self.request.headers.get("idempotency-key")
        if key is not None and not 1 <= len(key) <= LONGEST_KEY:
            raise InputRefused("an Idempotency-Key has 1 to {most} characters", most=LONGEST_KEY)
        return key


@dataclass(frozen=True, kw_only=True)
class Look:
    """A caller who looks for a purpose, and what the purpose opens to them."""

    caller: Caller
    purpose: Purpose
    scope: Scope


async def read_digest(request: Request) -> str:
    """SHA-256 over method, address and body: the same request has the same."""
    body = b"" if request.method in READING else await request.body()
    head = f"{request.method} {request.url.path}?{request.url.query}\n"
    return hashlib.sha256(head.encode() + body).hexdigest()


def read_caller(request: Request, request_digest: Annotated[str, Depends(read_digest)]) -> Caller:
    """The account whose session's token the request brings; NotSignedIn for none."""
    store: Store = request.app.state.store
    now: datetime = request.app.state.clock()
    session = _read_session(request, store, now=now)
    _check_writes(request, session)
    limit: RateLimit = request.app.state.rate_limit
    limit.take(session.session_id)
    access.keep_session(store, session, now=now)
    return Caller(
        store=store,
        session=session,
        language=read_language(request),
        now=now,
        request=request,
        request_digest=request_digest,
    )


CallerNow = Annotated[Caller, Depends(read_caller)]


def _read_session(request: Request, store: Store, *, now: datetime) -> Session:
    """By Bearer token, which no other site can make a browser send; else by cookie, and then writes bring a token."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer":
        return access.read_session(store.desk, token.strip(), now=now)
    token = next((request.cookies[name] for name in COOKIES if request.cookies.get(name)), "")
    if not token:
        raise NotSignedIn("you are not signed in, or were away too long; sign in and try again")
    session = access.read_session(store.desk, token, now=now)
    if request.method not in READING:
        own = [f"{request.url.scheme}://{request.url.netloc}"]
        access.check_origin(request.headers.get("origin"), referer=request.headers.get("referer"), own=own)
        access.check_csrf(session, request.headers.get("x-csrf-token"))
    return session


def _check_writes(request: Request, session: Session) -> None:
    """A unit's phone is everybody's: what is written on it is signed with a PIN, and only the console asks for one."""
    if session.is_shared_device and request.method not in READING:
        raise NotAllowed(
            "nothing is written over the API from the shared phone of unit {unit}; do it in the console, with your PIN",
            unit=session.unit_id,
        )


def looks_for(*purposes: str, opens: str = "") -> Callable[[Request, str], Look]:
    """A dependency: the look of a caller for the first of these purposes that one of their roles may name.

    Where `opens` names a table, for the first that opens it to them.
    """

    def look(request: Request, request_digest: Annotated[str, Depends(read_digest)]) -> Look:
        caller = read_caller(request, request_digest)  # in the same thread, for each step of its own costs a change
        purpose, scope = access.read_look(caller.store.desk, caller.actor, purposes, opens=opens, now=caller.now)
        return Look(caller=caller, purpose=purpose, scope=scope)

    return look


def rules_of(caller: Caller) -> Policy:
    """The policy in force on the local day of the call."""
    in_force = read_in_force(caller.store.desk, now=caller.now)
    return Policy(in_force, caller.store.clock.day_of(caller.now))


def purposes_of(*purposes: str) -> dict[str, Any]:
    """What the description of a route says of the purposes it looks for."""
    return {"x-purposes": list(purposes)}
