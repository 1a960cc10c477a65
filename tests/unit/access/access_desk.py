"""Rows that a test of rights needs on the desk: units with their people, tasks and follow-ups."""

from ringfence.store import Act
from ringfence.terms import to_us

INSERT_UNIT = """
insert into unit (unit_id, area_code, area_path, level, daily_capacity, task_kinds, recorded_at)
values (:unit_id, :area_code, :area_path, 'grid', 30, 'visit', :now)
"""

INSERT_MEMBER = """
insert into unit_member (unit_id, user_id, added_by, recorded_at) values (:unit_id, :user_id, 'test', :now)
"""

INSERT_TASK = """
insert into task (task_id, subject_kind, subject_key, kind, owner, area_path, status, level, weight, reason, opened_at,
    due_at, due_day, outcome, recorded_at)
values (:task_id, :subject_kind, :subject_key, 'visit', :owner, :area_path, :status, 'grid', 1, '{}', :now, :now, 0,
    :outcome, :now)
"""

INSERT_FOLLOW_UP = """
insert into follow_up (person_no, disease, ring, day_zero, from_day, to_day, status, unit_id, area_path, recorded_at)
values (:person_no, 'covid19', 1, 0, 0, 14, :status, :unit_id, :area_path, :now)
"""


def put_unit(act: Act, unit_id: str, area_path: str, *members: str) -> None:
    now = to_us(act.now)
    act.run(INSERT_UNIT, unit_id=unit_id, area_code=area_path.split("/")[-2], area_path=area_path, now=now)
    for user_id in members:
        act.run(INSERT_MEMBER, unit_id=unit_id, user_id=user_id, now=now)
    act.note("unit.put", subject=unit_id)


def put_task(act: Act, task_id: int, subject: str, *, owner: str, area_path: str, status: str = "open") -> None:
    kind, _, key = subject.partition(":")
    act.run(
        INSERT_TASK,
        task_id=task_id,
        subject_kind=kind,
        subject_key=key,
        owner=owner,
        area_path=area_path,
        status=status,
        outcome="reached" if status == "done" else None,
        now=to_us(act.now),
    )
    act.note("task.put", subject=f"task:{task_id}")


def put_follow_up(act: Act, person_no: int, *, unit_id: str, area_path: str, status: str = "follow_up") -> None:
    act.run(
        INSERT_FOLLOW_UP,
        person_no=person_no,
        status=status,
        unit_id=unit_id,
        area_path=area_path,
        now=to_us(act.now),
    )
    act.note("follow_up.put", ids=(person_no,))
