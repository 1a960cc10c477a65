"""A signal's life: raised, then verified, dismissed or withdrawn by somebody with a reason (policy 2.2).

Every decision stays on record. The signal itself says when and by whom it was verified or dismissed, which a later
withdrawal leaves as it is. Raised again after a dismissal it waits for a decision and for a response like a new one.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from ringfence.access import check_can
from ringfence.errors import NotFound, TransitionRefused
from ringfence.policy import Permission
from ringfence.signals.pools import hold_members
from ringfence.store import Act, Desk, Scope
from ringfence.terms import (
    SIGNAL_NEXT,
    Reason,
    Signal,
    SignalKind,
    SignalStatus,
    Subject,
    SubjectKind,
    from_us,
    to_us,
)

INSERT_SIGNAL = """
insert into signal (kind, subject_kind, subject_key, disease, area_path, status, reason, origin, case_id, raised_by,
    raised_at, batch_no, row_no, recorded_at)
values (:kind, :subject_kind, :subject_key, :disease, :area_path, :status, :reason, :origin, :case_id, :raised_by,
    :raised_at, :batch_no, :row_no, :raised_at)
on conflict (origin) do nothing
"""

COLUMNS_OF_SIGNAL = """
select signal_id, kind, subject_kind, subject_key, disease, area_path, status, raised_at, raised_by, case_id,
    responded_at
"""

SIGNAL_BY_ORIGIN = COLUMNS_OF_SIGNAL + "from signal where origin = :origin"

SIGNAL_BY_ID = COLUMNS_OF_SIGNAL + "from signal where signal_id = :signal_id"

VISIBLE_SIGNALS = COLUMNS_OF_SIGNAL + "from visible_signal order by raised_at desc, signal_id desc"

DECIDE_SIGNAL = """
update signal set status = :status, decision = :decision, decided_by = :decided_by, decided_at = :decided_at
where signal_id = :signal_id and status = :before
"""

WITHDRAW_SIGNAL = """
update signal set status = 'withdrawn', withdrawn_at = :decided_at where signal_id = :signal_id and status = :before
"""

REOPEN_SIGNAL = """
update signal set status = 'raised', decision = null, decided_by = null, decided_at = null, responded_at = null
where signal_id = :signal_id and status = :before
"""

KEEP_DECISION = """
insert into signal_decision (signal_id, decision_no, status, reason, decided_by, decided_at)
select :signal_id, count(*) + 1, :status, :decision, :decided_by, :decided_at
from signal_decision where signal_id = :signal_id
"""

DECISIONS = """
select status, reason, decided_by, decided_at from signal_decision where signal_id = :signal_id order by decision_no
"""

MARK_RESPONDED = "update signal set responded_at = :now where signal_id = :signal_id and responded_at is null"

_STEPS = {
    SignalStatus.RAISED: REOPEN_SIGNAL,
    SignalStatus.VERIFIED: DECIDE_SIGNAL,
    SignalStatus.DISMISSED: DECIDE_SIGNAL,
    SignalStatus.WITHDRAWN: WITHDRAW_SIGNAL,
}

_PERMISSIONS = {
    SignalStatus.RAISED: Permission.SIGNAL_RAISE,
    SignalStatus.VERIFIED: Permission.SIGNAL_VERIFY,
    SignalStatus.DISMISSED: Permission.SIGNAL_DISMISS,
    SignalStatus.WITHDRAWN: Permission.SIGNAL_WITHDRAW,
}


@dataclass(frozen=True, kw_only=True)
class Decision:
    """What somebody decided about a signal: what it became, why, by whom and when."""

    status: SignalStatus
    reason: Reason
    decided_by: str
    decided_at: datetime


def raise_signal(
    act: Act,
    *,
    kind: SignalKind,
    subject: Subject,
    disease: str,
    area_path: str,
    reason: Reason,
    origin: str,
    case_id: int | None = None,
    batch_no: int | None = None,
    row_no: int | None = None,
) -> Signal:
    """The signal from an origin: raised now, or the one that was raised from it before.

    `origin` says where it came from (`batch:7:row:12`, `call:...`): the same origin never raises two signals.
    """
    check_can(act, Permission.SIGNAL_RAISE, area_path=area_path)
    is_new = act.run(
        INSERT_SIGNAL,
        kind=kind,
        subject_kind=subject.kind,
        subject_key=subject.key,
        disease=disease,
        area_path=area_path,
        status=SignalStatus.RAISED,
        reason=reason.to_json(),
        origin=origin,
        case_id=case_id,
        raised_by=act.actor.actor_id,
        raised_at=to_us(act.now),
        batch_no=batch_no,
        row_no=row_no,
    )
    [row] = act.rows(SIGNAL_BY_ORIGIN, origin=origin)
    act.note("signal.raised" if is_new else "signal.known", subject=f"signal:{row.signal_id}", kind=kind, origin=origin)
    return _signal(row)


def verify_signal(act: Act, signal_id: int, *, reason: Reason) -> Signal:
    """The signal is real: from here on there may be a response."""
    return _decide(act, signal_id, SignalStatus.VERIFIED, reason)


def dismiss_signal(act: Act, signal_id: int, *, reason: Reason) -> Signal:
    """The signal is not real; it stays on record with the reason, and nobody is held because of it any more."""
    return _decide(act, signal_id, SignalStatus.DISMISSED, reason)


def withdraw_signal(act: Act, signal_id: int, *, reason: Reason) -> Signal:
    """The signal turned out wrong after it was verified; what only it justified is to be released."""
    return _decide(act, signal_id, SignalStatus.WITHDRAWN, reason)


def reopen_signal(act: Act, signal_id: int, *, reason: Reason) -> Signal:
    """New evidence on something dismissed: who was held because of it is held again."""
    return _decide(act, signal_id, SignalStatus.RAISED, reason)


def read_decisions(act: Act, signal_id: int) -> list[Decision]:
    """Everything that was decided about a signal, in order."""
    return [
        Decision(
            status=SignalStatus(row.status),
            reason=Reason.from_json(row.reason),
            decided_by=row.decided_by,
            decided_at=from_us(row.decided_at),
        )
        for row in act.rows(DECISIONS, signal_id=signal_id)
    ]


def mark_responded(act: Act, signal_ids: Sequence[int]) -> None:
    """Say that signals were responded to now; the first time counts."""
    act.run_many(MARK_RESPONDED, [{"signal_id": signal_id, "now": to_us(act.now)} for signal_id in signal_ids])
    act.note("signals.responded", count=len(signal_ids))


def read_signal(act: Act, signal_id: int) -> Signal:
    """A signal by number; NotFound when there is none."""
    rows = act.rows(SIGNAL_BY_ID, signal_id=signal_id)
    if not rows:
        raise NotFound("there is no signal {signal_id}; `ringfence signal list` shows yours", signal_id=signal_id)
    return _signal(rows[0])


def read_by_origin(act: Act, origin: str) -> Signal | None:
    """The signal that was raised from an origin; None where nothing was."""
    rows = act.rows(SIGNAL_BY_ORIGIN, origin=origin)
    return _signal(rows[0]) if rows else None


def list_signals(desk: Desk, *, scope: Scope) -> list[Signal]:
    """The signals of the reader's areas, newest first."""
    return [_signal(row) for row in desk.rows(VISIBLE_SIGNALS, scope=scope)]


