"""CertLogic 1.3.3, the field's rule language: JSON expressions over a certificate, a clock and value sets (policy 1.2).

An expression that is not valid, or meets a value of the wrong type, is refused and never answered: a rule that cannot
be evaluated admits nobody. Depth is bounded; everything else is bounded by the size of rule and data.
"""

import operator
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import partial
from itertools import pairwise
from typing import TypeAlias

from ringfence.errors import InputRefused
from ringfence.gate.certlogic_times import date_of_birth, plus_time

Value: TypeAlias = object
"""What an expression can come to: JSON's values, and instants (`datetime`, UTC)."""

MAX_DEPTH = 100
UCI_PREFIX = "URN:UVCI:"
UCI_MARKS = str.maketrans("/#", "::")

NUMBER_COMPARISONS: Mapping[str, Callable[[int, int], bool]] = {
    "<": operator.lt,
    ">": operator.gt,
    "<=": operator.le,
    ">=": operator.ge,
}
TIME_COMPARISONS: Mapping[str, Callable[[datetime, datetime], bool]] = {
    "before": operator.lt,
    "after": operator.gt,
    "not-after": operator.le,
    "not-before": operator.ge,
}


def evaluate(expression: Value, data: Value, *, depth: int = 0) -> Value:
    """What an expression comes to over the data; InputRefused for anything the language does not allow."""
    if depth > MAX_DEPTH:
        raise InputRefused("a rule is nested more than {limit} deep; write it flatter", limit=MAX_DEPTH)
    match expression:
        case str() | bool():
            return expression
        case int() | float() if is_whole(expression):
            return expression
        case list():
            return [evaluate(item, data, depth=depth + 1) for item in expression]
        case {"var": str(path), **others} if not others:
            return _access(data, path)
        case dict() if len(expression) == 1:
            [(name, operands)] = expression.items()
            if name in OPERATIONS and isinstance(operands, list) and operands:
                return OPERATIONS[name](_Operands(operands, data, depth + 1))
    raise _invalid("expression")


def is_truthy(value: Value) -> bool:
    """Whether a value counts as yes: every value but false, null and what is empty or zero; an instant is neither."""
    if isinstance(value, datetime):
        raise _invalid("truth")
    return bool(value)


def is_whole(value: Value) -> bool:
    """Whether a value is an integer, however JSON wrote it."""
    return (isinstance(value, int) and not isinstance(value, bool)) or (isinstance(value, float) and value.is_integer())


class _Operands:
    """The operands of an operation, each evaluated when it is asked for."""

    def __init__(self, expressions: Sequence[Value], data: Value, depth: int) -> None:
        self.expressions, self.data, self.depth = expressions, data, depth

    def check_count(self, *allowed: int) -> None:
        """Refuse an operation with another number of operands."""
        if len(self.expressions) not in allowed:
            raise _invalid("operands")

    def value(self, place: int) -> Value:
        """An operand evaluated."""
        return evaluate(self.expressions[place], self.data, depth=self.depth)

    def values(self) -> list[Value]:
        """All of them evaluated."""
        return [self.value(place) for place in range(len(self.expressions))]

    def whole(self, place: int) -> int:
        """An operand that must be written as an integer."""
        found = self.expressions[place]
        if isinstance(found, int | float) and is_whole(found):
            return int(found)
        raise _invalid("amount")


def _invalid(what: str) -> InputRefused:
    return InputRefused("a rule is not valid CertLogic ({what}); have its author mend it", what=what)


def _access(data: Value, path: str) -> Value:
    """What lies at a path; null where nothing does."""
    found = data
    for step in path.split(".") if path else ():
        if isinstance(found, Mapping):
            found = found.get(step)
        elif isinstance(found, list) and step.isdecimal() and int(step) < len(found):
            found = found[int(step)]
        else:
            return None
    return found


def _if(operands: _Operands) -> Value:
    operands.check_count(3)
    return operands.value(1 if is_truthy(operands.value(0)) else 2)


