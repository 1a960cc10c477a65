"""What a protocol tells the rules: which apply, and their numbers (policy 2.2)."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from ringfence.errors import PolicyRefused
from ringfence.terms import Direction


@dataclass(frozen=True, kw_only=True)
class Weighing:
    """What minutes, crowd, kind of place and days do to the weight of a reason, and what it says (docs/ranking.md).

    Minutes together and crowd count by a power each, a place by the factor of its kind (1 where none is given). Each
    day counts by how long after the onset it lies (`since_onset`, whose first and last stand for all beyond), or as
    `onset_unknown`; without any `since_onset` days do not count. Whoever weighs w was infected with chance
    1 - exp(-`hazard` w), and no record leads to the `unseen_share` of a case's infections.
    """

    minutes_power: float = 1.0
    crowd_power: float = 0.5
    kinds: Mapping[str, float] = field(default_factory=dict)
    since_onset: Mapping[int, float] = field(default_factory=dict)
    onset_unknown: float = 1.0
    hazard: float = 0.0
    unseen_share: float = 0.0


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
    weighing: Weighing = field(default_factory=Weighing)

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
