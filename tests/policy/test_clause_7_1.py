"""Clause 7.1: named duties down to the grassroots unit; no duty hangs in the air."""

from collections.abc import Mapping
from datetime import datetime

from ringfence.account import find_gaps, list_findings
from ringfence.policy import Policy, read_defaults
from ringfence.store import Scope, Store
from ringfence.terms import SYSTEM, Area, Finding, TaskKind


def found(store: Store, areas: Mapping[str, Area], now: datetime) -> list[Finding]:
    policy = Policy(read_defaults(), store.clock.day_of(now))
    store.act(lambda act: find_gaps(act, policy=policy, areas=areas, clock=store.clock), actor=SYSTEM, now=now)
    return list_findings(store.desk, scope=Scope.of_system())


def test_every_kind_of_task_has_a_deadline_in_the_policy() -> None:
    policy = Policy(read_defaults(), 19_052)
    for kind in TaskKind:
        assert policy.hours(f"task.{kind}_hours").total_seconds() > 0


def test_an_area_for_which_nobody_is_on_duty_does_not_go_unnoticed(
    staffed: Store, areas: dict[str, Area], now: datetime
) -> None:
    lowest = {area.code for area in areas.values()} - {area.parent_code for area in areas.values()}
    assert {finding.subject.key for finding in found(staffed, areas, now)} == lowest


def test_every_finding_has_a_named_owner_and_a_deadline_ahead(
    staffed: Store, areas: dict[str, Area], now: datetime
) -> None:
    for finding in found(staffed, areas, now):
        assert finding.owner
        assert finding.due_at > now
