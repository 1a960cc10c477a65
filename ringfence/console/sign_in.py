"""Signing in and out; the only pages without a session (policy 6.4)."""

from datetime import timedelta
from http import HTTPStatus
from urllib.parse import urlsplit

from fastapi import FastAPI, Request, Response
from fastapi.responses import RedirectResponse

from ringfence import access
from ringfence.access import OpenedSession
from ringfence.console.door import Door, check_origin, client_address, cookie_name, give_token
from ringfence.console.forms import Form
from ringfence.console.pages import render_bare
from ringfence.errors import InputRefused, NotSignedIn, Overloaded, RingfenceError, TooManyAttempts, Unusable

FIRST_ROOM = "/today"

REFUSALS: dict[type[Exception], HTTPStatus] = {
    TooManyAttempts: HTTPStatus.TOO_MANY_REQUESTS,
    Unusable: HTTPStatus.SERVICE_UNAVAILABLE,
}
"""Answers to whoever does not get in; the others are not signed in."""


def add_sign_in(app: FastAPI, door: Door) -> None:
    """Put the pages into the console."""
    _add_activation(app, door)

    @app.get("/sign-in")
    def ask(request: Request) -> Response:
        if door.known(request):
            return RedirectResponse(FIRST_ROOM, HTTPStatus.SEE_OTHER)
        return render_bare(
            request,
            "sign_in.html",
            {"next": request.query_params.get("next", ""), "user": "", "by_openid": by_openid(request)},
        )

    @app.post("/sign-in")
    def enter(request: Request, form: Form) -> Response:
        check_origin(request)
        user, onward = str(form.get("user", "")).strip(), str(form.get("next", ""))
        try:
            opened = access.sign_in(
                door.store,
                user,
                password=str(form.get("password", "")),
                address=client_address(request),
                now=door.clock(),
            )
        except (NotSignedIn, TooManyAttempts, Overloaded) as error:
            return refuse_sign_in(request, error, user=user, onward=onward)
        return let_in(request, opened, _own(onward))

    @app.post("/sign-out")
    def leave(request: Request, form: Form) -> Response:
        visitor = door.visitor(request)
        door.check_form(request, form)
        visitor.act(lambda act: access.sign_out(act, request.state.session.session_id))
        answer = RedirectResponse("/sign-in", HTTPStatus.SEE_OTHER)
        answer.delete_cookie(cookie_name(request), path="/", httponly=True, samesite="lax")
        return answer


def _add_activation(app: FastAPI, door: Door) -> None:
    """The pages behind a link that is used once: a first password is chosen there."""

    @app.get(access.LINK_PAGE + "{token}")
    def activate(request: Request, token: str) -> Response:
        link = access.read_link(door.store.desk, token, now=door.clock())
        return render_bare(request, "activate.html", {"link": link, "token": token})

    @app.post(access.LINK_PAGE + "{token}")
    def choose(request: Request, token: str, form: Form) -> Response:
        check_origin(request)
        opened = access.redeem_link(
            door.store,
            token,
            password=str(form.get("password", "")),
            address=client_address(request),
            now=door.clock(),
        )
        return let_in(request, opened, FIRST_ROOM)

    @app.post(access.LINK_PAGE + "{token}/pin")
    def choose_pin(request: Request, token: str, form: Form) -> Response:
        check_origin(request)
        pin = str(form.get("pin", ""))
        if pin != str(form.get("again", "")):
            raise InputRefused("the two PINs are not the same; type the same one twice")
        user = access.redeem_link_for_pin(door.store, token, pin=pin, now=door.clock())
        return render_bare(request, "pin_kept.html", {"user": user})


def let_in(request: Request, opened: OpenedSession, to: str) -> Response:
    """Onward, with the session's token kept by the browser."""
    answer = RedirectResponse(to, HTTPStatus.SEE_OTHER)
    lasts = opened.session.ends_at - opened.session.opened_at  # a session left idle ends at the server
    give_token(request, answer, opened.token, seconds=lasts // timedelta(seconds=1))
    return answer


def refuse_sign_in(request: Request, error: RingfenceError, *, user: str = "", onward: str = "") -> Response:
    """The page again, with what went wrong in one sentence."""
    status = next((status for kind, status in REFUSALS.items() if isinstance(error, kind)), HTTPStatus.UNAUTHORIZED)
    values = {"next": onward, "user": user, "error": error, "by_openid": by_openid(request)}
    return render_bare(request, "sign_in.html", values, status=status)


def by_openid(request: Request) -> bool:
    """Whether the city's own service is a way in."""
    return request.app.state.openid is not None


def _own(address: str) -> str:
    """An address of ours to go to; the first room instead of one that leads anywhere else."""
    parts = urlsplit(address)
    is_own = address.startswith("/") and not address.startswith(("//", "/\\")) and not parts.netloc
    return address if is_own else FIRST_ROOM