def _and(operands: _Operands) -> Value:
    """The first falsy operand, else the last; nothing behind a falsy one is evaluated."""
    if len(operands.expressions) < 2:  # noqa: PLR2004 (a conjunction joins two)
        raise _invalid("operands")
    found: Value = None
    for place in range(len(operands.expressions)):
        found = operands.value(place)
        if not is_truthy(found):
            return found
    return found


def _not(operands: _Operands) -> bool:
    operands.check_count(1)
    return not is_truthy(operands.value(0))


def _equals(operands: _Operands) -> bool:
    operands.check_count(2)
    return _is_same(*operands.values())


def _is_same(one: Value, other: Value) -> bool:
    """Equality without coercion; lists, objects and instants equal only themselves, as in ECMAScript."""
    if is_whole(one) and is_whole(other):
        return one == other
    is_plain = isinstance(one, str | bool | float) and type(one) is type(other)
    return one is other or (is_plain and one == other)


def _in(operands: _Operands) -> bool:
    operands.check_count(2)
    sought, among = operands.values()
    if not isinstance(among, list):
        raise _invalid("in")
    return any(_is_same(sought, item) for item in among)


def _plus(operands: _Operands) -> int:
    operands.check_count(2)
    return sum(_numbers(operands.values()))


def _compare_numbers(holds: Callable[[int, int], bool], operands: _Operands) -> bool:
    operands.check_count(2, 3)
    return all(holds(one, other) for one, other in pairwise(_numbers(operands.values())))


def _numbers(values: Sequence[Value]) -> list[int]:
    whole = [int(value) for value in values if isinstance(value, int | float) and is_whole(value)]
    if len(whole) != len(values):
        raise _invalid("number")
    return whole


def _compare_times(holds: Callable[[datetime, datetime], bool], operands: _Operands) -> bool:
    operands.check_count(2, 3)
    values = operands.values()
    times = [value for value in values if isinstance(value, datetime)]
    if len(times) != len(values):
        raise _invalid("time")
    return all(holds(one, other) for one, other in pairwise(times))


def _plus_time(operands: _Operands) -> datetime:
    operands.check_count(3)
    amount, unit, text = operands.whole(1), operands.expressions[2], operands.value(0)
    if not (isinstance(text, str) and isinstance(unit, str)):
        raise _invalid("plusTime")
    return plus_time(text, amount=amount, unit=unit)


def _date_of_birth(operands: _Operands) -> datetime:
    operands.check_count(1)
    text = operands.value(0)
    if not isinstance(text, str):
        raise _invalid("dccDateOfBirth")
    return date_of_birth(text)


def _reduce(operands: _Operands) -> Value:
    """A left fold; null folds to the initial value."""
    operands.check_count(3)
    items, found = operands.value(0), operands.value(2)
    if not (items is None or isinstance(items, list)):
        raise _invalid("reduce")
    for item in items or ():
        found = evaluate(operands.expressions[1], {"accumulator": found, "current": item}, depth=operands.depth)
    return found


def _extract_from_uci(operands: _Operands) -> str | None:
    """One part of a certificate's number (UCI); null where it has none."""
    operands.check_count(2)
    uci, index = operands.value(0), operands.whole(1)
    if uci is None:
        return None
    if not isinstance(uci, str):
        raise _invalid("extractFromUVCI")
    parts = uci.removeprefix(UCI_PREFIX).translate(UCI_MARKS).split(":")
    return parts[index] if 0 <= index < len(parts) else None


OPERATIONS: Mapping[str, Callable[[_Operands], Value]] = {
    "if": _if,
    "and": _and,
    "!": _not,
    "===": _equals,
    "in": _in,
    "+": _plus,
    "plusTime": _plus_time,
    "dccDateOfBirth": _date_of_birth,
    "reduce": _reduce,
    "extractFromUVCI": _extract_from_uci,
    **{name: partial(_compare_numbers, holds) for name, holds in NUMBER_COMPARISONS.items()},
    **{name: partial(_compare_times, holds) for name, holds in TIME_COMPARISONS.items()},
}
