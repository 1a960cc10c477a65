"""The options of a detector: named as the tool names them that the detector copies, and refused when unknown."""

from collections.abc import Mapping
from typing import Annotated, TypeVar

import msgspec

from ringfence.errors import InputRefused

Share = Annotated[float, msgspec.Meta(gt=0, lt=1)]
AtLeastZero = Annotated[int, msgspec.Meta(ge=0)]
AtLeastOne = Annotated[int, msgspec.Meta(ge=1)]
NotNegative = Annotated[float, msgspec.Meta(ge=0)]


class Control(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename="camel"):
    """What all detectors may be told: the rows to test, from 1, both ends included."""

    range: tuple[int, int] | None = None


Asked = TypeVar("Asked", bound=Control)


def read_control(kind: type[Asked], given: Mapping[str, object]) -> Asked:
    """The options of one detector; InputRefused for a key it does not know or a value it cannot take."""
    try:
        return msgspec.convert(dict(given), kind)
    except msgspec.ValidationError as error:
        raise InputRefused("the control cannot be used: {why}", why=str(error)) from error
