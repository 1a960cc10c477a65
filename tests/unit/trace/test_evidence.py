"""What put somebody where they were exposed is looked for in whatever their rule reads (policy 2.6)."""

from ringfence.plugins import find_plugins
from ringfence.trace.proof import RULES_READ


def test_the_evidence_of_every_rule_is_looked_for_but_of_the_household_which_the_register_says() -> None:
    rules = set(find_plugins("ringfence.trace.rules", "trace_rule"))
    assert rules > {"household", "same_place"}
    assert {rule for rule in rules if f"('{rule}', " not in RULES_READ} == {"household"}
