"""Which trace rules there are, what each must be told, and which may carry a second ring (policy 2.2)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from ringfence.policy.entries import Entry
from ringfence.policy.schema import NAMED
from ringfence.terms import Direction


@dataclass(frozen=True, kw_only=True)
class RuleDeclaration:
    """A rule as `rules.yaml` declares it; `parameters` says what each of them means.

    Whoever is found by a rule that shows no close contact is told and tested, and has no second ring.
    """

    key: str = field(metadata=NAMED)
    clause: str
    may_carry_second_ring: bool
    is_close_contact: bool = True
    parameters: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True, kw_only=True)
class RuleUse:
    """A rule as one protocol uses it: with which numbers, and whether contacts of contacts are traced by it.

    With a `direction` it counts that way only: a place may point to a common source where being there infects nobody.
    """

    second_ring: bool = False
    direction: Direction | None = None
    parameters: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))


def check_uses(uses: Mapping[str, RuleUse], entry: Entry, *, declared: Mapping[str, RuleDeclaration]) -> None:
    """PolicyRefused for a rule nobody declared, a parameter too many or too few, or a second ring where none may be."""
    for name, use in uses.items():
        where = entry.under(name)
        if name not in declared:
            raise where.refuse("{where} is no declared rule; correct it or declare it in rules.yaml")
        _check_use(use, where, declared[name])


def _check_use(use: RuleUse, where: Entry, rule: RuleDeclaration) -> None:
    unknown = sorted(use.parameters.keys() - rule.parameters.keys())
    if unknown:
        raise where.refuse(
            "{where} has the parameter {parameter}, which the rule does not know; remove it or correct it",
            parameter=", ".join(unknown),
        )
    missing = sorted(rule.parameters.keys() - use.parameters.keys())
    if missing:
        raise where.refuse("{where} lacks the parameter {parameter}; add it", parameter=", ".join(missing))
    if use.second_ring and not rule.may_carry_second_ring:
        raise where.refuse(
            "{where} carries a second ring, which this rule may not: it would list a third of a city; remove it"
        )
