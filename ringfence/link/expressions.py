"""A model's SQL as functions: what levels and weights come to for one pair, with nothing to plan (policy 2.1).

The few words of SQL that models use, with SQL's logic of three values: not known is None. A batch is weighed by the SQL
itself; `tests/property/test_link_single.py` holds the two to each other.
"""

from collections.abc import Callable, Mapping
from functools import cache
from math import log2
from typing import Any

from sqlglot import exp, parse_one

Values = Mapping[str, Any]
Constant = str | float | bool
Valued = Callable[[Values], Constant | None]


def compile_expression(sql: str) -> Valued:
    """What a scalar expression comes to, from its columns by name; ValueError for a word that no model uses."""
    return _compile(parse_one(sql, dialect="duckdb"))


@cache
def levenshtein(one: str, other: str) -> int:
    """Insertions, deletions and substitutions between two texts, counted in bytes as DuckDB does (Levenshtein 1966)."""
    left, right = one.encode(), other.encode()
    row = list(range(len(right) + 1))
    for number, byte in enumerate(left, 1):
        before, row[0] = row[0], number
        for place, against in enumerate(right, 1):
            before, row[place] = row[place], min(row[place] + 1, row[place - 1] + 1, before + (byte != against))
    return row[-1]


def hamming(one: str, other: str) -> int:
    """Places at which two texts of one length differ (Hamming 1950)."""
    return sum(left != right for left, right in zip(one, other, strict=True))


_COMPARED: dict[type[exp.Expr], Callable[[Any, Any], Any]] = {
    exp.EQ: lambda left, right: left == right,
    exp.NEQ: lambda left, right: left != right,
    exp.GT: lambda left, right: left > right,
    exp.GTE: lambda left, right: left >= right,
    exp.LT: lambda left, right: left < right,
    exp.LTE: lambda left, right: left <= right,
    exp.Add: lambda left, right: left + right,
    exp.Sub: lambda left, right: left - right,
    exp.Mul: lambda left, right: left * right,
    exp.Div: lambda left, right: left / right,
    exp.DPipe: lambda left, right: left + right,
    exp.StartsWith: lambda text, start: text.startswith(start),
    exp.Levenshtein: levenshtein,
}
_CALLED: dict[str, Callable[..., Any]] = {"hamming": hamming}


def _compile(node: exp.Expr) -> Valued:
    if type(node) in _COMPARED:
        return _strict(_COMPARED[type(node)], [_compile(node.this), _compile(node.expression)])
    return _WORDS.get(type(node), _compile_call)(node)


def _compile_column(node: exp.Expr) -> Valued:
    name = node.name
    return lambda values: values[name]


def _compile_constant(node: exp.Expr) -> Valued:
    constant: Constant = node.this
    if isinstance(node, exp.Literal) and not node.is_string:
        constant = float(node.this)  # whole numbers are compared and added, never shown
    return lambda _values: constant


def _compile_is_null(node: exp.Expr) -> Valued:
    inner = _compile(node.this)
    return lambda values: inner(values) is None


def _compile_between(node: exp.Expr) -> Valued:
    parts = [_compile(node.this), _compile(node.args["low"]), _compile(node.args["high"])]
    return _strict(lambda number, low, high: low <= number <= high, parts)


def _compile_call(node: exp.Expr) -> Valued:
    parts = [_compile(part) for part in (node.this, *node.expressions) if isinstance(part, exp.Expr)]
    if isinstance(node, (exp.Least, exp.Greatest)):
        chosen = min if isinstance(node, exp.Least) else max
        return lambda values: chosen((one for part in parts if (one := part(values)) is not None), default=None)
    if isinstance(node, exp.Coalesce):
        return lambda values: next((one for part in parts if (one := part(values)) is not None), None)
    if isinstance(node, exp.Anonymous) and node.name.lower() in _CALLED:
        return _strict(_CALLED[node.name.lower()], [_compile(part) for part in node.expressions])
    raise ValueError(f"no model uses this: {node.sql()}")


def _strict(function: Callable[..., Any], parts: list[Valued]) -> Valued:
    """A function of what is known: of anything unknown it is unknown."""

    def value(values: Values) -> Constant | None:
        arguments = [part(values) for part in parts]
        return None if None in arguments else function(*arguments)

    return value


def _compile_logic(node: exp.Expr) -> Valued:
    left, right, decisive = _compile(node.this), _compile(node.expression), isinstance(node, exp.Or)

    def value(values: Values) -> Constant | None:
        one = left(values)
        if one is decisive:
            return decisive
        other = right(values)
        return other if one is not None or other is decisive else None

    return value


def _compile_substring(node: exp.Expr) -> Valued:
    parts = [_compile(node.this), _compile(node.args["start"]), _compile(node.args["length"])]
    return _strict(lambda text, first, most: text[int(first) - 1 : int(first + most) - 1], parts)


def _compile_case(node: exp.Expr) -> Valued:
    branches = [(_compile_when(node, one), _compile(one.args["true"])) for one in node.args["ifs"]]
    default = _compile(node.args["default"]) if node.args.get("default") else lambda _values: None

    def value(values: Values) -> Constant | None:
        for condition, chosen in branches:
            if condition(values):
                return chosen(values)
        return default(values)

    return value


def _compile_when(node: exp.Expr, branch: exp.Expr) -> Valued:
    if node.this is None:
        return _compile(branch.this)
    return _strict(lambda left, right: left == right, [_compile(node.this), _compile(branch.this)])


_WORDS: dict[type[exp.Expr], Callable[[exp.Expr], Valued]] = {
    exp.Column: _compile_column,
    exp.Literal: _compile_constant,
    exp.Boolean: _compile_constant,
    exp.Paren: lambda node: _compile(node.this),
    exp.And: _compile_logic,
    exp.Or: _compile_logic,
    exp.Case: _compile_case,
    exp.Is: _compile_is_null,
    exp.Between: _compile_between,
    exp.Substring: _compile_substring,
    exp.Not: lambda node: _strict(lambda truth: not truth, [_compile(node.this)]),
    exp.Neg: lambda node: _strict(lambda number: -number, [_compile(node.this)]),
    exp.Length: lambda node: _strict(len, [_compile(node.this)]),
    exp.Cast: lambda node: _strict(int, [_compile(node.this)]),
    exp.Log: lambda node: _strict(log2, [_compile(node.expression)]),
}
