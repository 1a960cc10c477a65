"""Clause 7.2: every loophole found is a finding with owner, correction and proof, judged by effect."""

from datetime import datetime, timedelta

import pytest

from ringfence.account import correct_finding, find_gaps, list_findings, prove_finding
from ringfence.errors import ApprovalMissing, NotAllowed
from ringfence.policy import Permission, Policy, read_defaults
from ringfence.store import Scope, Store
from ringfence.terms import FINDING_NEXT, SYSTEM, Actor, Area, Finding, FindingStatus

HOUR = timedelta(hours=1)


class Inspection:
    """A city with gaps (nobody is on its roster), inspected hour by hour."""

    def __init__(self, store: Store, areas: dict[str, Area], now: datetime) -> None:
        self.store, self.areas, self.now = store, areas, now
        self.policy = Policy(read_defaults(), store.clock.day_of(now))

    def run(self, hour: int) -> None:
        def check(act: object) -> None:
            find_gaps(act, policy=self.policy, areas=self.areas, clock=self.store.clock)  # type: ignore[arg-type]

        self.store.act(check, actor=SYSTEM, now=self.now + hour * HOUR)

    def first(self) -> Finding:
        return min(list_findings(self.store.desk, scope=Scope.of_system()), key=lambda finding: finding.finding_id)

    def correct(self, actor: Actor, hour: int) -> None:
        number = self.first().finding_id
        self.store.act(lambda act: correct_finding(act, number, proof="doc-1"), actor=actor, now=self.now + hour * HOUR)

    def prove(self, actor: Actor, hour: int) -> None:
        number = self.first().finding_id
        self.store.act(
            lambda act: prove_finding(act, number, is_effective=True, policy=self.policy),
            actor=actor,
            now=self.now + hour * HOUR,
        )


@pytest.fixture
def inspection(staffed: Store, areas: dict[str, Area], now: datetime) -> Inspection:
    return Inspection(staffed, areas, now)


def test_no_finding_closes_without_a_correction_and_a_proof() -> None:
    before_proven = {before for before, after in FINDING_NEXT.items() if FindingStatus.PROVEN in after}
    assert before_proven == {FindingStatus.CORRECTING}


def test_who_corrects_does_not_judge_the_correction(inspection: Inspection) -> None:
    inspection.run(0)
    inspection.correct(Actor("inspector"), 1)
    with pytest.raises(ApprovalMissing):
        inspection.prove(Actor("inspector"), 2)
    inspection.prove(Actor("city_officer"), 2)
    assert inspection.first().status is FindingStatus.PROVEN


def test_a_loophole_that_is_still_open_after_the_proof_is_a_finding_again(inspection: Inspection) -> None:
    inspection.run(0)
    inspection.correct(Actor("inspector"), 1)
    inspection.prove(Actor("city_officer"), 2)
    inspection.run(3)
    assert inspection.first().status is FindingStatus.REOPENED


def test_the_system_finds_gaps_and_neither_corrects_nor_proves(inspection: Inspection) -> None:
    inspection.run(0)
    with pytest.raises(NotAllowed, match=Permission.FINDING_CORRECT):
        inspection.correct(SYSTEM, 1)
    inspection.correct(Actor("inspector"), 1)
    with pytest.raises(NotAllowed, match=Permission.FINDING_PROVE):
        inspection.prove(SYSTEM, 2)
