"""Signing in and out: a token for programs, the same session for browsers (policy 6.4)."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Path, Request, Response
from pydantic import BaseModel

from ringfence import access
from ringfence.api.answers import answer
from ringfence.api.caller import CallerNow
from ringfence.api.once import Said, act_once
from ringfence.api.problems import read_language
from ringfence.api.routes.bodies import Done, Password, shown
from ringfence.api.rows import Key, Number
from ringfence.store import Act

router = APIRouter(tags=["sessions"])


class Credentials(BaseModel):
    """An account and its password."""

    model_config = shown(user_id="officer-0012", password="correct horse")  # noqa: S106 - an example opens nothing

    user_id: Key
    password: Password


class SignedIn(BaseModel):
    """The session's token, which is said this once: `Authorization: Bearer TOKEN`."""

    model_config = shown(token="vN3o…", user_id="officer-0012", ends_at="2022-03-01T16:00:00Z")  # noqa: S106

    token: str
    user_id: str
    ends_at: datetime


class SessionRow(BaseModel):
    """A session of one's own."""

    model_config = shown(
        session_id=3,
        way="password",
        opened_at="2022-03-01T04:00:00Z",
        seen_at="2022-03-01T04:10:00Z",
        expires_at="2022-03-01T04:40:00Z",
    )

    session_id: int
    way: str
    opened_at: datetime
    seen_at: datetime
    expires_at: datetime


class Sessions(BaseModel):
    """The sessions of an account that hold, and which of them asks."""

    model_config = shown(
        user_id="officer-0012",
        current=3,
        sessions=[SessionRow.model_config["json_schema_extra"]["examples"][0]],  # type: ignore[index]
    )

    user_id: str
    current: int
    sessions: list[SessionRow]


def address_of(request: Request) -> str:
    """The network address a request came from; a server behind a proxy is told by it (uvicorn's proxy headers)."""
    return request.client.host if request.client else ""


@router.post("/sessions", response_model=SignedIn, status_code=201, summary="Sign in with an account and its password")
def sign_in(request: Request, given: Credentials) -> Response:
    """Wrong tries wait longer each time."""
    state = request.app.state
    opened = access.sign_in(
        state.store, given.user_id, password=given.password, address=address_of(request), now=state.clock()
    )
    body = {"token": opened.token, "user_id": opened.session.user_id, "ends_at": opened.session.ends_at}
    found = answer(request, body, language=read_language(request), status=201)
    del found.headers["ETag"]
    found.headers["Cache-Control"] = "no-store"
    return found


@router.get("/sessions", response_model=Sessions, summary="Your own sessions")
def list_sessions(request: Request, caller: CallerNow) -> Response:
    """To see whether one of them is not yours."""
    found = access.list_sessions(caller.store.desk, caller.actor.actor_id, now=caller.now)
    rows = [{name: getattr(one, name) for name in SessionRow.model_fields} for one in found]
    body = {"user_id": caller.actor.actor_id, "current": caller.session.session_id, "sessions": rows}
    return answer(request, body, language=caller.language)


@router.delete("/sessions/{session_id}", response_model=Done, summary="End a session")
def sign_out(caller: CallerNow, session_id: Annotated[Number, Path(alias="session_id")]) -> Response:
    """One's own, or anybody's for who may grant roles."""

    def end(act: Act) -> Said:
        access.sign_out(act, session_id)
        return Said({"is_done": True})

    return act_once(caller, end)
