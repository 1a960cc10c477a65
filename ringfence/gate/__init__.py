"""Gate: no way in unchecked, and nobody in need turned away."""

from ringfence.gate.stages import Stage
from ringfence.gate.verdicts import Decision, NextStep, Verdict
from ringfence.gate.verification import Verification, no_code_read, read_picture, verify

__all__ = [
    "Decision",
    "NextStep",
    "Stage",
    "Verdict",
    "Verification",
    "no_code_read",
    "read_picture",
    "verify",
]
