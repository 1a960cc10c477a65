"""Pages made from templates: the same frame around each, in the reader's language (policy 7.3)."""

from collections.abc import Mapping
from functools import cache
from http import HTTPStatus
from urllib.parse import urlencode

from fastapi import Request, Response
from fastapi.responses import HTMLResponse
from jinja2 import Environment, PackageLoader, StrictUndefined

from ringfence.console.assets import address_of
from ringfence.console.door import LANGUAGE, Door, read_language
from ringfence.console.room import Room, read_rooms
from ringfence.console.said import forget_said, read_said
from ringfence.console.tour import Step, read_step
from ringfence.console.visitor import Visitor
from ringfence.console.wording import Wording
from ringfence.terms import Language, say

_A_YEAR_S = 365 * 86_400


@cache
def templates() -> Environment:
    """Every template, escaped by itself; a value that nobody gave is an error, not an empty place."""
    found = Environment(
        loader=PackageLoader("ringfence.console", "pages"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    found.globals["asset"] = address_of
    return found


def render(request: Request, visitor: Visitor, template: str, values: Mapping[str, object], *, room: Room) -> Response:
    """A room's page."""
    frame = {
        **Wording(visitor).names(),
        **_frame(request, visitor.language),
        "visitor": visitor,
        "room": room,
        "purpose": visitor.purpose(*(key for key in room.purposes if visitor.opens(room.table, key))),
        "rooms": [each for each in read_rooms() if each.is_open_to(visitor)],
        "asks_pin": request.state.session.is_shared_device,
        "csrf": request.state.session.csrf_token,
        "tour": _read_tour(request),
    }
    return _answer(request, template, {**frame, **values}, status=HTTPStatus.OK)


def render_bare(
    request: Request, template: str, values: Mapping[str, object], *, status: HTTPStatus = HTTPStatus.OK
) -> Response:
    """A page for whoever is not signed in."""
    language = read_language(request)

    def words(sentence: str, **given: object) -> str:
        return say(sentence, given, language)

    return _answer(request, template, {**_frame(request, language), "words": words, **values}, status=status)


def render_error(
    request: Request, door: Door, status: HTTPStatus, sentence: str, values: Mapping[str, object]
) -> Response:
    """What went wrong, in one sentence, with the way back."""
    is_signed_in = door.known(request) is not None
    said = say(sentence, values, read_language(request))
    return render_bare(request, "error.html", {"sentence": said, "is_signed_in": is_signed_in}, status=status)


def _frame(request: Request, language: Language) -> dict[str, object]:
    return {
        "language": language,
        "languages": {each: _address(request, each) for each in Language},
        "path": request.url.path,
        "said": read_said(request),
    }


def _address(request: Request, language: Language) -> str:
    """This very page in another language."""
    asked = [(name, value) for name, value in request.query_params.multi_items() if name != LANGUAGE]
    return f"{request.url.path}?{urlencode([*asked, (LANGUAGE, language.value)])}"


def _answer(request: Request, template: str, values: Mapping[str, object], *, status: HTTPStatus) -> Response:
    answer = HTMLResponse(templates().get_template(template).render(values), status)
    if values["said"]:
        forget_said(answer)
    if LANGUAGE in request.query_params:
        answer.set_cookie(LANGUAGE, str(values["language"]), max_age=_A_YEAR_S, path="/", httponly=True, samesite="lax")
    return answer


def _read_tour(request: Request) -> Step | None:
    return read_step(request.query_params.get("tour", ""))