def _decide(act: Act, signal_id: int, status: SignalStatus, reason: Reason) -> Signal:
    signal = read_signal(act, signal_id)
    check_can(act, _PERMISSIONS[status], area_path=signal.area_path)
    if status not in SIGNAL_NEXT[signal.status]:
        raise TransitionRefused(
            "signal {signal_id} is {found}; from there it cannot become {wanted}",
            signal_id=signal_id,
            found=signal.status,
            wanted=status,
        )
    decided: dict[str, object] = {
        "signal_id": signal_id,
        "status": status,
        "decision": reason.to_json(),
        "decided_by": act.actor.actor_id,
        "decided_at": to_us(act.now),
    }
    act.run(_STEPS[status], before=signal.status, **decided)
    act.run(KEEP_DECISION, **decided)
    if signal.kind is SignalKind.POSITIVE_POOL:
        hold_members(act, signal.subject.key, is_held=status in {SignalStatus.RAISED, SignalStatus.VERIFIED})
    act.note(f"signal.{status}", subject=f"signal:{signal_id}", reason=reason.code)
    return read_signal(act, signal_id)


def _signal(row: object) -> Signal:
    fields = row._asdict()  # type: ignore[attr-defined]
    return Signal(
        signal_id=fields["signal_id"],
        kind=SignalKind(fields["kind"]),
        subject=Subject(SubjectKind(fields["subject_kind"]), fields["subject_key"]),
        disease=fields["disease"],
        area_path=fields["area_path"],
        status=SignalStatus(fields["status"]),
        raised_at=from_us(fields["raised_at"]),
        raised_by=fields["raised_by"],
        case_id=fields["case_id"],
        responded_at=None if fields["responded_at"] is None else from_us(fields["responded_at"]),
    )
