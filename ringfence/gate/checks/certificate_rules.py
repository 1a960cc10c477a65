"""The CertLogic rules in force, over a certificate that was shown and believed (policy 1.2)."""

from datetime import datetime

from ringfence.gate.rules import check_rules
from ringfence.gate.standards import Standards
from ringfence.gate.traveller import Traveller
from ringfence.gate.verdicts import Verdict


def check(traveller: Traveller, *, standards: Standards, now: datetime) -> Verdict:
    """Every rule for certificates of its kind says true, and nothing but true; no certificate, nothing to say."""
    shown = traveller.certificate
    if shown is None or shown.payload is None:
        return Verdict.admit()
    found = check_rules(standards.rules, shown.payload, now=now, value_sets=standards.value_sets)
    return found or Verdict.admit()
