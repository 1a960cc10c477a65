"""A unit goes: everything it had is somebody else's, with the deadlines it had, or nothing moved."""

from datetime import datetime

import pytest

from ringfence.errors import InputRefused, NotAllowed
from ringfence.store import Act, Store
from ringfence.terms import SYSTEM, Actor
from ringfence.work import HandedOver, hand_over_unit

COUNTY = Actor("county_officer")
OWNERS = "select owner as unit, status, due_at from task order by task_id"
WATCHED = "select unit_id as unit from follow_up order by follow_up_id"

TASK = """
insert into task (task_id, subject_kind, subject_key, kind, owner, area_path, status, level, weight, reason, opened_at,
    due_at, due_day, outcome, recorded_at)
values (:task_id, 'person', '7', 'visit', :owner, :area_path, :status, 'grid', 1, '{"code":"said_by","actor":"x"}', 1,
    99, 1, case when :status = 'done' then 'reached' end, 1)
"""
FOLLOW_UP = """
insert into follow_up (person_no, disease, ring, day_zero, from_day, to_day, status, unit_id, area_path, recorded_at)
values (:person_no, 'covid19', 1, 1, 1, 9, :status, :unit, :area_path, 1)
"""


@pytest.fixture
def busy(manned: Store, now: datetime) -> Store:
    """Unit 111-g1 with an open, an acknowledged and a finished task, one person it watches and one it let go."""

    def lay(act: Act) -> None:
        for number, status in enumerate(("open", "acknowledged", "done"), start=1):
            act.run(TASK, task_id=number, owner="111-g1", area_path="1/11/111/", status=status)
        for number, status in enumerate(("follow_up", "completed"), start=1):
            act.run(FOLLOW_UP, person_no=number, status=status, unit="111-g1", area_path="1/11/111/")
        act.note("test.laid")

    manned.act(lay, actor=SYSTEM, now=now)
    return manned


def hand_over(store: Store, now: datetime, owner: str, actor: Actor = COUNTY) -> HandedOver:
    return store.act(lambda act: hand_over_unit(act, "111-g1", owner=owner), actor=actor, now=now)


def test_what_is_open_moves_and_what_is_over_stays_with_whoever_did_it(busy: Store, now: datetime) -> None:
    assert hand_over(busy, now, "111-g2") == HandedOver(tasks=2, follow_ups=1)
    with busy.desk.engine.connect() as desk:
        tasks = [tuple(row) for row in desk.exec_driver_sql(OWNERS)]
        watched = [row.unit for row in desk.exec_driver_sql(WATCHED)]
    assert tasks == [("111-g2", "open", 99), ("111-g2", "open", 99), ("111-g1", "done", 99)]
    assert watched == ["111-g2", "111-g1"]


def test_the_ledger_says_from_whom_to_whom_and_how_much(busy: Store, now: datetime) -> None:
    hand_over(busy, now, "111-g2")
    [line] = busy.desk.rows("select subject, count, details from ledger where action = 'unit.handed_over'")
    assert (line.subject, line.count, line.details) == ("unit:111-g1", 3, '{"to":"111-g2"}')


@pytest.mark.parametrize("owner", ["121-g1", "nobody", "111-g1"])
def test_nothing_moves_to_a_unit_that_does_not_answer_there(busy: Store, now: datetime, owner: str) -> None:
    with pytest.raises(InputRefused):
        hand_over(busy, now, owner)
    with busy.desk.engine.connect() as desk:
        assert {row.unit for row in desk.exec_driver_sql(OWNERS)} == {"111-g1"}


def test_nothing_moves_for_who_may_not_hand_over_there(busy: Store, now: datetime) -> None:
    with pytest.raises(NotAllowed):
        hand_over(busy, now, "111-g2", Actor("county_officer@12"))
    with busy.desk.engine.connect() as desk:
        assert {row.unit for row in desk.exec_driver_sql(WATCHED)} == {"111-g1"}
