"""Clause 2.6: "this is not me / this is wrong" gets a human answer within 24 h and corrects every copy."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from fake_trace import EPIDEMIOLOGIST, Exposed, exposures, put_exposures, verified_signal

from ringfence import flow, redress, work
from ringfence.access.rights import BY_ITSELF
from ringfence.errors import NotAllowed
from ringfence.policy import Permission, Policy, read_defaults, read_in_force
from ringfence.seal import make_key_files, read_signer
from ringfence.store import Act, Store
from ringfence.terms import (
    SYSTEM,
    Actor,
    Contested,
    ContestedKind,
    Dispute,
    DisputeGround,
    DisputeStatus,
    DisputeWay,
    Outcome,
    Role,
)

COUNTY, CITY, WORKER = Actor("county_officer@11"), Actor("city_officer"), Actor("grid_worker@111")
ABOUT_A_TASK = Contested(ContestedKind.TASK, 1)

PUT_UNIT = """
insert into unit (unit_id, area_code, area_path, level, daily_capacity, task_kinds, recorded_at)
values ('111-g1', '111', '1/11/111/', 'grid', 9, 'visit', 1)
"""
PUT_TASK = """
insert into task (task_id, subject_kind, subject_key, kind, owner, area_path, status, level, weight, reason, opened_at,
    due_at, due_day, acknowledged_by, acknowledged_at, recorded_at)
values (1, 'person', '5', 'visit', '111-g1', '1/11/111/', 'acknowledged', 'grid', 1.0,
    '{"code":"exposed_until","day":"2022-02-28"}', 1, 1, 1, 'grid_worker@111', 1, 1)
"""
PUT_BASIS = "insert into task_basis (task_id, signal_id, exposure_id, recorded_at) values (1, :signal, :exposure, 1)"


@pytest.fixture
def asked(staffed: Store, now: datetime) -> Store:
    """Somebody is to be visited, and the deployment signs links."""
    signal = verified_signal(staffed, now=now)

    def ask(act: Act) -> None:
        [exposure] = put_exposures(act, exposures([Exposed(signal=signal, subject=5)]))["exposure"].to_pylist()
        act.run(PUT_UNIT)
        act.run(PUT_TASK)
        act.run(PUT_BASIS, signal=signal, exposure=exposure)
        act.note("test.task_put")

    staffed.act(ask, actor=EPIDEMIOLOGIST, now=now)
    folder: Path = staffed.deployment.keys.parent
    make_key_files(folder, kinds={work.LINKS_NAME: work.DISPUTE_LINK}, now=now)
    return staffed


def by_link(store: Store, now: datetime) -> Dispute:
    policy = Policy(read_in_force(store.desk, now=now), store.clock.day_of(now))
    signer = read_signer(store.deployment.keys.parent, work.LINKS_NAME)
    link = work.write_link(ABOUT_A_TASK, signer=signer, policy=policy, now=now)
    return redress.contest(store, link, ground=DisputeGround.NOT_ME, now=now)


def by_phone(store: Store, now: datetime) -> Dispute:
    said = {"ground": DisputeGround.NOT_ME, "way": DisputeWay.PHONE}
    return redress.raise_dispute(store, ABOUT_A_TASK, **said, actor=COUNTY, now=now)


def at_the_door(store: Store, now: datetime) -> Dispute:
    [number] = flow.record_attempts(store, [1], outcome=Outcome.WRONG_PERSON, actor=WORKER, now=now)
    return store.act(lambda act: work.read_dispute(act, number), actor=WORKER, now=now)


@pytest.mark.parametrize("say", [by_link, by_phone, at_the_door], ids=lambda say: say.__name__)
def test_by_link_by_phone_and_at_the_door_it_is_one_dispute_whose_answer_is_due_in_a_day(
    asked: Store, now: datetime, say: object
) -> None:
    dispute = say(asked, now)  # type: ignore[operator]
    assert (dispute.contested, dispute.status) == (ABOUT_A_TASK, DisputeStatus.RAISED)
    assert dispute.due_at == now + timedelta(hours=24)
    again = by_phone(asked, now + timedelta(hours=1))
    assert (again.dispute_id, again.due_at) == (dispute.dispute_id, dispute.due_at)


def test_upheld_nobody_is_sent_any_more(asked: Store, now: datetime) -> None:
    dispute = by_link(asked, now)
    redress.uphold_dispute(asked, dispute.dispute_id, actor=CITY, now=now)
    assert asked.act(lambda act: work.read_task(act, 1), actor=CITY, now=now).status == "withdrawn"


def test_the_answer_is_a_persons_and_never_the_systems(asked: Store, now: datetime) -> None:
    assert not {Permission.DISPUTE_ANSWER, Permission.DISPUTE_RAISE} & BY_ITSELF
    dispute = by_link(asked, now)
    for answer in (redress.uphold_dispute, redress.reject_dispute):
        with pytest.raises(NotAllowed):
            answer(asked, dispute.dispute_id, actor=SYSTEM, now=now)  # type: ignore[operator]


def test_officers_answer_and_whoever_is_met_at_the_door_is_heard() -> None:
    roles = read_defaults().roles
    assert {role for role, rights in roles.items() if Permission.DISPUTE_ANSWER in rights.acts} == {
        Role.CITY_OFFICER,
        Role.COUNTY_OFFICER,
    }
    assert Permission.DISPUTE_RAISE in roles[Role.GRID_WORKER].acts
