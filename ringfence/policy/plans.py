"""What publishing a draft would change, line by line; the past is not rewritten (policy 2.4, 2.6)."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from ringfence.policy.entries import Scalar
from ringfence.policy.policy_set import PolicySet
from ringfence.policy.schema import Plain, to_plain
from ringfence.terms import Line, Plan, calendar_day

PLAN_KIND = "policy"

ANNOTATIONS = {"edition", "source"}
"""Fields that say who wrote a number, not what applies: correcting them rewrites nothing."""


class PolicyLine(NamedTuple):
    """One value of a policy: whose (`gate.test_max_age_hours`, `protocol.covid19`), which, from when, and what."""

    key: str
    field: str
    from_day: str | None
    value: Scalar

    def to_line(self) -> Line:
        """The line as a plan shows it."""
        return dict(self._asdict())


def plan_publication(current: PolicySet | None, draft: PolicySet, *, from_day: int) -> Plan:
    """The difference publishing a draft makes, from the local day `from_day` on.

    Added are the values that come, released those that go (a changed value is both). Conflicting is what would change
    the past of a key that is published already: values from before `from_day`, as published and as drafted.
    """
    published = frozenset() if current is None else frozenset(policy_lines(current))
    drafted = frozenset(policy_lines(draft))
    known = {line.key for line in published}
    day = calendar_day(from_day).isoformat()
    past = {line for line in published ^ drafted if line.key in known and _is_past(line, day)}
    return Plan(
        kind=PLAN_KIND,
        basis="" if current is None else current.digest,
        added=_sorted(drafted - published - past),
        released=_sorted(published - drafted - past),
        conflicting=_conflicts(past & published, past & drafted),
    )


def _is_past(line: PolicyLine, day: str) -> bool:
    return line.from_day is not None and line.from_day < day and line.field.rsplit(".", 1)[-1] not in ANNOTATIONS


def _place(line: PolicyLine) -> tuple[str, str, str]:
    return line.key, line.field, line.from_day or ""


def _sorted(lines: frozenset[PolicyLine]) -> tuple[Line, ...]:
    return tuple(line.to_line() for line in sorted(lines, key=lambda line: (*_place(line), str(line.value))))


def _conflicts(published: set[PolicyLine], drafted: set[PolicyLine]) -> tuple[Line, ...]:
    before = {_place(line): line.value for line in published}
    after = {_place(line): line.value for line in drafted}
    return tuple(
        {
            "key": place[0],
            "field": place[1],
            "from_day": place[2],
            "published": before.get(place),
            "draft": after.get(place),
        }
        for place in sorted(before.keys() | after.keys())
    )


def policy_lines(policy_set: PolicySet) -> Iterator[PolicyLine]:
    """Every value of a policy set as a line of its own; two sets with the same lines have the same digest."""
    plain = to_plain(policy_set)
    for clause, words in plain["clauses"].items():
        yield PolicyLine(f"clause.{clause}", "text", None, words)
    for prefix, section in (("", "numbers"), ("retention.", "retention")):
        for key, number in plain[section].items():
            yield from _number_lines(prefix + key, number)
    for disease, protocol in plain["protocols"].items():
        yield from _protocol_lines(f"protocol.{disease}", protocol)
    for word, section in (("rule", "rules"), ("purpose", "purposes"), ("role", "roles")):
        for key, part in plain[section].items():
            yield from (PolicyLine(f"{word}.{key}", field, None, value) for field, value in _leaves(part))


def _number_lines(key: str, number: dict[str, Any]) -> Iterator[PolicyLine]:
    # The unit is the field's name: to count in another unit is to change every value, past ones too.
    values, unit = number.pop("values"), number.pop("unit")
    yield from (PolicyLine(key, field, None, value) for field, value in number.items())
    yield from (PolicyLine(key, unit, day, value) for day, value in values.items())


def _protocol_lines(key: str, disease: dict[str, Any]) -> Iterator[PolicyLine]:
    yield PolicyLine(key, "clause", None, disease["clause"])
    for day, edition in disease["editions"].items():
        yield from (PolicyLine(key, field, day, value) for field, value in _leaves(edition))


def _leaves(part: Plain, field: str = "") -> Iterator[tuple[str, Scalar]]:
    """Every scalar under a plain value with its dotted name; a list of words word by word, of numbers as one text."""
    if isinstance(part, dict):
        for name, inner in part.items():
            yield from _leaves(inner, f"{field}.{name}" if field else name)
    elif not isinstance(part, list):
        yield field, part
    elif all(isinstance(inner, int) for inner in part):
        yield field, ", ".join(map(str, part))
    else:
        for place, inner in enumerate(part, start=1):
            yield from _leaves(inner, f"{field}.{place}" if isinstance(inner, dict) else field)
