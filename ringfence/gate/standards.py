"""What a gate holds travellers to: the day's policy, the rules in force, lists of known age (policy 1.2)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from ringfence.gate.rules import Rule, ValueSets
from ringfence.policy import Policy


@dataclass(frozen=True, kw_only=True)
class Standards:
    """`lists_issued_at` is the age of the oldest list that certificates are verified with, None where there is none."""

    policy: Policy
    lists_issued_at: datetime | None
    rules: tuple[Rule, ...] = ()
    value_sets: ValueSets = field(default_factory=dict)

    def has_stale_lists(self, *, now: datetime) -> bool:
        """Whether the lists are too old to rely on without looking twice."""
        if self.lists_issued_at is None:
            return True
        return now - self.lists_issued_at > self.policy.hours("gate.offline_max_hours")

    @property
    def rule_versions(self) -> Mapping[str, str]:
        """The version of each rule; a passage keeps those it was checked by."""
        return {rule.identifier: rule.version for rule in self.rules}
