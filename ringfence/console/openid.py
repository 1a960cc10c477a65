"""Signing in by the city's own service, where the deployment names one: there, and back (policy 6.4)."""

from datetime import timedelta
from http import HTTPStatus

from fastapi import FastAPI, Request, Response
from fastapi.responses import RedirectResponse

from ringfence import access
from ringfence.access import OpenIDProvider, OpenIDReturn
from ringfence.console.door import Door, client_address, cookie_for
from ringfence.console.sign_in import FIRST_ROOM, let_in, refuse_sign_in
from ringfence.errors import NotSignedIn, TooManyAttempts, Unusable

BEGIN, RETURN = "/sign-in/openid/begin", "/sign-in/openid"
"""Where one goes from, and where `redirect_address` of the settings leads back to."""

_STATE = "openid"
_WITHIN = timedelta(hours=1)  # the server keeps what a sign-in began with for less


def add_openid(app: FastAPI, door: Door, provider: OpenIDProvider) -> None:
    """Put the two steps into the console; both are looks at an address, for the service leads back by one."""

    @app.get(BEGIN)
    def begin(request: Request) -> Response:
        try:
            start = access.begin_openid(door.store, provider, address=client_address(request), now=door.clock())
        except (TooManyAttempts, Unusable) as error:
            return refuse_sign_in(request, error)
        answer = RedirectResponse(start.address, HTTPStatus.SEE_OTHER)
        answer.set_cookie(
            cookie_for(request, _STATE),
            start.state,
            max_age=int(_WITHIN.total_seconds()),
            path="/",
            secure=request.url.scheme == "https",
            httponly=True,
            samesite="lax",
        )
        return answer

    @app.get(RETURN)
    def come_back(request: Request) -> Response:
        back = OpenIDReturn(
            code=request.query_params.get("code", ""),
            state=request.query_params.get("state", ""),
            state_of_browser=request.cookies.get(cookie_for(request, _STATE), ""),
            address=client_address(request),
        )
        try:
            opened = access.finish_openid(door.store, provider, back, now=door.clock())
        except (NotSignedIn, Unusable) as error:
            return refuse_sign_in(request, error)
        answer = let_in(request, opened, FIRST_ROOM)
        answer.delete_cookie(cookie_for(request, _STATE), path="/", httponly=True, samesite="lax")
        return answer
