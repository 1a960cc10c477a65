"""What became of the signals of sentinels: verified or dismissed, and how fast, site by site (policy 4.2, 4.4)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from ringfence.store import Desk, Scope
from ringfence.terms import Clock, Reason, SignalKind, SignalStatus, day_number, from_us

ANSWERS = """
select signal_id, kind, subject_key, disease, status, reason, raised_at, decided_at, responded_at
from visible_signal
where kind in ('aberration', 'silent_sentinel') and subject_kind = 'site' and raised_at >= :since
order by raised_at desc, signal_id desc
"""

DAY_S = 86_400


@dataclass(frozen=True, kw_only=True)
class Answer:
    """A sentinel's signal and its three clocks in days: seen after it was counted, decided, responded to.

    7-1-7: Frieden, Lee, Bochner, Buissonnière & McClelland (2021), Lancet 398:638. None for what has not happened, and
    for a silence, which nobody counted.
    """

    signal_id: int
    kind: SignalKind
    site_id: str
    syndrome: str
    status: SignalStatus
    reason: Reason
    detected_days: int | None
    decided_days: float | None
    responded_days: float | None


def read_answers(desk: Desk, *, scope: Scope, since_us: int, clock: Clock) -> list[Answer]:
    """The signals of sentinels in the reader's areas since an instant (microseconds), newest first."""
    return [_answer(row._asdict(), clock) for row in desk.rows(ANSWERS, scope=scope, since=since_us)]


def _answer(row: Mapping[str, object], clock: Clock) -> Answer:
    reason = Reason.from_json(str(row["reason"]))
    raised = from_us(int(str(row["raised_at"])))
    counted = reason.values.get("day")
    return Answer(
        signal_id=int(str(row["signal_id"])),
        kind=SignalKind(str(row["kind"])),
        site_id=str(row["subject_key"]),
        syndrome=str(row["disease"]),
        status=SignalStatus(str(row["status"])),
        reason=reason,
        detected_days=clock.day_of(raised) - day_number(date.fromisoformat(str(counted))) if counted else None,
        decided_days=_days(row["raised_at"], row["decided_at"]),
        responded_days=_days(row["raised_at"], row["responded_at"]),
    )


def _days(begun: object, done: object) -> float | None:
    if done is None:
        return None
    return (from_us(int(str(done))) - from_us(int(str(begun)))).total_seconds() / DAY_S
