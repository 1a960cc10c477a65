"""Gate: no way in unchecked, and nobody in need turned away."""

from ringfence.gate.certlogic import evaluate
from ringfence.gate.certlogic_times import write_instant
from ringfence.gate.rules import Rule, check_rules, read_rule
from ringfence.gate.stages import Stage
from ringfence.gate.verdicts import Decision, NextStep, Verdict
from ringfence.gate.verification import Verification, no_code_read, read_picture, verify

__all__ = [
    "Decision",
    "NextStep",
    "Rule",
    "Stage",
    "Verdict",
    "Verification",
    "check_rules",
    "evaluate",
    "no_code_read",
    "read_picture",
    "read_rule",
    "verify",
    "write_instant",
]
