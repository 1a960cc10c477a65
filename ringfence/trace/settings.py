"""What a protocol tells the rules: which apply, and their numbers (policy 2.2)."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from ringfence.errors import PolicyRefused
from ringfence.terms import Direction


@dataclass(frozen=True, kw_only=True)
class RuleSettings:
    """One protocol's rules with their parameters, all numbers from dated policy.

    `minimum_minutes` together at one place on one day make a contact; the air of a place stays infectious for
    `linger_minutes` after somebody infectious left. `weights` says what a reason of each rule weighs (see `merge`), and
    `second_ring_share` how much of that remains for a contact of a contact, found by the `second_ring_rules` alone.
    Only who was found by a close rule has contacts of a second ring; None: every rule is close. A rule that stands in
    `one_way` counts in that direction only.
    """

    minimum_minutes: int
    linger_minutes: int
    rules: Mapping[str, Mapping[str, int]]
    second_ring_rules: tuple[str, ...]
    weights: Mapping[str, float]
    second_ring_share: float
    close_rules: tuple[str, ...] | None = None
    one_way: Mapping[str, Direction] = field(default_factory=dict)

    def parameter(self, rule: str, name: str) -> int:
        """A rule's parameter; PolicyRefused where the protocol gives none."""
        parameters = self.rules.get(rule, {})
        if name not in parameters:
            raise PolicyRefused("the protocol gives no {name} for the rule {rule}; add it", name=name, rule=rule)
        return parameters[name]

    @property
    def days_apart(self) -> int:
        """The most days that any rule lets lie between two records: its parameter `days`."""
        return max((parameters.get("days", 0) for parameters in self.rules.values()), default=0)
