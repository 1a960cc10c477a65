"""Every number in every answer of the API is a count that gives nobody away, or counts nobody (policy 6.4).

A route or a number in its answer that nobody has named here fails.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest
from api_callers import Api
from test_api_rights import TABLE

from ringfence.store import Store
from ringfence.terms import Role

NUMBERS = {
    *("approval_id", "batch_no", "case_id", "dispute_id", "exposure_id", "finding_id", "follow_up_id", "grant_id"),
    *("household_no", "observation_id", "order_id", "person_no", "candidate_no", "report_id", "review_id", "review_no"),
    *("risk_area_id", "session_id", "current", "signal_id", "task_id", "trip_no", "webhook_id", "subject", "gate"),
    *("cases[]", "disputes[]", "orders[]", "send_again[]", "signals[]", "tasks[]", "case_no", "infector", "cluster"),
    *(
        "chain",
        "seq",
        "version",
        "lists.*",
        "seed",
        "episode",
        "generation",
        "ring",
        "rank_no",
        "carriage",
        "first_row",
    ),
}
"""What names a thing, or says its version or place in an order."""

MEASURES = {
    *("weight", "minutes", "margin", "probability", "bits", "daily_capacity", "interval_days", "missed", "failures"),
    *("stated", "stated_from", "values.*", "row"),
}
"""What is measured or set of one thing; the values of a reason say what made one decision."""

FRAME = {
    "POST /responses": {"found", "below", "expected_missed"},
    "POST /risk-areas/versions": {"found", "below"},
    "POST /risk-areas/plan": {"added", "by_area[][]", "conflicting", "released", "touched[][]"},
    "POST /signals/{signal_id}/orders": {"left_to[].people"},
    "GET /proposed-messages": {"people"},
    "GET /overview": {"found.*"},
    "GET /scores": {"denominator", "numerator"},
}
"""Counts of persons held back where they are few: each of them may be null, but those that only a tracer is told."""

ONLY_TO_TRACERS = {"by_area[][]"}

LISTED = {
    "POST /responses": {"listed": "/exposures?signal=1", "tasks": "/tasks", "signals": "/signals"}
    | {"observations": "/observations"},
    "POST /risk-areas/versions": {"listed": "/exposures?signal=1", "tasks": "/tasks"},
    "GET /overview": {"exposures[].*": "/exposures?signal=1", "findings[].*": "/findings", "orders[].*": "/orders"}
    | {"follow_ups[].*": "/follow-ups", "signals[].*": "/signals", "tasks[].*": "/tasks"},
    "GET /gates/{gate}/expected": dict.fromkeys(("booked", "passed", "waiting"), "/gates/{gate}/expected/{trip_no}"),
    "POST /tasks/acknowledge": {"count": "/tasks"},
    "POST /tasks/close": {"count": "/tasks"},
    "POST /tasks/hand-over": {"count": "/tasks"},
    "POST /tasks/attempts": {"count": "/tasks"},
    "POST /orders/sign": {"count": "/orders"},
    "POST /follow-up-days": {"expired": "/orders", "risen": "/tasks"}
    | dict.fromkeys(("completed", "due", "lost"), "/follow-ups"),
    "POST /follow-ups/records": {"count": "/follow-ups", "observations": "/follow-ups"},
    "POST /account-days": {"gaps.*": "/findings"},
    "POST /look-reviews/draws": {"count": "/look-reviews"},
}
"""Counts of rows that whoever reads the count may list one by one, by the route that lists them."""

TRACING = {"GET /rings/{what}/{number}", "GET /chains/{disease}"}
"""Open to epidemiologists alone, who read the paths themselves."""

SENT = {
    "POST /feeds/{feed_name}/files": {"accepted", "newcomers", "refused[].rows", "rejected", "rows"},
    "POST /passages": {"known", "new"},
    "POST /units/workbooks": {"people", "units"},
    "POST /canaries": {"count"},
    "PUT /areas": {"added"},
}
"""Counts of what the same caller sends with the same request."""

AS_THEY_ARE = {
    "GET /batches": {"rows_accepted", "rows_rejected"},
    "POST /batches/{batch_no}/withdraw": {"people"},
    "POST /exports/proposals": {"rows"},
    "GET /arrival-reports": {"admitted", "emergencies", "late", "not_admitted", "passages", "people"},
    "GET /gates/{gate}/known-tests": {"count"},
    "GET /link-calibration": {"bands[].pairs", "bands[].true"},
    "GET /ledger": {"count"},
    "POST /ledger/verification": {"chains", "lines", "witnessed"},
    "POST /forgetting": {"files", "rows"},
    "POST /retention": {"files", "rows"},
    "POST /users/{user_id}/sign-out": {"count"},
    "POST /account-days": {"indicators"},
}
"""Told exactly: lengths of files and of the ledger, what a duty ended, and what a gate reports upward by the hour."""

FILES = {"POST /exports", "POST /forms", "POST /batches/{batch_no}/rejects"}
"""Answered with a file: rows of a list that the caller may read, a form of their area, rows that they sent."""

ROLES = {f"{row.method} {row.path}": row.roles for row in TABLE}


@pytest.fixture
def described(staffed: Store, now: datetime) -> dict[str, Any]:
    return dict(Api(staffed, now).app.openapi())


def test_every_number_of_every_answer_is_named_with_what_keeps_it_from_giving_somebody_away(
    described: dict[str, Any],
) -> None:
    found = {route: {name for name, _ in numbers} for route, numbers in answers(described).items()}
    plain = NUMBERS | MEASURES
    counts = {
        route: {name for name in names if name not in plain and _last(name) not in plain}
        for route, names in found.items()
        if route not in TRACING
    }
    named = {route: FRAME.get(route, set()) | set(LISTED.get(route, ())) for route in counts}
    for more in (SENT, AS_THEY_ARE):
        for route, names in more.items():
            named[route] = named.get(route, set()) | names
    assert {route: names for route, names in counts.items() if names} == {
        route: names for route, names in named.items() if names
    }


def test_every_count_of_the_frame_can_be_left_out_of_an_answer(described: dict[str, Any]) -> None:
    found = answers(described)
    may_lack = {(route, name) for route in FRAME for name, may_be_null in found[route] if may_be_null}
    assert may_lack >= {(route, name) for route, names in FRAME.items() for name in names - ONLY_TO_TRACERS}


def test_whoever_reads_a_count_of_rows_may_list_the_rows() -> None:
    for route, counts in LISTED.items():
        for name, where in counts.items():
            assert ROLES[route] - {Role.EPIDEMIOLOGIST} <= ROLES[f"GET {where}"], (route, name)


def test_what_tracing_answers_is_for_epidemiologists_alone() -> None:
    assert {route: ROLES[route] for route in TRACING} == {route: {Role.EPIDEMIOLOGIST} for route in TRACING}


def test_every_answer_says_what_is_in_it_or_is_a_file(described: dict[str, Any]) -> None:
    silent = {
        f"{method.upper()} {path}"
        for path, methods in described["paths"].items()
        for method, route in methods.items()
        for code, said in route["responses"].items()
        if code.startswith("2") and code != "204"
        for content in said.get("content", {"none": {}}).values()
        if not content.get("schema", {}).keys() & {"$ref", "properties", "items", "anyOf"}
    }
    assert silent == FILES


def answers(described: dict[str, Any]) -> dict[str, set[tuple[str, bool]]]:
    """By route, the numbers in its answer, and whether each may be null; rows of a list by the names in them."""
    schemas = described["components"]["schemas"]
    return {
        f"{method.upper()} {path}": {
            (name.removeprefix("rows[].").removeprefix("responses[].").removeprefix("trips[]."), may_be_null)
            for code, said in route["responses"].items()
            if code.startswith("2")
            for content in said.get("content", {}).values()
            for name, may_be_null in _numbers(content.get("schema", {}), schemas)
        }
        for path, methods in described["paths"].items()
        for method, route in methods.items()
    }


def _numbers(
    schema: dict[str, Any], schemas: dict[str, Any], *, name: str = "", may_be_null: bool = False
) -> Iterator[tuple[str, bool]]:
    if "$ref" in schema:
        schema = schemas[schema["$ref"].rsplit("/", 1)[-1]]
    choices = [one for part in ("anyOf", "oneOf", "allOf") for one in schema.get(part, ())]
    has_null = any(one.get("type") == "null" for one in choices)
    if schema.get("type") in {"integer", "number"}:
        yield name, may_be_null
    inside = [(one, name, has_null) for one in choices]
    items = [*schema.get("prefixItems", ()), *([schema["items"]] if isinstance(schema.get("items"), dict) else [])]
    inside += [(one, f"{name}[]", False) for one in items]
    inside += [(one, f"{name}.{key}" if name else key, False) for key, one in schema.get("properties", {}).items()]
    more = schema.get("additionalProperties")
    inside += [(more, f"{name}.*", False)] if isinstance(more, dict) else []
    for one, called, lacks in inside:
        yield from _numbers(one, schemas, name=called, may_be_null=lacks)


def _last(name: str) -> str:
    """A number's own name; of the members of a list or table, with the brackets or the star."""
    *_, last = name.split(".")
    return name.rsplit(".", 2)[-2] + ".*" if last == "*" and name.count(".") else last
