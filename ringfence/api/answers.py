"""Answers as JSON, with a tag by which a caller asks again only for what changed, and changes only what it saw."""

import hashlib
from collections.abc import Mapping
from typing import Any

import msgspec
from fastapi import Request, Response

from ringfence.errors import ChangedMeanwhile, InputRefused
from ringfence.store import Act, Listing, ListRow, read_row_in
from ringfence.terms import Language, Reason, say_reason

_TAG_LETTERS = 24
_LOOK_AGAIN = "private, no-cache"


def answer(
    request: Request,
    body: object,
    *,
    language: Language,
    status: int = 200,
    version: str | None = None,
    headers: Mapping[str, str] | None = None,
) -> Response:
    """An answer with its tag; 304 without a body where the caller has it already.

    `version` tells a single thing from what it was before, whatever language it is said in.
    """
    encoded = msgspec.json.encode(body)
    tag = f'"{version or digest(encoded)}.{language}"'
    own = {"Cache-Control": _LOOK_AGAIN, "Vary": "Accept-Language, Authorization, Cookie", "ETag": tag}
    own["Content-Language"] = language
    if request.method == "GET" and tag in _tags(request.headers.get("if-none-match", "")):
        return Response(status_code=304, headers={**own, **(headers or {})})
    return Response(encoded, status_code=status, media_type="application/json", headers={**own, **(headers or {})})


def say_row(row: Mapping[str, Any], language: Language) -> dict[str, Any]:
    """A row with its reasons as code, values and sentence."""
    return {name: say_value(value, language) for name, value in row.items()}


def say_value(value: object, language: Language) -> object:
    """A value as JSON has it; a reason is said in the caller's language."""
    if not isinstance(value, Reason):
        return value
    return {"code": value.code, "values": value.values, "sentence": say_reason(value, language)}


def version_of(row: ListRow) -> str:
    """What tells a row from what it was before any change of it."""
    return digest(msgspec.json.encode(row))


def check_unchanged(act: Act, listing: Listing, key: object, *, request: Request) -> None:
    """ChangedMeanwhile where the caller named the state it saw (If-Match) and the thing has changed since.

    Asked inside the act that changes it, so nobody comes in between.
    """
    given = request.headers.get("if-match")
    if given is None or given.strip() == "*":
        return
    version = version_of(read_row_in(act, listing, key))
    if version not in {tag.strip('"').rpartition(".")[0] for tag in _tags(given)}:
        raise ChangedMeanwhile("it was changed since you looked; look again, then decide")


def digest(content: bytes) -> str:
    """A short digest of some bytes."""
    return hashlib.sha256(content).hexdigest()[:_TAG_LETTERS]


def _tags(header: str) -> set[str]:
    tags = {tag.strip() for tag in header.split(",") if tag.strip()}
    if any(not tag.removeprefix("W/").strip('"') for tag in tags):
        raise InputRefused("If-Match and If-None-Match name tags as an answer gave them")
    return {tag.removeprefix("W/") for tag in tags}
