"""How rows of a list are described: one model a list, made from what the list declares, with an example."""

from collections.abc import Mapping
from datetime import date, datetime
from enum import Enum
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, create_model

from ringfence.store import Listing, Reading
from ringfence.terms import Reason, ReasonCode, calendar_day, from_us

Number = Annotated[int, Field(ge=1, le=2**63 - 1, examples=[4711])]
"""The number of something."""

Key = Annotated[str, Field(min_length=1, max_length=200, pattern=r"^[^\x00]+$", examples=["officer-0012"])]
"""A key that somebody chose: of an account, a unit, a feed."""


class SaidReason(BaseModel):
    """Why: a code, what it speaks of, and the sentence in the caller's language."""

    model_config = ConfigDict(
        title="Reason",
        json_schema_extra={
            "examples": [{"code": "said_by", "values": {"actor": "officer-0012"}, "sentence": "officer-0012 says so"}]
        },
    )

    code: ReasonCode
    values: dict[str, str | int | float]
    sentence: str


READ_AS: Mapping[Any, Any] = {from_us: datetime, calendar_day: date, Reason.from_json: SaidReason}
EXAMPLES: Mapping[str, Any] = {
    "action": "signal.verified",
    "area_code": "140211",
    "area_path": "14/1402/140211/",
    "batch_id": "laboratory_results-7c1d",
    "case_key": "2022-0017",
    "clause": "2.2",
    "department": "health",
    "details": "{}",
    "disease": "covid19",
    "feed": "laboratory_results",
    "indicator": "tasks_done_in_time",
    "legal_basis": "Law on the Prevention and Treatment of Infectious Diseases, article 41",
    "name": "Nanjiao",
    "owner": "140211-grid-03",
    "parent_code": "1402",
    "plan_digest": "9f2c4e",
    "plan_kind": "policy",
    "purpose": "outreach",
    "ring": 1,
    "status": "committed",
    "subject": "signal:12",
    "subject_key": "4711",
    "task_kinds": "visit;call",
    "unit_id": "140211-grid-03",
    "weight": 0.8,
}
_OF_TYPE: Mapping[Any, Any] = {
    int: 12,
    float: 0.5,
    str: "officer-0012",
    bool: True,
    datetime: "2022-03-01T04:00:00Z",
    date: "2022-03-01",
    SaidReason: {"code": "said_by", "values": {"actor": "officer-0012"}, "sentence": "officer-0012 says so"},
}


def type_of(reading: Reading) -> Any:  # noqa: ANN401 - a type
    """What a column is in JSON."""
    if isinstance(reading, type):
        return reading
    return READ_AS.get(reading, str)


def example_of(name: str, kind: Any) -> Any:  # noqa: ANN401 - a type, and a value of it
    """A value that a field of this name and type may have."""
    if isinstance(kind, type) and issubclass(kind, Enum):
        return next(iter(kind)).value
    return EXAMPLES[name] if name in EXAMPLES else _OF_TYPE[kind]


def row_model(listing: Listing) -> type[BaseModel]:
    """The model of a list's rows."""
    title = listing.name.replace("-", " ").title().replace(" ", "").removesuffix("s")
    fields: dict[str, Any] = {}
    example: dict[str, Any] = {}
    for name, reading in listing.columns.items():
        kind = type_of(reading)
        fields[name] = (kind | None if name in listing.may_lack else kind, ...)
        example[name] = example_of(name, kind)
    config = ConfigDict(title=title, json_schema_extra={"examples": [example]})
    return create_model(title, __config__=config, __doc__=f"One row of the list of {listing.name}.", **fields)


def page_model(listing: Listing, row: type[BaseModel]) -> type[BaseModel]:
    """The model of a page of a list."""
    example = row.model_config["json_schema_extra"]["examples"][0]  # type: ignore[index]
    config = ConfigDict(
        title=f"{row.__name__}Page",
        json_schema_extra={"examples": [{"rows": [example], "next_cursor": "WyI5YzMxIiwxMl0"}]},
    )
    return create_model(
        f"{row.__name__}Page",
        __config__=config,
        __doc__=f"A page of the list of {listing.name}; `next_cursor` begins the next, and is null behind the last.",
        rows=(list[row], ...),  # type: ignore[valid-type]
        next_cursor=(str | None, ...),
    )
