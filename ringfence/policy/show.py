"""The policy as a table: what applies on a day, by which clause, and what changes next."""

from collections import defaultdict
from dataclasses import dataclass

from ringfence.policy.entries import Scalar
from ringfence.policy.plans import policy_lines
from ringfence.policy.policy_set import PolicySet
from ringfence.terms import calendar_day


@dataclass(frozen=True, kw_only=True)
class PolicyRow:
    """One dated value: None where nothing applies yet, or nothing changes any more; `next_day` is an ISO day."""

    key: str
    clause: str
    unit: str
    value: Scalar | None
    next_value: Scalar | None
    next_day: str | None


def show_policy(policy_set: PolicySet, *, on: int) -> list[PolicyRow]:
    """Every dated value as it stands on a local day, by key: numbers, retention, and protocols field by field."""
    clauses: dict[str, str] = {}
    days: dict[str, set[str]] = defaultdict(set)
    values: dict[tuple[str, str], dict[str, Scalar]] = defaultdict(dict)
    for line in policy_lines(policy_set):
        if line.from_day is not None:
            days[line.key].add(line.from_day)
            values[line.key, line.field][line.from_day] = line.value
        elif line.field == "clause":
            clauses[line.key] = str(line.value)
    today = calendar_day(on).isoformat()
    return [
        _row(key, field, clause=clauses[key], times=[(day, dated.get(day)) for day in sorted(days[key])], today=today)
        for (key, field), dated in sorted(values.items())
    ]


def _row(key: str, field: str, *, clause: str, times: list[tuple[str, Scalar | None]], today: str) -> PolicyRow:
    value = next((value for day, value in reversed(times) if day <= today), None)
    change = next(((day, later) for day, later in times if day > today and later != value), (None, None))
    is_protocol = key.startswith("protocol.")
    return PolicyRow(
        key=f"{key}.{field}" if is_protocol else key,
        clause=clause,
        unit="" if is_protocol else field,
        value=value,
        next_value=change[1],
        next_day=change[0],
    )
