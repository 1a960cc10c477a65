"""The human answer to a dispute, and what becomes of one that nobody gave in time (policy 2.6).

Whoever signed or asked cannot answer. Upheld, everything the thing justified is released, and wrong links are undone:
rows move with the alias, in every copy at once. Unanswered when the clock runs out, the dispute rises and the orders
are suspended: a superior outside the unit answers, and only that superior's signature brings them back.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from ringfence.access import check_can, check_is_superior
from ringfence.errors import ApprovalMissing, InputRefused, TransitionRefused
from ringfence.link import deny_aliases
from ringfence.policy import Permission, Policy
from ringfence.store import Act, Store, find_members
from ringfence.terms import (
    DISPUTE_NEXT,
    ContestedKind,
    Dispute,
    DisputeStatus,
    Reason,
    ReasonCode,
    SubjectKind,
    to_us,
)
from ringfence.trace import retract_some
from ringfence.work.dispute_reach import Reach, find_reach, find_through
from ringfence.work.dispute_rows import read_dispute
from ringfence.work.follow_up import revise_follow_up
from ringfence.work.orders import release_for_signal
from ringfence.work.orders_disputed import keep_orders, release_disputed, suspend_orders
from ringfence.work.task_life import withdraw_for_signal, withdraw_task

ANSWER = """
update dispute set status = :status, answered_by = :actor, answered_at = :now
where dispute_id = :dispute_id and status = :before
"""

RISE = """
update dispute set status = 'risen', risen_at = :now where dispute_id = :dispute_id and status = 'raised'
"""

UNANSWERED = "select dispute_id from dispute where status = 'raised' and due_at <= :now order by dispute_id"


@dataclass(frozen=True, kw_only=True)
class Answered:
    """What an answer came to: orders ended, tasks withdrawn, and the signals whose rings are to be drawn again."""

    dispute: Dispute
    orders: tuple[int, ...] = ()
    tasks: tuple[int, ...] = ()
    signals: tuple[int, ...] = ()


def uphold_dispute(
    act: Act,
    dispute_id: int,
    *,
    wrong_aliases: Sequence[int] = (),
    is_link_wrong: bool = False,
    policy: Policy,
    store: Store,
) -> Answered:
    """Whoever contests is right: what the thing justified is released now, and what led through them to others.

    `wrong_aliases` are the links that made somebody else's rows theirs; each is undone, so that every copy is
    corrected. `is_link_wrong` says that rows were separated from them already. InputRefused for an alias that leads to
    somebody else, ApprovalMissing for who decided the thing.
    """
    dispute, reach = _check_answer(act, dispute_id, DisputeStatus.UPHELD)
    _undo_aliases(act, dispute, wrong_aliases)
    is_link_wrong = is_link_wrong or bool(wrong_aliases)
    released = _release(act, dispute, reach, is_link_wrong=is_link_wrong, policy=policy, store=store)
    _answer(act, dispute, DisputeStatus.UPHELD)
    return replace(released, dispute=read_dispute(act, dispute_id))


def release_contested(act: Act, dispute_id: int, *, is_link_wrong: bool, policy: Policy, store: Store) -> Answered:
    """End what the contested thing justified, and what led through the person to others, before anybody answered.

    The dispute stays as it is. The caller has seen to it that whoever says so may.
    """
    dispute = read_dispute(act, dispute_id)
    reach = find_reach(act, dispute.contested)
    return _release(act, dispute, reach, is_link_wrong=is_link_wrong, policy=policy, store=store)


def read_contested_exposures(act: Act, dispute: Dispute) -> list[int]:
    """The exposures that a dispute is about."""
    return [row.exposure_id for row in find_reach(act, dispute.contested).exposures]


def check_may_uphold(act: Act, dispute_id: int) -> Dispute:
    """The dispute, for what has to be done before it is upheld; refused as `uphold_dispute` would refuse it."""
    dispute, _ = _check_answer(act, dispute_id, DisputeStatus.UPHELD)
    act.note("dispute.answering", subject=f"dispute:{dispute_id}")
    return dispute


def reject_dispute(act: Act, dispute_id: int) -> Answered:
    """The thing was right: it holds again as it was. Given late, the answer signs its orders again."""
    dispute, reach = _check_answer(act, dispute_id, DisputeStatus.REJECTED)
    orders = [row.order_id for row in reach.orders]
    if orders and _is_late(dispute, now=act.now):
        check_can(act, Permission.ORDER_SIGN, area_path=dispute.area_path)
        suspend_orders(act, orders)  # what stands by its old signature until somebody marks it
    kept = keep_orders(act, orders)
    _answer(act, dispute, DisputeStatus.REJECTED)
    return Answered(dispute=read_dispute(act, dispute_id), orders=tuple(kept))


def raise_unanswered(act: Act) -> list[int]:
    """Let every dispute rise whose answer is overdue, and suspend the orders it is about; the disputes' numbers."""
    overdue = [row.dispute_id for row in act.rows(UNANSWERED, now=to_us(act.now))]
    if not overdue:
        return []
    for dispute_id in overdue:
        reach = find_reach(act, read_dispute(act, dispute_id).contested)
        suspend_orders(act, [row.order_id for row in reach.orders])
    act.run_many(RISE, [{"dispute_id": dispute_id, "now": to_us(act.now)} for dispute_id in overdue])
    act.note("disputes.risen", count=len(overdue), ids=overdue)
    return overdue


