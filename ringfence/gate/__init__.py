"""Gate: no way in unchecked, and nobody in need turned away."""

from ringfence.gate.certlogic import evaluate
from ringfence.gate.certlogic_times import write_instant
from ringfence.gate.changes import Change, find_changes, gate_numbers, standards_of
from ringfence.gate.checking import Checked, check
from ringfence.gate.expected import ExpectedPerson, ExpectedTrip, list_expected, read_expected
from ringfence.gate.health_certificate import COVID19
from ringfence.gate.keeping import forget_passages, purge_passages
from ringfence.gate.key_usage import TEST_USAGE
from ringfence.gate.known_tests import KnownTests, read_known_tests
from ringfence.gate.laying import FEED, ReadyPassages, lay_passages, stage_passages
from ringfence.gate.linking import Waiting, put_persons, read_waiting
from ringfence.gate.listings import ARRIVAL_REPORTS
from ringfence.gate.lists import GateList, ListKind, publish_list, read_list, read_versions
from ringfence.gate.local_codes import ReadCode, open_codes
from ringfence.gate.passages import Occupant, Passage, TemperatureBand, band_of, register_passages, register_together
from ringfence.gate.passes import NegativeTest, issue_pass
from ringfence.gate.plates import is_same_vehicle, normalise_plate
from ringfence.gate.reporting import report_arrivals
from ringfence.gate.revocations import REVOCATION_LIST, Revocations, publish_revocations, read_revocations
from ringfence.gate.rules import Rule, check_rules, read_rule
from ringfence.gate.stages import Stage
from ringfence.gate.standards import Standards
from ringfence.gate.traveller import (
    Assay,
    AssayResult,
    Colour,
    Emergency,
    HealthCode,
    LaboratoryTest,
    Proof,
    Traveller,
)
from ringfence.gate.verdicts import Decision, NextStep, Verdict
from ringfence.gate.verification import Verification, no_code_read, read_picture, verify

__all__ = [
    "ARRIVAL_REPORTS",
    "COVID19",
    "FEED",
    "REVOCATION_LIST",
    "TEST_USAGE",
    "Assay",
    "AssayResult",
    "Change",
    "Checked",
    "Colour",
    "Decision",
    "Emergency",
    "ExpectedPerson",
    "ExpectedTrip",
    "GateList",
    "HealthCode",
    "KnownTests",
    "LaboratoryTest",
    "ListKind",
    "NegativeTest",
    "NextStep",
    "Occupant",
    "Passage",
    "Proof",
    "ReadCode",
    "ReadyPassages",
    "Revocations",
    "Rule",
    "Stage",
    "Standards",
    "TemperatureBand",
    "Traveller",
    "Verdict",
    "Verification",
    "Waiting",
    "band_of",
    "check",
    "check_rules",
    "evaluate",
    "find_changes",
    "forget_passages",
    "gate_numbers",
    "is_same_vehicle",
    "issue_pass",
    "lay_passages",
    "list_expected",
    "no_code_read",
    "normalise_plate",
    "open_codes",
    "publish_list",
    "publish_revocations",
    "purge_passages",
    "put_persons",
    "read_expected",
    "read_known_tests",
    "read_list",
    "read_picture",
    "read_revocations",
    "read_rule",
    "read_versions",
    "read_waiting",
    "register_passages",
    "register_together",
    "report_arrivals",
    "stage_passages",
    "standards_of",
    "verify",
    "write_instant",
]
