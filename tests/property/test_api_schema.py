"""Whatever the description allows, and much that it does not: no answer of 5xx, none that the description lacks.

Schemathesis makes the requests from the description; an account with every role sends them, so that they get far.
"""

from datetime import datetime
from typing import Any

import pytest
import schemathesis
from api_callers import Api
from api_city import put_things
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from starlette.types import Receive, Scope, Send

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
EXAMPLES = 40
EVERYBODY = "everybody"


@schemathesis.serializer(WORKBOOK)
def send_as_it_is(_context: object, value: object) -> bytes:
    """What schemathesis made up for a workbook: whatever it is, as bytes."""
    return value if isinstance(value, bytes) else str(value).encode("utf-8", "replace")


@pytest.fixture
def api(staffed: Store, now: datetime) -> Api:
    """An application with one of everything, and an account with every role."""
    make_key_files(staffed.deployment.keys.parent, kinds=KINDS, now=now)  # what signed links are checked with
    made = Api(staffed, now)
    made.post("administrator", "/users", {"user_id": EVERYBODY})
    for role in Role:
        made.post("administrator", "/grants", {"user_id": EVERYBODY, "role": role})
    for n, path in enumerate(("1/11/111/", "1/12/121/")):
        put_things(staffed, path, person=n + 1, now=now)
    return made


@pytest.mark.verify
def test_every_answer_is_one_the_description_has(api: Api) -> None:
    async def mounted(scope: Scope, receive: Receive, send: Send) -> None:
        await api.app({**scope, "root_path": PREFIX}, receive, send)

    schema = schemathesis.openapi.from_asgi(f"{PREFIX}/openapi.json", mounted)
    operations = [result.ok() for result in schema.get_all_operations()]
    assert len(operations) > 60
    for operation in operations:
        for mode in GenerationMode:
            _ask(api, operation.as_strategy(generation_mode=mode))


def _ask(api: Api, cases: st.SearchStrategy[Any]) -> None:
    @settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck), database=None)
    @given(case=cases)
    def ask(case: Any) -> None:  # noqa: ANN401 - a case of schemathesis
        api._tokens.pop(EVERYBODY, None)  # a request may have ended the session before
        headers = {**(case.headers or {}), "Authorization": f"Bearer {api.token(EVERYBODY)}"}
        case.call_and_validate(checks=CHECKS, headers=headers)

    ask()
