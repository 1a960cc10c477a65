"""Taking back single exposures that somebody contested with good reason, for good (policy 2.6)."""

from collections.abc import Sequence

import pyarrow as pa

from ringfence.store import Act
from ringfence.terms import Reason, SubjectKind, to_us

RETRACT = """
update exposure set status = 'retracted', reason = :reason, recorded_at = :now
where exposure_id = :exposure_id and status <> 'retracted'
"""

UPHELD = """
select signal_id, subject_kind, subject_key from exposure
where signal_id in :among and status = 'retracted' and reason like '{"code":"dispute_upheld"%'
order by exposure_id
"""


def retract_some(act: Act, exposure_ids: Sequence[int], *, reason: Reason) -> None:
    """Take back some exposures; what only they justified is to be released by the caller."""
    now = to_us(act.now)
    act.run_many(RETRACT, [{"exposure_id": number, "reason": reason.to_json(), "now": now} for number in exposure_ids])
    act.note("exposures.retracted", count=len(exposure_ids), ids=exposure_ids, reason=reason.code)


def leave_out_upheld(act: Act, exposed: pa.Table, reasons: pa.Table, *, signals: Sequence[int]) -> pa.Table:
    """The exposures of a trace without those a dispute has taken back, and without whom only they led to.

    What was wrong once is not found again. `reasons` has the columns of REASONS.
    """
    upheld = {(row.signal_id, row.subject_kind, int(row.subject_key)) for row in act.rows_among(UPHELD, signals)}
    if not upheld:
        return exposed
    led_to = {key for key in _keys(reasons) if key not in upheld}
    kept = {key for key, source in zip(_keys(reasons), _sources(reasons), strict=True) if source not in upheld}
    gone = upheld | (led_to - kept)
    return exposed.filter(pa.array([key not in gone for key in _keys(exposed)], pa.bool_()))


def _keys(rows: pa.Table) -> list[tuple[int, str, int]]:
    return list(zip(*(rows[name].to_pylist() for name in ("signal", "subject_kind", "subject")), strict=True))


def _sources(reasons: pa.Table) -> list[tuple[int, str, int]]:
    """Through whom each reason leads."""
    pairs = zip(reasons["signal"].to_pylist(), reasons["source"].to_pylist(), strict=True)
    return [(signal, SubjectKind.PERSON.value, source) for signal, source in pairs]
