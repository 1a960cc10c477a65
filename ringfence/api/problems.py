"""What went wrong, as `application/problem+json` (RFC 9457) with a type that stays and a sentence in one's language."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec
from fastapi import Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException

from ringfence import errors
from ringfence.errors import RingfenceError
from ringfence.terms import Language, say

MEDIA_TYPE = "application/problem+json"


@dataclass(frozen=True)
class Kind:
    """How a class of errors is answered; `slug` names the type and never changes."""

    status: int
    slug: str
    title: str


KINDS: Mapping[type[RingfenceError], Kind] = {
    errors.CursorRefused: Kind(400, "cursor-refused", "This cursor is not of this list"),
    errors.InputRefused: Kind(422, "input-refused", "What was sent cannot be used"),
    errors.NotFound: Kind(404, "not-found", "There is no such thing for you"),
    errors.NotSignedIn: Kind(401, "not-signed-in", "You are not signed in"),
    errors.PasswordRefused: Kind(403, "password-refused", "Your password is not right"),
    errors.TooManyAttempts: Kind(429, "too-many-requests", "Too much was asked in too little time"),
    errors.ApprovalMissing: Kind(403, "approval-missing", "A second person has to agree"),
    errors.NotAllowed: Kind(403, "not-allowed", "This is not yours to see or do"),
    errors.TransitionRefused: Kind(409, "transition-refused", "It is no longer where this step begins"),
    errors.ChangedMeanwhile: Kind(412, "changed-meanwhile", "It was changed since you looked"),
    errors.RingfenceError: Kind(503, "unusable", "The deployment cannot answer now"),
}
"""The nearest class of an error's own line of classes answers for it."""

INVALID = Kind(422, "invalid", "What was sent does not fit the description")
CRASHED = Kind(500, "failed", "Something went wrong here")
OF_STATUS = {
    404: Kind(404, "no-such-route", "There is nothing at this address"),
    405: Kind(405, "no-such-method", "This address does not answer that method"),
    413: Kind(413, "too-large", "What was sent is too large"),
}


def kind_of(error: RingfenceError) -> Kind:
    """How an error is answered."""
    return next(KINDS[one] for one in type(error).__mro__ if one in KINDS)


def read_language(request: Request) -> Language:
    """The first language the caller accepts that Ringfence speaks; English where none is."""
    for part in request.headers.get("accept-language", "").lower().split(","):
        if (found := part.strip()[:2]) in set(Language):
            return Language(found)
    return Language.EN


def problem(
    kind: Kind,
    detail: str,
    *,
    language: Language,
    headers: Mapping[str, str] | None = None,
    faults: Sequence[Mapping[str, Any]] = (),
) -> Response:
    """An answer that says what went wrong; `faults` are the fields that do not fit."""
    body: dict[str, Any] = {
        "type": f"urn:ringfence:problem:{kind.slug}",
        "title": say(kind.title, {}, language),
        "status": kind.status,
        "detail": detail,
    }
    if faults:
        body["faults"] = faults
    own = {"Content-Language": language, "Vary": "Accept-Language", "Cache-Control": "no-store"}
    return Response(
        msgspec.json.encode(body), status_code=kind.status, media_type=MEDIA_TYPE, headers={**own, **(headers or {})}
    )


def answer_error(request: Request, error: Exception) -> Response:
    """The answer to an error of ours."""
    assert isinstance(error, RingfenceError)  # noqa: S101 - registered for this class only
    language, kind = read_language(request), kind_of(error)
    headers: dict[str, str] = {}
    if kind.status == 401:  # noqa: PLR2004 - the status itself
        headers["WWW-Authenticate"] = "Bearer"
    if "seconds" in error.values:
        headers["Retry-After"] = str(error.values["seconds"])
    return problem(kind, say(error.sentence, error.values, language), language=language, headers=headers)


def answer_invalid(request: Request, error: Exception) -> Response:
    """The answer to a request that does not fit its description: which fields, without what they held."""
    assert isinstance(error, RequestValidationError)  # noqa: S101 - registered for this class only
    language = read_language(request)
    faults = [{"field": ".".join(str(part) for part in one["loc"]), "fault": one["type"]} for one in error.errors()]
    return problem(INVALID, say(INVALID.title, {}, language), language=language, faults=faults)


def answer_http(request: Request, error: Exception) -> Response:
    """The answer where no route answers."""
    assert isinstance(error, HTTPException)  # noqa: S101 - registered for this class only
    language = read_language(request)
    kind = OF_STATUS.get(error.status_code, Kind(error.status_code, "refused", "What was sent cannot be used"))
    return problem(kind, say(kind.title, {}, language), language=language, headers=error.headers)


def answer_crash(request: Request, _error: Exception) -> Response:
    """The answer to what nobody foresaw; what it was stands in the server's log."""
    language = read_language(request)
    return problem(CRASHED, say(CRASHED.title, {}, language), language=language)
