"""Disputes as the desk keeps them (policy 2.6)."""

from typing import Any

from sqlalchemy import Row

from ringfence.errors import NotFound
from ringfence.store import Act, Desk, Scope
from ringfence.terms import (
    Contested,
    ContestedKind,
    Dispute,
    DisputeGround,
    DisputeStatus,
    DisputeWay,
    Subject,
    SubjectKind,
    from_us,
)

COLUMNS_OF_DISPUTE = """
select dispute_id, contested_kind, coalesce(order_id, task_id) as number, subject_kind, subject_key, ground, way,
    area_path, status, raised_at, due_at, answered_by, answered_at
"""

DISPUTE_BY_ID = COLUMNS_OF_DISPUTE + "from dispute where dispute_id = :dispute_id"

DISPUTES_ABOUT = (
    COLUMNS_OF_DISPUTE
    + """from dispute
where subject_kind = :kind and subject_key = :key
order by dispute_id
"""
)

VISIBLE_DISPUTES = (
    COLUMNS_OF_DISPUTE
    + """from visible_dispute
order by case when status in ('raised', 'risen') then 0 else 1 end, due_at, dispute_id
"""
)


def read_dispute(act: Act, dispute_id: int) -> Dispute:
    """A dispute by number; NotFound when there is none."""
    rows = act.rows(DISPUTE_BY_ID, dispute_id=dispute_id)
    if not rows:
        raise NotFound("there is no dispute {dispute_id}; `ringfence disputes list` shows yours", dispute_id=dispute_id)
    return _dispute(rows[0])


def list_about(act: Act, subject: Subject) -> list[Dispute]:
    """Every dispute about somebody, the first one first."""
    return [_dispute(row) for row in act.rows(DISPUTES_ABOUT, kind=subject.kind, key=subject.key)]


def list_disputes(desk: Desk, *, scope: Scope) -> list[Dispute]:
    """The disputes of the reader's areas: those that wait for an answer first, by when it is owed."""
    return [_dispute(row) for row in desk.rows(VISIBLE_DISPUTES, scope=scope)]


def _dispute(row: Row[Any]) -> Dispute:
    return Dispute(
        dispute_id=row.dispute_id,
        contested=Contested(ContestedKind(row.contested_kind), row.number),
        subject=Subject(SubjectKind(row.subject_kind), row.subject_key),
        ground=DisputeGround(row.ground),
        way=DisputeWay(row.way),
        area_path=row.area_path,
        status=DisputeStatus(row.status),
        raised_at=from_us(row.raised_at),
        due_at=from_us(row.due_at),
        answered_by=row.answered_by,
        answered_at=None if row.answered_at is None else from_us(row.answered_at),
    )
