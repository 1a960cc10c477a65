"""Dated numbers, each with its clause, its unit and the days it changed; an old case keeps the number of its day."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from itertools import pairwise
from typing import TypeVar

from ringfence.errors import NotFound
from ringfence.policy.entries import Entry, Scalar
from ringfence.policy.schema import NAMED
from ringfence.terms import calendar_day


class UnitOfMeasure(StrEnum):
    """What a number counts; days are local calendar days, hours are hours that really passed."""

    HOURS = "hours"
    DAYS = "days"
    COUNT = "count"
    SHARE = "share"
    FACTOR = "factor"
    CELSIUS = "celsius"
    TEXT = "text"


Value = TypeVar("Value")

WHOLE = {UnitOfMeasure.DAYS, UnitOfMeasure.COUNT}
SPOKEN = {UnitOfMeasure.HOURS, UnitOfMeasure.DAYS, UnitOfMeasure.SHARE, UnitOfMeasure.CELSIUS}
"""Units a key may end in; a key that ends in one must be counted in it."""


@dataclass(frozen=True, kw_only=True)
class DatedNumber:
    """A number of the policy: `values` holds what applies from each day on, oldest first."""

    key: str = field(metadata=NAMED)
    clause: str
    unit: UnitOfMeasure
    values: Mapping[date, Scalar]

    def value_on(self, day: int) -> Scalar:
        """What applied on a local day; NotFound before the first day."""
        value = find_in_force(self.values, day)
        if value is None:
            raise NotFound(
                "{key} has no value on {day}, its first is of {first}; ask for a later day or publish an earlier value",
                key=self.key,
                day=calendar_day(day),
                first=next(iter(self.values)),
            )
        return value

    def check(self, entry: Entry) -> None:
        """PolicyRefused for dates out of order, no value at all, or values and names that do not fit the unit."""
        values = entry.under("values")
        check_order(values)
        for value in values.items().values():
            _check_unit(value, self.unit)
        spoken = self.key.rsplit("_", 1)[-1]
        if spoken in SPOKEN and spoken != self.unit:
            raise entry.refuse(
                "{where} is counted in {unit}, but its name says {spoken}; make them agree",
                unit=self.unit,
                spoken=spoken,
            )


def find_in_force(dated: Mapping[date, Value], day: int) -> Value | None:
    """What applies on a local day of a table keyed by the first day of each value; None before the first."""
    on = calendar_day(day)
    latest = max((first for first in dated if first <= on), default=None)
    return None if latest is None else dated[latest]


def check_order(entry: Entry) -> None:
    """PolicyRefused when a table keyed by days is empty or not in the order of its days."""
    days = list(entry.items())
    if not days:
        raise entry.refuse("{where} holds no day; write the first day it applies from")
    for earlier, later in pairwise(days):
        if later < earlier:  # ISO days sort as text
            raise entry.refuse(
                "{where}: {later} stands after {earlier}; put the days in order, oldest first",
                later=later,
                earlier=earlier,
            )


def _check_unit(value: Entry, unit: UnitOfMeasure) -> None:
    if unit is UnitOfMeasure.TEXT:
        value.text()
    elif unit in WHOLE:
        value.integer()
    elif value.number() > 1 and unit is UnitOfMeasure.SHARE:
        raise value.refuse("{where} must be a share between 0 and 1, not {found}; correct it")
