"""A finding's life: corrected with a proof by one person, judged by its effect by another (policy 7.2)."""

from typing import Any

from sqlalchemy import Row

from ringfence.access import check_can
from ringfence.account.gaps import CORRECT_WITHIN
from ringfence.account.period import MICROSECOND
from ringfence.errors import ApprovalMissing, InputRefused, NotFound, TransitionRefused
from ringfence.policy import Permission, Policy
from ringfence.store import Act, Desk, Scope
from ringfence.terms import (
    FINDING_NEXT,
    CorrectiveAction,
    Finding,
    FindingStatus,
    Reason,
    Subject,
    SubjectKind,
    from_us,
    to_us,
)

COLUMNS_OF_FINDING = """
select finding_id, subject_kind, subject_key, clause, reason, owner, area_path, due_at, status
"""

FINDING_BY_ID = COLUMNS_OF_FINDING + "from finding where finding_id = :finding_id"

VISIBLE_FINDINGS = (
    COLUMNS_OF_FINDING
    + """from visible_finding
order by case status when 'proven' then 1 else 0 end, due_at, finding_id
"""
)

VISIBLE_ACTIONS = """
select a.finding_id, a.taken_by, a.taken_at, a.proof
from corrective_action a join visible_finding f on f.finding_id = a.finding_id
where a.finding_id = :finding_id
order by a.action_id
"""

TAKEN_BY = "select distinct taken_by from corrective_action where finding_id = :finding_id"

INSERT_ACTION = """
insert into corrective_action (finding_id, taken_by, taken_at, proof, recorded_at)
values (:finding_id, :taken_by, :now, :proof, :now)
"""

MOVE_FINDING = """
update finding set status = :status, closed_at = :closed_at, due_at = coalesce(:due_at, due_at), recorded_at = :now
where finding_id = :finding_id and status = :before
"""


def correct_finding(act: Act, finding_id: int, *, proof: str) -> Finding:
    """Put on record what was done about a finding, with what proves it (a document's key or a number; never a name).

    InputRefused without proof.
    """
    if not proof.strip():
        raise InputRefused("a finding is corrected with a proof only; say what proves it")
    finding = _check(act, finding_id, FindingStatus.CORRECTING, Permission.FINDING_CORRECT)
    act.run(INSERT_ACTION, finding_id=finding_id, taken_by=act.actor.actor_id, proof=proof, now=to_us(act.now))
    return _move(act, finding, FindingStatus.CORRECTING)


def prove_finding(act: Act, finding_id: int, *, is_effective: bool, policy: Policy) -> Finding:
    """Judge a correction by its effect: the finding is closed, or it is open again with a new deadline.

    ApprovalMissing for whoever took one of its corrective actions.
    """
    status = FindingStatus.PROVEN if is_effective else FindingStatus.REOPENED
    finding = _check(act, finding_id, status, Permission.FINDING_PROVE)
    if act.actor.actor_id in {row.taken_by for row in act.rows(TAKEN_BY, finding_id=finding_id)}:
        raise ApprovalMissing(
            "who corrected finding {finding_id} cannot prove it; ask somebody else", finding_id=finding_id
        )
    if is_effective:
        return _move(act, finding, status, closed_at=to_us(act.now))
    return _move(act, finding, status, due_at=to_us(act.now) + policy.hours(CORRECT_WITHIN) // MICROSECOND)


def read_finding(act: Act, finding_id: int) -> Finding:
    """A finding by number; NotFound when there is none."""
    rows = act.rows(FINDING_BY_ID, finding_id=finding_id)
    if not rows:
        raise NotFound("there is no finding {finding_id}", finding_id=finding_id)
    return _finding(rows[0])


def list_findings(desk: Desk, *, scope: Scope) -> list[Finding]:
    """The findings of the reader's areas: those not closed first, by deadline."""
    return [_finding(row) for row in desk.rows(VISIBLE_FINDINGS, scope=scope)]


def list_actions(desk: Desk, finding_id: int, *, scope: Scope) -> list[CorrectiveAction]:
    """What was done about a finding of the reader's areas, in order."""
    return [
        CorrectiveAction(
            finding_id=row.finding_id, taken_by=row.taken_by, taken_at=from_us(row.taken_at), proof=row.proof
        )
        for row in desk.rows(VISIBLE_ACTIONS, scope=scope, finding_id=finding_id)
    ]


def _check(act: Act, finding_id: int, status: FindingStatus, permission: Permission) -> Finding:
    """The finding that may take a step, after asking rights and life cycle."""
    finding = read_finding(act, finding_id)
    check_can(act, permission, area_path=finding.area_path)
    if status not in FINDING_NEXT[finding.status]:
        raise TransitionRefused(
            "finding {finding_id} is {found}; from there it cannot become {wanted}",
            finding_id=finding_id,
            found=finding.status,
            wanted=status,
        )
    return finding


def _move(
    act: Act, finding: Finding, status: FindingStatus, *, closed_at: int | None = None, due_at: int | None = None
) -> Finding:
    number = finding.finding_id
    step = {"status": status, "before": finding.status, "closed_at": closed_at, "due_at": due_at}
    if not act.run(MOVE_FINDING, finding_id=number, now=to_us(act.now), **step):
        raise TransitionRefused("finding {finding_id} was decided just now; look at it again", finding_id=number)
    act.note(f"finding.{status}", subject=f"finding:{number}", reason=finding.reason.code)
    return read_finding(act, number)


def _finding(row: Row[Any]) -> Finding:
    return Finding(
        finding_id=row.finding_id,
        subject=Subject(SubjectKind(row.subject_kind), row.subject_key),
        clause=row.clause,
        reason=Reason.from_json(row.reason),
        owner=row.owner,
        area_path=row.area_path,
        due_at=from_us(row.due_at),
        status=FindingStatus(row.status),
    )
