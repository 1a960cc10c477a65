"""Acts that need two people: one proposes a plan, another approves exactly that plan (policy 2.6).

One table serves all of them. They stand here and not with the work they lead to, for what they decide is a right.
"""

import json
from collections.abc import Sequence

from ringfence.access.rights import check_can
from ringfence.errors import ApprovalMissing, NotFound
from ringfence.policy import Permission
from ringfence.store import EVERYWHERE, Act
from ringfence.terms import Approval, Line, Plan, from_us, to_us

INSERT_PROPOSAL = """
insert into approval (plan_kind, plan_digest, plan, proposed_by, proposed_at, recorded_at)
values (:plan_kind, :plan_digest, :plan, :proposed_by, :now, :now)
returning approval_id
"""

READ_APPROVAL = """
select approval_id, plan_kind, plan_digest, plan, proposed_by, decided_by, decided_at, is_approved, applied_at
from approval where approval_id = :approval_id
"""

DECIDE = """
update approval set decided_by = :decided_by, decided_at = :now, is_approved = :is_approved
where approval_id = :approval_id and decided_by is null
"""

USE = "update approval set applied_at = :now where approval_id = :approval_id and applied_at is null"

PERMISSIONS = {
    "policy": (Permission.POLICY_PUBLISH, Permission.POLICY_APPROVE),
    "areas": (Permission.AREAS_PUBLISH, Permission.AREAS_APPROVE),
    "risk_area": (Permission.AREAS_PUBLISH, Permission.AREAS_APPROVE),
    "break_glass": (Permission.PEOPLE_READ, Permission.LOOK_APPROVE),
    "export": (Permission.EXPORT_MAKE, Permission.EXPORT_SIGN),
    "manual_order": (Permission.ORDER_DRAFT, Permission.ORDER_SIGN),
}
"""By kind of plan: who may propose it and who may approve it."""


def propose(act: Act, plan: Plan, *, area_path: str = EVERYWHERE) -> int:
    """Put a plan before a second person; the number by which it is approved. A plan may name its area itself.

    The proposal keeps the area: a plan for a city is decided by whoever may decide for that city.
    """
    path = _area_of(plan.added, otherwise=area_path)
    check_can(act, PERMISSIONS[plan.kind][0], area_path=path)
    shown = {"added": plan.added, "released": plan.released, "conflicting": plan.conflicting, "area_path": path}
    approval_id = act.insert(
        INSERT_PROPOSAL,
        plan_kind=plan.kind,
        plan_digest=plan.digest,
        plan=json.dumps(shown, ensure_ascii=False),
        proposed_by=act.actor.actor_id,
        now=to_us(act.now),
    )
    act.note(f"{plan.kind}.proposed", subject=f"approval:{approval_id}", digest=plan.digest)
    return approval_id


def approve(act: Act, approval_id: int, *, area_path: str = EVERYWHERE) -> Approval:
    """Say yes to a plan somebody else proposed, in the area that it was proposed for, or else in the one given.

    ApprovalMissing for who proposed it, NotAllowed for who has no right to decide there, NotFound for a plan that is
    not there or was decided already.
    """
    _decide(act, approval_id, area_path=area_path, is_approved=True)
    return read_approval(act, approval_id)


def decline(act: Act, approval_id: int, *, area_path: str = EVERYWHERE) -> None:
    """Say no to a plan somebody else proposed; errors as of `approve`."""
    _decide(act, approval_id, area_path=area_path, is_approved=False)


def read_approval(act: Act, approval_id: int) -> Approval:
    """A given approval that was not used yet; ApprovalMissing when nobody said yes, or it was used."""
    rows = act.rows(READ_APPROVAL, approval_id=approval_id)
    if not rows:
        raise NotFound("there is no proposal {approval_id}", approval_id=approval_id)
    [row] = rows
    if not row.is_approved or row.applied_at is not None:
        raise ApprovalMissing(
            "proposal {approval_id} is not approved, or was carried out already", approval_id=approval_id
        )
    return Approval(
        approval_id=approval_id,
        plan_kind=row.plan_kind,
        plan_digest=row.plan_digest,
        proposed_by=row.proposed_by,
        approved_by=row.decided_by,
        approved_at=from_us(row.decided_at),
    )


def use_approval(act: Act, plan: Plan, approval_id: int) -> Approval:
    """The approval of exactly this plan, used up by this act; ApprovalMissing when it is of another."""
    approval = read_approval(act, approval_id)
    if (approval.plan_kind, approval.plan_digest) != (plan.kind, plan.digest):
        raise ApprovalMissing(
            "proposal {approval_id} was approved for another plan; propose this one", approval_id=approval_id
        )
    act.run(USE, approval_id=approval_id, now=to_us(act.now))
    return approval


def _decide(act: Act, approval_id: int, *, area_path: str, is_approved: bool) -> None:
    rows = act.rows(READ_APPROVAL, approval_id=approval_id)
    if not rows or rows[0].decided_by is not None:
        raise NotFound("there is no proposal {approval_id} waiting for a decision", approval_id=approval_id)
    named = json.loads(rows[0].plan).get("area_path", EVERYWHERE)
    check_can(act, PERMISSIONS[rows[0].plan_kind][1], area_path=named if named != EVERYWHERE else area_path)
    if rows[0].proposed_by == act.actor.actor_id:
        raise ApprovalMissing("who proposed a plan cannot approve it; ask a second officer")
    act.run(DECIDE, approval_id=approval_id, decided_by=act.actor.actor_id, now=to_us(act.now), is_approved=is_approved)
    act.note("approval.given" if is_approved else "approval.refused", subject=f"approval:{approval_id}")


def _area_of(lines: Sequence[Line], *, otherwise: str) -> str:
    """The area that a plan's lines name themselves; nobody decides by claiming to stand elsewhere."""
    return str(lines[0].get("area_path", otherwise)) if lines else otherwise
