"""What a protocol and the policy of the day tell the rules (policy 2.2)."""

from ringfence.plugins import find_plugins
from ringfence.policy import Policy, Protocol
from ringfence.trace.settings import RuleSettings

RULES = "ringfence.trace.rules"


def read_settings(protocol: Protocol, *, policy: Policy) -> RuleSettings:
    """The rules a protocol uses, with their parameters and weights; those trace does not have are `missing_rules`."""
    known = find_plugins(RULES, "trace_rule")
    rules = {name: dict(use.parameters) for name, use in protocol.rules.items() if name in known}
    return RuleSettings(
        minimum_minutes=protocol.contact.minimum_minutes,
        linger_minutes=protocol.contact.linger_minutes,
        rules=rules,
        second_ring_rules=tuple(name for name in protocol.second_ring_rules if name in known),
        weights={name: float(policy.integer(f"trace.weight_{name}")) for name in rules},
        second_ring_share=policy.number("trace.second_ring_share"),
        close_rules=tuple(name for name in rules if policy.policy_set.rules[name].is_close_contact),
        one_way={name: use.direction for name, use in protocol.rules.items() if name in known and use.direction},
    )


def missing_rules(protocol: Protocol) -> tuple[str, ...]:
    """The rules a protocol asks for that trace does not have: to be said beside every ring, never skipped unsaid."""
    known = find_plugins(RULES, "trace_rule")
    return tuple(name for name in protocol.rules if name not in known)
