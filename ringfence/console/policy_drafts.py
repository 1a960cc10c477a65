"""Drafts of the policy made in the console: one number changed from a day on, or an earlier version brought back (7.4).

A draft is nothing but what its plan says, so it is not kept: the plan that was approved makes it again.
"""

import json
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from ringfence import policy
from ringfence.errors import InputRefused, PolicyRefused
from ringfence.policy import PolicySet
from ringfence.terms import Line, calendar_day

RETENTION = "retention."


def change_number(current: PolicySet, *, key: str, value: str, from_day: int) -> PolicySet:
    """The policy with one number, or retention, that has another value from a local day on."""
    document = json.loads(current.text)
    values = _values(document, key)
    values[calendar_day(from_day).isoformat()] = _read(value, like=next(iter(values.values())))
    return _from(document)


def bring_back(current: PolicySet, earlier: PolicySet, *, from_day: int) -> PolicySet:
    """The policy whose numbers are from a local day on what an earlier version says; the past stays as it was."""
    document, before = json.loads(current.text), json.loads(earlier.text)
    day = calendar_day(from_day).isoformat()
    for key in [*before["numbers"], *(RETENTION + name for name in before["retention"])]:
        values, old = _values(document, key), _values(before, key)
        kept = {begins: value for begins, value in values.items() if begins < day}
        later = {begins: value for begins, value in old.items() if begins >= day}
        held, wanted = _held(kept), _held({begins: value for begins, value in old.items() if begins < day})
        values.clear()
        values.update(kept, **later)
        if wanted is not None and wanted != held:
            values.setdefault(day, wanted)
    return _from(document)


def redraft(current: PolicySet, plan: Mapping[str, Iterable[Line]]) -> PolicySet:
    """The draft that a plan speaks of; PolicyRefused for a plan of more than numbers, which is published from files."""
    document = json.loads(current.text)
    for line in plan["released"]:
        _values_of(document, line).pop(str(line["from_day"]), None)
    for line in plan["added"]:
        _values_of(document, line)[str(line["from_day"])] = line["value"]
    return _from(document)


def first_day_of(plan: Mapping[str, Iterable[Line]]) -> date:
    """The first day on which a plan changes anything."""
    days = [str(line["from_day"]) for lines in (plan["added"], plan["released"]) for line in lines if line["from_day"]]
    if not days:
        raise PolicyRefused("this plan changes no dated number; publish it from its files")
    return date.fromisoformat(min(days))


def _values_of(document: dict[str, Any], line: Line) -> dict[str, Any]:
    if line["from_day"] is None or str(line["key"]).startswith("protocol."):
        raise PolicyRefused("this plan changes more than numbers; publish it from its files")
    return _values(document, str(line["key"]))


def _values(document: dict[str, Any], key: str) -> dict[str, Any]:
    section, name = ("retention", key.removeprefix(RETENTION)) if key.startswith(RETENTION) else ("numbers", key)
    if name not in document[section]:
        raise InputRefused("no policy number is called {key}; choose one of the table", key=key)
    values: dict[str, Any] = document[section][name]["values"]
    return values


def _held(values: Mapping[str, Any]) -> object:
    """What holds on the last day of some dated values; None where none does."""
    return values[max(values)] if values else None


def _read(value: str, *, like: object) -> object:
    """A value as it was typed, of the kind the number has."""
    if isinstance(like, str):
        return value
    try:
        number = float(value)
    except ValueError as error:
        raise InputRefused("'{value}' is no number; write digits", value=value) from error
    return int(number) if number.is_integer() else number


def _from(document: dict[str, Any]) -> PolicySet:
    return policy.read_text(json.dumps(document, ensure_ascii=False))
