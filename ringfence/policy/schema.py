"""Frozen dataclasses as the schema of policy texts: what the fields name may stand there, nothing else."""

from collections.abc import Mapping
from dataclasses import MISSING, fields, is_dataclass
from datetime import date
from enum import StrEnum
from types import MappingProxyType, NoneType
from typing import Any, Protocol, TypeAlias, TypeVar, get_args, get_origin, get_type_hints, runtime_checkable

from ringfence.policy.entries import Entry, Scalar

Record = TypeVar("Record")

_SCALARS = {
    str: Entry.text,
    int: Entry.integer,
    float: Entry.number,
    bool: Entry.truth,
    date: Entry.day,
    Scalar: Entry.scalar,
}

NAMED = {"named": True}
"""Metadata of a field that holds the name its record stands under, instead of standing in the record."""

Plain: TypeAlias = dict[str, Any] | list[Any] | str | int | float
"""What JSON knows, as policies use it."""


@runtime_checkable
class Checked(Protocol):
    """A record with rules of its own beyond the types of its fields."""

    def check(self, entry: Entry) -> None:
        """PolicyRefused when the record contradicts itself; `entry` is what it was read from."""


def read_record(kind: type[Record], entry: Entry, name: Entry | None = None) -> Record:
    """A dataclass from the table of its fields; PolicyRefused for what is missing, unknown or of another type."""
    given, hints = entry.items(), get_type_hints(kind)
    values: dict[str, Any] = {}
    for each in fields(kind):  # type: ignore[arg-type]  # every record is a dataclass; the type language cannot say so
        if each.metadata == NAMED:
            values[each.name] = read_as(hints[each.name], name or entry)
        elif each.name in given:
            values[each.name] = read_as(hints[each.name], given.pop(each.name))
        elif each.default is MISSING and each.default_factory is MISSING:
            raise entry.refuse("{where} lacks {field}; add it", field=each.name)
    if given:
        raise entry.refuse(
            "{where} has {field}, which nothing reads; remove it or correct its spelling", field=", ".join(given)
        )
    record = kind(**values)
    if isinstance(record, Checked):
        record.check(entry)
    return record


def read_as(kind: Any, entry: Entry) -> Any:  # noqa: ANN401 - the annotation read is what types the value
    """A value of an annotated type: scalar, StrEnum, dataclass, tuple, frozenset, mapping, or one of these or None."""
    if kind in _SCALARS:
        return _SCALARS[kind](entry)
    origin, arguments = get_origin(kind), get_args(kind)
    if origin in (tuple, frozenset):
        return origin(read_as(arguments[0], element) for element in entry.elements())
    if origin is Mapping:
        return MappingProxyType(dict(_read_item(arguments, name, value) for name, value in entry.items().items()))
    if NoneType in arguments:
        return read_as(arguments[0], entry)
    return entry.word(kind) if issubclass(kind, StrEnum) else read_record(kind, entry)


def _read_item(kinds: tuple[Any, Any], name: str, value: Entry) -> tuple[Any, Any]:
    key = Entry(name, value.where)
    if isinstance(kinds[1], type) and is_dataclass(kinds[1]):
        return read_as(kinds[0], key), read_record(kinds[1], value, key)
    return read_as(kinds[0], key), read_as(kinds[1], value)


def to_plain(value: Any) -> Any:  # noqa: ANN401 - any field of any record
    """The same value in what JSON knows; sets are sorted, named fields and what is None are left out."""
    if is_dataclass(value) and not isinstance(value, type):
        parts = {each.name: getattr(value, each.name) for each in fields(value) if each.metadata != NAMED}
        return {name: to_plain(part) for name, part in parts.items() if part is not None}
    if isinstance(value, Mapping):
        return {str(to_plain(name)): to_plain(part) for name, part in value.items()}
    if isinstance(value, frozenset):
        return sorted(to_plain(part) for part in value)
    if isinstance(value, tuple):
        return [to_plain(part) for part in value]
    if isinstance(value, StrEnum):
        return value.value
    return value.isoformat() if isinstance(value, date) else value
