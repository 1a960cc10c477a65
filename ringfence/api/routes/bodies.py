"""What several subjects are sent and answer."""

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from ringfence.api.rows import Number
from ringfence.errors import InputRefused
from ringfence.terms import Actor, Reason, ReasonCode

MOST_AT_ONCE = 1_000
"""How many things one request changes."""

Numbers = Annotated[list[Number], Field(min_length=1, max_length=MOST_AT_ONCE)]
Password = Annotated[str, Field(min_length=1, max_length=1_000, pattern=r"^[^\x00]+$", examples=["correct horse"])]
Document = Annotated[str, Field(max_length=60, pattern=r"^[\w\-./:()（）〔〕 ]*$", examples=["2022-017"])]

GROUNDS = (
    ReasonCode.SAID_BY,
    ReasonCode.CONFIRMED_BY_LABORATORY,
    ReasonCode.CONFIRMED_BY_CLINICIAN,
    ReasonCode.SAMPLE_MIXED_UP,
    ReasonCode.RETEST_NEGATIVE,
    ReasonCode.KNOWN_ALREADY,
    ReasonCode.DECIDED_ON_DOCUMENT,
)


def shown(**example: Any) -> ConfigDict:  # noqa: ANN401 - JSON
    """How a body is described: nothing else may stand in it, and this is one."""
    return ConfigDict(extra="forbid", json_schema_extra={"examples": [example]})


class Ground(BaseModel):
    """Why somebody decides so: a code, so that no name can slip in; a document is named by its number."""

    model_config = shown(reason="confirmed_by_laboratory", document="")

    reason: ReasonCode = Field(ReasonCode.SAID_BY, json_schema_extra={"enum": [code.value for code in GROUNDS]})
    document: Document = ""

    def to_reason(self, actor: Actor) -> Reason:
        """The reason as it is kept; InputRefused for a code that is no ground of a decision."""
        if self.reason not in GROUNDS:
            raise InputRefused("'{reason}' is no ground for a decision; choose another", reason=self.reason)
        if self.reason is ReasonCode.SAID_BY:
            return Reason.of(self.reason, actor=actor.actor_id)
        if self.reason is not ReasonCode.DECIDED_ON_DOCUMENT:
            return Reason.of(self.reason)
        if not self.document.strip():
            raise InputRefused("a decision on a document names its number; put it in")
        return Reason.of(self.reason, document=self.document.strip())


class Count(BaseModel):
    """How many were changed by this request."""

    model_config = shown(count=3)

    count: int


class Done(BaseModel):
    """That it is done."""

    model_config = shown(is_done=True)

    is_done: bool = True
