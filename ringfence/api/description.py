"""The description of the API: OpenAPI 3.1 with an example in every schema and every answer a route can give."""

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from ringfence.api.problems import MEDIA_TYPE

PROBLEM: dict[str, Any] = {
    "title": "Problem",
    "description": "What went wrong (RFC 9457); `type` stays the same, `title` and `detail` are in your language.",
    "type": "object",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string", "pattern": "^urn:ringfence:problem:"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "faults": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["field", "fault"],
                "properties": {"field": {"type": "string"}, "fault": {"type": "string"}},
            },
        },
    },
    "examples": [
        {
            "type": "urn:ringfence:problem:not-found",
            "title": "There is no such thing for you",
            "status": 404,
            "detail": "tasks has nothing of the key 4711 that is yours to see",
        }
    ],
}

OPEN = {("/sessions", "post"), ("/contests", "post")}
"""What nobody signs in for."""

SAID_ONCE = {
    ("/exports", "post"),
    ("/people/{person_no}/sheets", "post"),
    ("/units/workbooks", "post"),
    ("/units/{unit_id}/phone-links", "post"),
    ("/users/{user_id}/links", "post"),
}
"""What is answered with something that is kept under no key: a file, a page about a person, a secret."""

_ANYWHERE = {
    "400": "The request cannot be read.",
    "401": "Nobody is signed in.",
    "403": "It is not the caller's to see or do.",
    "404": "There is no such thing for the caller.",
    "409": "It is no longer where this step begins.",
    "412": "It was changed since the caller looked.",
    "413": "The request is too large.",
    "422": "What was sent cannot be used.",
    "429": "Too much was asked in too little time; `Retry-After` says how long to wait.",
    "503": "The deployment cannot answer now.",
}
_IDEMPOTENCY_KEY = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "description": "Sent again with the same key, the request is answered as before and does nothing; kept for a day.",
    "schema": {"type": "string", "minLength": 1, "maxLength": 200},
}
_READING = {"get", "head", "options"}


def describe(app: FastAPI, *, prefix: str) -> None:
    """Let the application describe itself at `/openapi.json`."""

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            app.openapi_schema = _describe(app, prefix)
        return app.openapi_schema

    app.openapi = openapi  # type: ignore[method-assign] # FastAPI's own way to extend a description


def _describe(app: FastAPI, prefix: str) -> dict[str, Any]:
    made = get_openapi(
        title=app.title,
        version=app.version,
        openapi_version="3.1.0",
        summary="From one signal to every person, place and lot at risk, each followed until closed.",
        routes=app.routes,
        servers=[{"url": prefix}],
    )
    parts = made.setdefault("components", {})
    schemas = parts.setdefault("schemas", {})
    for unused in ("HTTPValidationError", "ValidationError"):
        schemas.pop(unused, None)
    schemas["Problem"] = PROBLEM
    parts["securitySchemes"] = {
        "token": {"type": "http", "scheme": "bearer", "description": "The token of a session (POST /sessions)."},
        "cookie": {
            "type": "apiKey",
            "in": "cookie",
            "name": "session",
            "description": "The console's session; writes bring X-CSRF-Token.",
        },
    }
    for path, item in made["paths"].items():
        for method, route in item.items():
            _describe_route(route, method=method, is_open=(path, method) in OPEN)
            if method not in _READING and (path, method) not in OPEN | SAID_ONCE:
                route.setdefault("parameters", []).append(_IDEMPOTENCY_KEY)
    return made


def _describe_route(route: dict[str, Any], *, method: str, is_open: bool) -> None:
    content = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    for status, meaning in _ANYWHERE.items():
        route["responses"][status] = {"description": meaning, "content": content}
    if method in _READING:
        route["responses"]["304"] = {"description": "The caller has it already (If-None-Match)."}
    route["security"] = [] if is_open else [{"token": []}, {"cookie": []}]
