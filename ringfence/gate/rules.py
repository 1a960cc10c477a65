"""Rules over certificates as the field exchanges them: CertLogic with kind, version and time (policy 1.2, 1.4)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from msgspec import ValidationError, convert

from ringfence.errors import InputRefused
from ringfence.gate.certlogic import Value, evaluate
from ringfence.gate.certlogic_times import write_instant
from ringfence.gate.health_certificate import CertificateKind, Instant, Payload, kinds_of
from ringfence.gate.verdicts import NextStep, Verdict
from ringfence.terms import ReasonCode

GENERAL = "General"
KIND_NAMES = {
    CertificateKind.VACCINATION: "Vaccination",
    CertificateKind.TEST: "Test",
    CertificateKind.RECOVERY: "Recovery",
}

ValueSets = Mapping[str, list[str]]


@dataclass(frozen=True, kw_only=True)
class Rule:
    """One rule: which certificates it is for, from when until when, and its expression."""

    identifier: str
    version: str
    certificate_type: str
    valid_from: datetime
    valid_to: datetime
    logic: Value

    def applies_to(self, payload: Payload, *, now: datetime) -> bool:
        """Whether the rule is in force and for what the certificate speaks of."""
        names = {GENERAL} | {KIND_NAMES[kind] for kind in kinds_of(payload)}
        return self.valid_from <= now <= self.valid_to and self.certificate_type in names


def read_rule(document: Mapping[str, object]) -> Rule:
    """A rule from the form in which the field exchanges it; InputRefused where something is missing."""
    try:
        return Rule(
            identifier=convert(document.get("Identifier"), str),
            version=convert(document.get("Version"), str),
            certificate_type=convert(document.get("CertificateType"), str),
            valid_from=convert(document.get("ValidFrom"), Instant),
            valid_to=convert(document.get("ValidTo"), Instant),
            logic=document["Logic"],
        )
    except (KeyError, ValidationError) as error:
        raise InputRefused(
            "a rule must have Identifier, Version, CertificateType, ValidFrom, ValidTo and Logic"
        ) from error


def check_rules(rules: Iterable[Rule], payload: Payload, *, now: datetime, value_sets: ValueSets) -> Verdict | None:
    """Why the rules in force do not let this certificate pass; None where each says true, and nothing but true."""
    external = {"validationClock": write_instant(now), "valueSets": value_sets}
    for rule in rules:
        if rule.applies_to(payload, now=now) and not _holds(rule, {"payload": payload, "external": external}):
            return Verdict.recheck(
                ReasonCode.RULE_NOT_MET, NextStep.SHOW_ANOTHER_PROOF, rule=rule.identifier, version=rule.version
            )
    return None


def _holds(rule: Rule, data: Value) -> bool:
    try:
        return evaluate(rule.logic, data) is True
    except InputRefused:  # a rule that cannot be evaluated over this certificate admits nobody with it
        return False
