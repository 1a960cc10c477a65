"""A unit's shared phone: registered once by a link, then its workers come in by PIN for a short time (policy 6.4)."""

from http import HTTPStatus

from fastapi import FastAPI, Request, Response
from fastapi.responses import RedirectResponse

from ringfence import access
from ringfence.console.door import PHONE_PAGE, Door, check_origin, cookie_for
from ringfence.console.forms import Form
from ringfence.console.pages import render_bare
from ringfence.console.sign_in import FIRST_ROOM, let_in, refuse_sign_in
from ringfence.errors import NotSignedIn, TooManyAttempts


def add_phone(app: FastAPI, door: Door) -> None:
    """Put the pages into the console. The phone itself is nobody and reads nothing."""

    @app.post(PHONE_PAGE + "/register/{token}")
    def register(request: Request, token: str) -> Response:
        check_origin(request)
        now = door.clock()
        opened = access.register_device(door.store, token, now=now)
        answer = RedirectResponse(PHONE_PAGE, HTTPStatus.SEE_OTHER)
        answer.set_cookie(
            cookie_for(request, "device"),
            opened.token,
            max_age=int((opened.device.expires_at - now).total_seconds()),
            path="/",
            secure=request.url.scheme == "https",
            httponly=True,
            samesite="lax",
        )
        return answer

    @app.get(PHONE_PAGE)
    def ask(request: Request) -> Response:
        try:
            device = door.device(request)
        except NotSignedIn as error:
            return refuse_sign_in(request, error)
        values = {"device": device, "workers": access.list_workers(door.store.desk, device), "error": None}
        return render_bare(request, "phone.html", values)

    @app.post(PHONE_PAGE)
    def enter(request: Request, form: Form) -> Response:
        check_origin(request)
        device, worker, pin = door.device(request), str(form.get("worker", "")), str(form.get("pin", ""))
        try:
            opened = access.sign_in_by_pin(door.store, device, worker, pin=pin, now=door.clock())
        except (NotSignedIn, TooManyAttempts) as error:
            values = {"device": device, "workers": access.list_workers(door.store.desk, device), "error": error}
            return render_bare(request, "phone.html", values, status=HTTPStatus.UNAUTHORIZED)
        return let_in(request, opened, FIRST_ROOM)
