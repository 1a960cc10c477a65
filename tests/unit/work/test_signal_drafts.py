"""Drafts for everybody on a signal's lists whose path may carry an order."""

from datetime import datetime

import pytest
from fake_trace import EPIDEMIOLOGIST, Exposed, exposures, put_exposures, verified_signal

from ringfence.errors import NotAllowed
from ringfence.policy import Policy
from ringfence.store import Act, Scope, Store
from ringfence.terms import SYSTEM, Actor, Outcome
from ringfence.work import (
    acknowledge_tasks,
    close_tasks,
    count_left_to_others,
    dispatch_exposures,
    draft_for_signal,
    open_tasks,
    read_roster,
    read_standing,
)

DRAFTED = "select person_no, measure from visible_measure_order order by person_no, from_day"
ASKED = "select task_id from visible_task where kind = 'identify'"


def test_who_is_certain_and_on_a_good_path_gets_drafts_once_and_everybody_else_none(
    manned: Store, policy: Policy, now: datetime, day: int
) -> None:
    signal = verified_signal(manned, now=now)
    rows = [
        Exposed(signal=signal, subject=1, last_day=day, weight=9),
        Exposed(signal=signal, subject=2, last_day=day, weight=8, is_identified=False),
        Exposed(signal=signal, subject=3, last_day=day, weight=7, rule="near_in_place_and_day"),
    ]

    def respond(act: Act) -> None:
        found = dispatch_exposures(
            exposures(rows),
            roster=read_roster(act, clock=manned.clock),
            standing=read_standing(act, signals=[signal]),
            policy=policy,
            now=now,
            seed=1,
        )
        assert found.listed["kind"].to_pylist() == ["visit", "identify", "visit"]
        open_tasks(act, put_exposures(act, found.listed), clock=manned.clock)

    def draft(act: Act) -> list[int]:
        return draft_for_signal(act, signal, order_rules={"household"}, policy=policy, clock=manned.clock)

    manned.act(respond, actor=EPIDEMIOLOGIST, now=now)
    assert [len(manned.act(draft, actor=SYSTEM, now=now)) for _ in range(2)] == [2, 0]
    found = manned.desk.rows(DRAFTED, scope=Scope.of_system())
    assert [tuple(row) for row in found] == [(1, "central_quarantine"), (1, "home_quarantine")]

    [asked] = manned.desk.rows(ASKED, scope=Scope.of_system())
    worker = Actor("grid_worker@111")
    manned.act(lambda act: acknowledge_tasks(act, [asked.task_id]), actor=worker, now=now)
    assert manned.act(draft, actor=SYSTEM, now=now) == []
    manned.act(
        lambda act: close_tasks(act, [asked.task_id], outcome=Outcome.REACHED, store=manned), actor=worker, now=now
    )
    assert len(manned.act(draft, actor=SYSTEM, now=now)) == 2
    people = {row.person_no for row in manned.desk.rows(DRAFTED, scope=Scope.of_system())}
    assert people == {1, 2}, "somebody was at the door and asked who it is"


def test_an_officer_drafts_for_the_own_county_and_is_told_how_many_lie_with_others(
    manned: Store, policy: Policy, now: datetime, day: int
) -> None:
    signal = verified_signal(manned, now=now)
    rows = [Exposed(signal=signal, subject=1, last_day=day, weight=9)]
    rows += [Exposed(signal=signal, subject=n, last_day=day, area_path="1/12/121/") for n in (2, 3)]

    def respond(act: Act) -> None:
        found = dispatch_exposures(
            exposures(rows),
            roster=read_roster(act, clock=manned.clock),
            standing=read_standing(act, signals=[signal]),
            policy=policy,
            now=now,
            seed=1,
        )
        open_tasks(act, put_exposures(act, found.listed), clock=manned.clock)

    manned.act(respond, actor=EPIDEMIOLOGIST, now=now)
    common = {"order_rules": {"household"}, "clock": manned.clock}
    here, there = Actor("county_officer@11"), Actor("county_officer@12")

    def left(actor: Actor) -> dict[str, int]:
        return manned.act(lambda act: _noted(act, count_left_to_others(act, signal, **common)), actor=actor, now=now)  # type: ignore[arg-type]

    def draft(actor: Actor) -> list[int]:
        return manned.act(lambda act: draft_for_signal(act, signal, policy=policy, **common), actor=actor, now=now)  # type: ignore[arg-type]

    assert (left(here), left(there)) == ({"1/12/121/": 2}, {"1/11/111/": 1})
    assert len(draft(here)) == 2
    people = {row.person_no for row in manned.desk.rows(DRAFTED, scope=Scope.of_system())}
    assert people == {1}
    with pytest.raises(NotAllowed):
        draft(Actor("grid_worker@111"))
    draft(there)
    people = {row.person_no for row in manned.desk.rows(DRAFTED, scope=Scope.of_system())}
    assert people == {1, 2, 3}


def _noted(act: Act, found: dict[str, int]) -> dict[str, int]:
    act.note("test.counted")
    return found
