"""All checks of one traveller, and the one answer they come to (policy 1.2, 1.4, 1.5)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from ringfence.gate.standards import Standards
from ringfence.gate.traveller import Traveller
from ringfence.gate.verdicts import Decision, Verdict
from ringfence.plugins import find_plugins

CHECKS = "ringfence.gate.checks"

GRAVEST_FIRST = (Decision.REFUSE, Decision.UNREADABLE, Decision.RECHECK, Decision.ADMIT)


@dataclass(frozen=True, kw_only=True)
class Checked:
    """The answer, and what each check said: nobody queues twice to learn the second reason."""

    verdict: Verdict
    said: Mapping[str, Verdict]


def check(traveller: Traveller, *, standards: Standards, now: datetime) -> Checked:
    """The gravest of what the checks say; in an emergency nothing is checked: to care now, recorded after."""
    if traveller.emergency:
        return Checked(verdict=Verdict.care_now(traveller.emergency), said={})
    checks = find_plugins(CHECKS, "check")
    said = {name: one(traveller, standards=standards, now=now) for name, one in checks.items()}
    return Checked(verdict=min(said.values(), key=lambda one: GRAVEST_FIRST.index(one.decision)), said=said)
