"""The description of the API: OpenAPI 3.1, an example in every schema that is one, and rows as the desk keeps them."""

from datetime import datetime
from typing import Any

import pytest
from api_callers import Api
from fastapi.openapi.models import OpenAPI
from jsonschema_rs import validator_for
from sqlalchemy import inspect

from ringfence import access, account, areas, signals, trace, work
from ringfence.api import make_api
from ringfence.store import BATCHES, LEDGER, Listing, Store

LISTINGS = [
    *(
        work.TASKS,
        work.ORDERS,
        work.FOLLOW_UPS,
        work.DISPUTES,
        work.UNITS,
        signals.SIGNALS,
        signals.CASES,
        signals.OBSERVATIONS,
    ),
    *(trace.SIGNAL_EXPOSURES, account.FINDINGS, access.USERS, access.GRANTS, access.APPROVALS),
    *(areas.AREAS, BATCHES, LEDGER),
]


@pytest.fixture
def described(staffed: Store, now: datetime) -> dict[str, Any]:
    found = Api(staffed, now).http.get("/openapi.json")
    assert found.status_code == 200
    return dict(found.json())


def test_it_is_openapi_3_1_with_titles_and_an_address(described: dict[str, Any]) -> None:
    assert described["openapi"] == "3.1.0"
    assert described["servers"] == [{"url": "/api/v1"}]
    OpenAPI.model_validate(described)
    for path, item in described["paths"].items():
        for method, route in item.items():
            assert route["summary"], (method, path)
            assert {"401", "403", "404", "422", "429", "503"} <= route["responses"].keys(), (method, path)


def test_every_schema_has_a_title_and_an_example_that_it_describes(described: dict[str, Any]) -> None:
    schemas = described["components"]["schemas"]
    for name, schema in schemas.items():
        assert schema.get("title"), name
        if "enum" in schema:
            continue
        for example in schema["examples"]:
            whole = {"$ref": f"#/components/schemas/{name}", "components": described["components"]}
            validator_for(whole).validate(example)


@pytest.mark.parametrize("listing", LISTINGS, ids=lambda one: one.name)
def test_a_list_says_of_its_columns_what_the_desk_says(store: Store, listing: Listing) -> None:
    found = inspect(store.desk.engine)
    key = set(found.get_pk_constraint(listing.table)["constrained_columns"])
    columns = {column["name"]: column["nullable"] for column in found.get_columns(listing.table)}
    assert listing.may_lack == {name for name in listing.columns if columns[name] and name not in key}


def test_operations_have_names_of_their_own(staffed: Store, now: datetime) -> None:
    described = make_api(staffed, clock=lambda: now).openapi()
    names = [route["operationId"] for item in described["paths"].values() for route in item.values()]
    assert len(names) == len(set(names)) > 60
