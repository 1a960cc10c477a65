"""Shapes that several rooms have. Made from the description of the API by `tools/docs.py`; do not edit."""

from dataclasses import dataclass

from ringfence.terms import ReasonCode


@dataclass(frozen=True, kw_only=True)
class Count:
    """How many were changed by this request."""

    count: int


@dataclass(frozen=True, kw_only=True)
class Done:
    """That it is done."""

    is_done: bool = True


@dataclass(frozen=True, kw_only=True)
class Proposed:
    """The proposal that waits for a second officer."""

    approval_id: int


@dataclass(frozen=True, kw_only=True)
class Reason:
    """Why: a code, what it speaks of, and the sentence in the caller's language."""

    code: ReasonCode
    values: dict[str, str | int | float]
    sentence: str
