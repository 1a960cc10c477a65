"""Who stands behind a lane's request: looked up once in a few seconds, for a lane asks many times a second."""

import hashlib
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Annotated

from fastapi import Depends, Request
from starlette.concurrency import run_in_threadpool

from ringfence.access import RateLimit
from ringfence.api.caller import Caller, looks_for, read_digest, rules_of
from ringfence.api.problems import read_language

KEPT_FOR = timedelta(seconds=5)
"""How long an answer of the desk is believed: a session that ends, or a new limit, is noticed so much later here."""

_MOST_KNOWN = 10_000


@dataclass(frozen=True, kw_only=True)
class LaneCaller:
    """A caller, and the temperature that counts as fever today."""

    caller: Caller
    fever: float


@dataclass
class LaneCallers:
    """Those who called a moment ago, by the digest of their token."""

    _known: dict[str, tuple[LaneCaller, datetime]] = field(default_factory=dict)

    def find(self, digest: str, *, now: datetime) -> LaneCaller | None:
        """The caller, where the desk was asked just now."""
        known, asked_at = self._known.get(digest, (None, now))
        return known if known and now - asked_at < KEPT_FOR and now < known.caller.session.expires_at else None

    def keep(self, digest: str, known: LaneCaller, *, now: datetime) -> None:
        """Remember what the desk said."""
        if len(self._known) >= _MOST_KNOWN:
            self._known.clear()
        self._known[digest] = known, now


async def read_lane_caller(request: Request) -> LaneCaller:
    """The caller of a request with a Bearer token, without asking the desk each time; else as for every route."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    digest = hashlib.sha256(token.strip().encode()).hexdigest() if scheme.lower() == "bearer" and token.strip() else ""
    now: datetime = request.app.state.clock()
    callers: LaneCallers = request.app.state.lane_callers
    known = callers.find(digest, now=now) if digest else None
    if known is None:
        known = await run_in_threadpool(_ask, request, await read_digest(request))
        if digest:
            callers.keep(digest, known, now=now)
        return known
    limit: RateLimit = request.app.state.rate_limit
    limit.take(known.caller.session.session_id)
    request_digest = await read_digest(request) if "idempotency-key" in request.headers else ""
    own = replace(
        known.caller, now=now, language=read_language(request), request=request, request_digest=request_digest
    )
    return LaneCaller(caller=own, fever=known.fever)


def _ask(request: Request, request_digest: str) -> LaneCaller:
    caller = looks_for("gate_check")(request, request_digest).caller
    return LaneCaller(caller=caller, fever=rules_of(caller).number("gate.fever_celsius"))


LaneCallerNow = Annotated[LaneCaller, Depends(read_lane_caller)]
