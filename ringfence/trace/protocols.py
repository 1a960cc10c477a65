"""What a protocol and the policy of the day tell the rules (policy 2.2)."""

from ringfence.plugins import find_plugins
from ringfence.policy import Policy, Protocol
from ringfence.terms import PlaceKind
from ringfence.trace.settings import RuleSettings, Weighing

RULES = "ringfence.trace.rules"

SINCE_ONSET = range(-3, 4)
"""Days since the onset that have an infectiousness of their own; the first stands for all before, the last after."""


def read_settings(protocol: Protocol, *, policy: Policy) -> RuleSettings:
    """The rules a protocol uses, with their parameters and weights; those trace does not have are `missing_rules`."""
    known = find_plugins(RULES, "trace_rule")
    rules = {name: dict(use.parameters) for name, use in protocol.rules.items() if name in known}
    return RuleSettings(
        minimum_minutes=protocol.contact.minimum_minutes,
        linger_minutes=protocol.contact.linger_minutes,
        rules=rules,
        second_ring_rules=tuple(name for name in protocol.second_ring_rules if name in known),
        weights={name: policy.number(f"trace.weight_{name}") for name in rules},
        second_ring_share=policy.number("trace.second_ring_share"),
        close_rules=tuple(name for name in rules if policy.policy_set.rules[name].is_close_contact),
        weighing=read_weighing(policy),
        one_way={name: use.direction for name, use in protocol.rules.items() if name in known and use.direction},
    )


def read_weighing(policy: Policy) -> Weighing:
    """What minutes, crowd, places and days weigh today, as fitted (docs/ranking.md) or as a deployment decided."""
    first, last = SINCE_ONSET.start, SINCE_ONSET.stop - 1
    return Weighing(
        minutes_power=policy.number("trace.power_of_minutes"),
        crowd_power=policy.number("trace.power_of_crowd"),
        kinds={kind.value: policy.number(f"trace.place_{kind.value}") for kind in PlaceKind},
        since_onset={day: policy.number(f"trace.infectious_{_name_day(day)}") for day in range(first, last + 1)},
        onset_unknown=policy.number("trace.infectious_onset_unknown"),
        hazard=policy.number("trace.hazard_of_weight"),
        unseen_share=policy.number("trace.unseen_share"),
    )


def _name_day(since: int) -> str:
    """A day since the onset as a policy's key names it: `before_2`, `at_onset`, `after_1`."""
    if since == 0:
        return "at_onset"
    return f"{'before' if since < 0 else 'after'}_{abs(since)}"


def missing_rules(protocol: Protocol) -> tuple[str, ...]:
    """The rules a protocol asks for that trace does not have: to be said beside every ring, never skipped unsaid."""
    known = find_plugins(RULES, "trace_rule")
    return tuple(name for name in protocol.rules if name not in known)
