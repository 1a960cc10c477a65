"""The door: who asks, by the session of the browser's cookie, and whether a form is our own page's (policy 6.4)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from fastapi import Request, Response

from ringfence import access
from ringfence.access import Device, Session
from ringfence.console.room import Room
from ringfence.console.visitor import Visitor
from ringfence.errors import NotAllowed, NotSignedIn
from ringfence.store import Store
from ringfence.terms import Language

LANGUAGE = "language"
CSRF, PIN = "csrf", "pin"
PHONE_PAGE = "/phone"


@dataclass(frozen=True)
class Door:
    """Lets visitors in."""

    store: Store
    clock: Callable[[], datetime]

    def admit(self, request: Request, room: Room) -> Visitor:
        """The visitor of a request to a room; NotSignedIn for nobody, NotAllowed where the room is not theirs."""
        visitor = self.visitor(request)
        if not room.is_open_to(visitor):
            raise NotAllowed(
                "the room '{room}' is open to other duties than yours; choose one of your own", room=room.key
            )
        return visitor

    def visitor(self, request: Request) -> Visitor:
        """Who is signed in; NotSignedIn for nobody."""
        now = self.clock()
        session = access.read_session(self.store.desk, read_token(request), now=now)
        access.keep_session(self.store, session, now=now)
        request.state.session = session
        return Visitor(self.store, session.actor, read_language(request), now)

    def known(self, request: Request) -> Visitor | None:
        """Who is signed in, if anybody is."""
        try:
            return self.visitor(request)
        except NotSignedIn:
            return None

    def check_form(self, request: Request, form: Mapping[str, object]) -> None:
        """NotAllowed unless a form was made by our own page for this very session."""
        check_origin(request)
        session: Session = request.state.session
        access.check_csrf(session, str(form.get(CSRF, "")))

    def check_pin(self, request: Request, form: Mapping[str, object]) -> None:
        """On a unit's phone each act is signed with the PIN of whoever is in; NotSignedIn for another one."""
        session: Session = request.state.session
        if session.is_shared_device:
            pin = str(form.get(PIN, ""))
            access.confirm_pin(self.store, self.device(request), session, pin=pin, now=self.clock())

    def device(self, request: Request) -> Device:
        """The unit's phone that asks; NotSignedIn for any other."""
        return access.read_device(
            self.store.desk, request.cookies.get(cookie_for(request, "device"), ""), now=self.clock()
        )


def own_origin(request: Request) -> str:
    """Scheme and host this console was asked at."""
    return f"{request.url.scheme}://{request.url.netloc}"


def client_address(request: Request) -> str:
    """The network address of whoever asks; empty where there is none."""
    return request.client.host if request.client else ""


def check_origin(request: Request) -> None:
    """NotAllowed for whatever another site's page sends."""
    given = request.headers.get("origin")
    access.check_origin(given, referer=request.headers.get("referer"), own=[own_origin(request)])


def read_language(request: Request) -> Language:
    """The language asked for: in the address, else chosen before, else the browser's."""
    for found in (request.query_params.get(LANGUAGE), request.cookies.get(LANGUAGE)):
        if found in set(Language):
            return Language(found)
    return Language.ZH if request.headers.get("accept-language", "").lower().startswith("zh") else Language.EN


def cookie_for(request: Request, name: str) -> str:
    """Bound to host and encryption, but on a machine's own unencrypted address, where browsers refuse that name."""
    return f"__Host-{name}" if request.url.scheme == "https" else name


def cookie_name(request: Request) -> str:
    """The name of the session's cookie."""
    return cookie_for(request, "session")


def way_in(request: Request) -> str:
    """Where whoever is not signed in comes in: on a unit's phone by PIN."""
    is_phone = cookie_for(request, "device") in request.cookies
    return PHONE_PAGE if is_phone else f"/sign-in?next={request.url.path}"


def read_token(request: Request) -> str:
    """The session's token; empty where there is none."""
    return request.cookies.get(cookie_name(request), "")


def give_token(request: Request, answer: Response, token: str, *, seconds: int) -> None:
    """Let the browser keep the token, out of reach of scripts and of other sites' forms."""
    answer.set_cookie(
        cookie_name(request),
        token,
        max_age=seconds,
        path="/",
        secure=request.url.scheme == "https",
        httponly=True,
        samesite="lax",
    )