def _check_answer(act: Act, dispute_id: int, status: DisputeStatus) -> tuple[Dispute, Reach]:
    dispute = read_dispute(act, dispute_id)
    check_can(act, Permission.DISPUTE_ANSWER, area_path=dispute.area_path)
    if status not in DISPUTE_NEXT[dispute.status]:
        raise TransitionRefused(
            "dispute {dispute_id} is {found}; from there it cannot become {wanted}",
            dispute_id=dispute_id,
            found=dispute.status,
            wanted=status,
        )
    reach = find_reach(act, dispute.contested)
    if act.actor.actor_id in reach.deciders:
        raise ApprovalMissing(
            "who decided what dispute {dispute_id} is about cannot answer it; ask somebody else", dispute_id=dispute_id
        )
    if _is_late(dispute, now=act.now):
        for decider in sorted(reach.deciders):
            check_is_superior(act, Permission.DISPUTE_ANSWER, of=decider, area_path=dispute.area_path)
    return dispute, reach


def _is_late(dispute: Dispute, *, now: datetime) -> bool:
    return dispute.status is DisputeStatus.RISEN or now >= dispute.due_at


def _answer(act: Act, dispute: Dispute, status: DisputeStatus) -> None:
    number = dispute.dispute_id
    step = {"status": status, "before": dispute.status, "actor": act.actor.actor_id, "now": to_us(act.now)}
    if not act.run(ANSWER, dispute_id=number, **step):
        raise TransitionRefused("dispute {dispute_id} was answered just now; look at it again", dispute_id=number)
    act.note(f"dispute.{status}", subject=f"dispute:{number}", about=str(dispute.contested))


def _release(
    act: Act, dispute: Dispute, reach: Reach, *, is_link_wrong: bool, policy: Policy, store: Store
) -> Answered:
    # What a wrong link made of somebody may be found anew of the right person; what was wrong itself, never again.
    code = ReasonCode.LINK_UNDONE if is_link_wrong else ReasonCode.DISPUTE_UPHELD
    reason = Reason.of(code, dispute=dispute.dispute_id)
    signals = sorted({row.signal_id for row in reach.exposures})
    retract_some(act, [row.exposure_id for row in reach.exposures], reason=reason)
    retract_some(act, find_through(act, dispute.subject, signals=signals), reason=Reason.of(ReasonCode.NO_LONGER_FOUND))
    ended = release_disputed(act, [row.order_id for row in reach.orders], reason=reason)
    withdrawn: list[int] = []
    for signal_id in signals:
        ended += release_for_signal(act, signal_id)
        revise_follow_up(act, signal_id, policy=policy)
        withdrawn += withdraw_for_signal(act, signal_id, store=store)
    if dispute.contested.kind is ContestedKind.TASK:
        withdraw_task(act, dispute.contested.number, store=store)
    return Answered(dispute=dispute, orders=tuple(ended), tasks=tuple(withdrawn), signals=tuple(signals))


def _undo_aliases(act: Act, dispute: Dispute, wrong_aliases: Sequence[int]) -> None:
    """Undo links that lead to whom a dispute is about; InputRefused for one that leads to somebody else."""
    is_of_person = dispute.subject.kind is SubjectKind.PERSON
    own = find_members(act, int(dispute.subject.key)) if is_of_person else {}
    for alias_no in wrong_aliases:
        if alias_no not in own:
            raise InputRefused(
                "alias {alias_no} does not lead to whom dispute {dispute_id} is about; name one that does",
                alias_no=alias_no,
                dispute_id=dispute.dispute_id,
            )
    if wrong_aliases:
        deny_aliases(act, wrong_aliases, denied_by=dispute.dispute_id)
