"""The console as one web application: every room's pages behind one door, and what all of them share (policy 7.3)."""

from collections.abc import Callable, Mapping
from datetime import datetime
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.responses import JSONResponse, PlainTextResponse, RedirectResponse
from starlette.datastructures import ImmutableMultiDict
from starlette.exceptions import HTTPException
from starlette.middleware.gzip import GZipMiddleware

from ringfence.access import OpenIDProvider, read_openid_settings
from ringfence.console.asked import Asked
from ringfence.console.assets import read_asset
from ringfence.console.contest import add_contest
from ringfence.console.door import Door, client_address, own_origin, way_in
from ringfence.console.fence import Fence
from ringfence.console.forms import Form
from ringfence.console.openid import add_openid
from ringfence.console.pages import render, render_error
from ringfence.console.phone import add_phone
from ringfence.console.room import Action, Drawing, Page, Paper, Room, View, read_rooms
from ringfence.console.said import say_next
from ringfence.console.sign_in import add_sign_in
from ringfence.errors import (
    InputRefused,
    NotAllowed,
    NotFound,
    NotSignedIn,
    Overloaded,
    RingfenceError,
    TooManyAttempts,
    TransitionRefused,
    Unusable,
)
from ringfence.store import Store

STATUSES: Mapping[type[RingfenceError], HTTPStatus] = {
    NotSignedIn: HTTPStatus.UNAUTHORIZED,
    TooManyAttempts: HTTPStatus.TOO_MANY_REQUESTS,
    NotAllowed: HTTPStatus.FORBIDDEN,
    NotFound: HTTPStatus.NOT_FOUND,
    InputRefused: HTTPStatus.UNPROCESSABLE_ENTITY,
    TransitionRefused: HTTPStatus.CONFLICT,
    Overloaded: HTTPStatus.SERVICE_UNAVAILABLE,
    Unusable: HTTPStatus.SERVICE_UNAVAILABLE,
}
"""By class of error, the narrower before the wider."""

_FOR_EVER = "public, max-age=31536000, immutable"
_SMALLEST_PACKED = 800  # bytes: below that packing costs more than it saves


def make_console(store: Store, *, clock: Callable[[], datetime], openid: OpenIDProvider | None = None) -> FastAPI:
    """The console of a deployment; `clock` says what time it is.

    Whom the city's own service vouches for comes in by it: `openid`, or the one that the deployment's settings name.
    """
    app = FastAPI(title="Ringfence", docs_url=None, redoc_url=None, openapi_url=None)
    door = Door(store, clock)
    app.add_middleware(GZipMiddleware, minimum_size=_SMALLEST_PACKED)
    app.add_middleware(Fence)
    _add_errors(app, door)
    app.add_api_route("/assets/{name}", _serve_asset, methods=["GET"])
    app.add_api_route("/", lambda: RedirectResponse("/today", HTTPStatus.SEE_OTHER), methods=["GET"])
    app.state.openid = openid or _read_provider(store)
    add_sign_in(app, door)
    if app.state.openid is not None:
        add_openid(app, door, app.state.openid)
    add_phone(app, door)
    add_contest(app, door)
    for room in read_rooms():
        _add_room(app, door, room)
    return app


def _read_provider(store: Store) -> OpenIDProvider | None:
    settings = read_openid_settings(store.deployment)
    return None if settings is None else OpenIDProvider(settings)


def _add_room(app: FastAPI, door: Door, room: Room) -> None:
    # a path with words in it before one that would read the words as a value
    for path, page in sorted(room.pages.items(), reverse=True):
        app.add_api_route(f"/{room.key}{path}", _answer(door, room, page), methods=["GET"], name=f"{room.key}{path}")
    for path, drawing in room.drawings.items():
        app.add_api_route(f"/{room.key}{path}", _draw(door, room, drawing), methods=["GET"])
    for path, action in room.actions.items():
        app.add_api_route(f"/{room.key}{path}", _do(door, room, action), methods=["POST"])


def _answer(door: Door, room: Room, page: Page) -> Callable[[Request], Response]:
    def answer(request: Request) -> Response:
        visitor = door.admit(request, room)
        view = page(visitor, _asked(request, request.query_params))
        return render(request, visitor, view.template or f"{room.key}.html", view.values, room=room)

    return answer


def _draw(door: Door, room: Room, drawing: Drawing) -> Callable[[Request], Response]:
    def draw(request: Request) -> Response:
        visitor = door.admit(request, room)
        return JSONResponse(drawing(visitor, _asked(request, request.query_params)))

    return draw


def _do(door: Door, room: Room, action: Action) -> Callable[[Request, Form], Response]:
    def do(request: Request, form: Form) -> Response:
        visitor = door.admit(request, room)
        door.check_form(request, form)
        door.check_pin(request, form)
        done = action(visitor, _asked(request, form))
        if isinstance(done, View):
            return render(request, visitor, done.template or f"{room.key}.html", done.values, room=room)
        if isinstance(done, Paper):
            headers = {"Content-Disposition": f'attachment; filename="{done.name}"'}
            return Response(done.content, media_type=done.media_type, headers=headers)
        answer = RedirectResponse(done.to, HTTPStatus.SEE_OTHER)
        say_next(answer, visitor.say(done.sentence, **done.values))
        return answer

    return do


def _asked(request: Request, given: ImmutableMultiDict[str, Any]) -> Asked:
    return Asked(
        at=request.url.path,
        origin=own_origin(request),
        address=client_address(request),
        path=request.path_params,
        given=given,
    )


def _add_errors(app: FastAPI, door: Door) -> None:
    @app.exception_handler(RingfenceError)
    def refuse(request: Request, error: RingfenceError) -> Response:
        if isinstance(error, NotSignedIn) and request.method == "GET":
            return RedirectResponse(way_in(request), HTTPStatus.SEE_OTHER)
        status = next((status for kind, status in STATUSES.items() if isinstance(error, kind)), HTTPStatus(500))
        return render_error(request, door, status, error.sentence, error.values)

    @app.exception_handler(HTTPException)
    def miss(request: Request, error: HTTPException) -> Response:
        sentence = (
            "there is no page at this address; choose a room"
            if error.status_code == HTTPStatus.NOT_FOUND
            else ("this page cannot be asked that way; go back and try again")
        )
        return render_error(request, door, HTTPStatus(error.status_code), sentence, {})


def _serve_asset(request: Request, name: str) -> Response:
    found = read_asset(name)
    if found is None:
        return PlainTextResponse("", HTTPStatus.NOT_FOUND)
    headers = {"Cache-Control": _FOR_EVER, "Vary": "Accept-Encoding"}
    if "gzip" in request.headers.get("accept-encoding", ""):
        return Response(found.packed, media_type=found.media_type, headers={**headers, "Content-Encoding": "gzip"})
    return Response(found.content, media_type=found.media_type, headers=headers)
