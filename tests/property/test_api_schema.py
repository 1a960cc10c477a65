"""Whatever the description allows, and much that it does not: no answer of 5xx, none that the description lacks.

Schemathesis makes the requests from the description: every bound of every parameter and field once, from both sides,
and then random ones. An account with every role sends them, so that they get far. Making a random request costs four
times what answering it does, a request at a bound costs next to nothing: so there are more of these.
"""

from datetime import datetime
from http import HTTPStatus

import pytest
import schemathesis
from api_callers import Api
from api_city import put_things
from argon2 import PasswordHasher
from hypothesis import HealthCheck, given, settings
from schemathesis import APIOperation, Case, GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from starlette.types import Receive, Scope, Send

from ringfence.access.passwords import HASHING
from ringfence.api import PREFIX
from ringfence.seal import make_key_files
from ringfence.stewardship import KINDS
from ringfence.store import Store
from ringfence.terms import Role

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
RANDOM = 16
"""Random requests for each operation, of those it allows and of those it does not."""

EVERYBODY = "everybody"


@schemathesis.serializer(WORKBOOK)
def send_as_it_is(_context: object, value: object) -> bytes:
    """What schemathesis made up for a workbook: whatever it is, as bytes."""
    return value if isinstance(value, bytes) else str(value).encode("utf-8", "replace")


@pytest.fixture
def api(staffed: Store, now: datetime, monkeypatch: pytest.MonkeyPatch) -> Api:
    """An application with one of everything, and an account with every role; passwords cost nothing here."""
    monkeypatch.setattr(HASHING, "_hasher", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
    make_key_files(staffed.deployment.keys.parent, kinds=KINDS, now=now)  # what signed links are checked with
    made = Api(staffed, now)
    made.post("administrator", "/users", {"user_id": EVERYBODY})
    for role in Role:
        made.post("administrator", "/grants", {"user_id": EVERYBODY, "role": role})
    for n, path in enumerate(("1/11/111/", "1/12/121/")):
        put_things(staffed, path, person=n + 1, now=now)
    return made


@pytest.fixture
def operations(api: Api) -> list[APIOperation]:
    """Every operation of the description."""

    async def mounted(scope: Scope, receive: Receive, send: Send) -> None:
        await api.app({**scope, "root_path": PREFIX}, receive, send)

    schema = schemathesis.openapi.from_asgi(f"{PREFIX}/openapi.json", mounted)
    found = [result.ok() for result in schema.get_all_operations()]
    assert len(found) > 120
    return found


@pytest.mark.verify
def test_every_answer_at_a_bound_is_one_the_description_has(api: Api, operations: list[APIOperation]) -> None:
    answered = 0
    for operation in operations:
        generation = operation.schema.config.generation_for(operation=operation)
        for case in operation.schema.iter_coverage_cases(
            operation, generation_modes=list(GenerationMode), generation_config=generation
        ):
            _check(api, case)
            answered += 1
    assert answered > 6_000


@pytest.mark.verify
def test_every_answer_to_a_random_request_is_one_the_description_has(api: Api, operations: list[APIOperation]) -> None:
    for operation in operations:
        for mode in GenerationMode:
            _check_random(api, operation, mode)


def _check_random(api: Api, operation: APIOperation, mode: GenerationMode) -> None:
    @settings(max_examples=RANDOM, deadline=None, suppress_health_check=list(HealthCheck), database=None)
    @given(case=operation.as_strategy(generation_mode=mode))
    def check(case: Case) -> None:
        _check(api, case)

    check()


def _check(api: Api, case: Case) -> None:
    """Send one request, and hold its answer against the description."""
    headers = {**(case.headers or {}), "Authorization": f"Bearer {api.token(EVERYBODY)}"}
    answer = case.call_and_validate(checks=CHECKS, headers=headers)
    if answer.status_code == HTTPStatus.UNAUTHORIZED:
        api.forget_token(EVERYBODY)  # a request before ended the session
