"""Taking back single exposures that somebody contested with good reason, for good (policy 2.6)."""

from collections.abc import Sequence

import pyarrow as pa

from ringfence.store import Act
from ringfence.terms import Reason, to_us

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


def leave_out_upheld(act: Act, exposed: pa.Table, *, signals: Sequence[int]) -> pa.Table:
    """The exposures of a trace without those a dispute has taken back: what was wrong once is not found again."""
    upheld = {(row.signal_id, row.subject_kind, int(row.subject_key)) for row in act.rows_among(UPHELD, signals)}
    if not upheld:
        return exposed
    keys = zip(*(exposed[name].to_pylist() for name in ("signal", "subject_kind", "subject")), strict=True)
    return exposed.filter(pa.array([key not in upheld for key in keys], pa.bool_()))
