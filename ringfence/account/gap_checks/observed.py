"""What the duties observed and what stands for a gap: only account makes a finding of an observation (policy 7.2)."""

from ringfence.account.gap import Gap, above, area_subject
from ringfence.account.period import Period
from ringfence.store import Act
from ringfence.terms import Reason, ReasonCode, Subject, SubjectKind, from_us

# An observation that raised a signal is answered by the response to it.
OBSERVED = """
select subject_kind, subject_key, area_path, reason, max(observed_at) as observed_at
from observation
where signal_id is null and observed_at < :until
group by subject_kind, subject_key, area_path, reason
order by observed_at, subject_kind, subject_key, reason
"""

CLAUSES = {
    ReasonCode.NO_OWNER_ON_DUTY: "7.1",
    ReasonCode.LOST_TO_FOLLOW_UP: "2.3",
    ReasonCode.CANARY_LOOKED_AT: "6.4",
    ReasonCode.LOOK_NOT_JUSTIFIED: "6.4",
}
"""Which reasons stand for a gap, and the clause that asks for it to be closed."""


def check(act: Act, period: Period) -> list[Gap]:
    """One gap a subject and reason, as last observed; what was observed of a person is a gap of the area."""
    gaps = []
    for row in act.rows(OBSERVED, until=period.until):
        reason = Reason.from_json(row.reason)
        if reason.code in CLAUSES:
            is_of_person = row.subject_kind == SubjectKind.PERSON
            subject = Subject(SubjectKind(row.subject_kind), row.subject_key)
            gaps.append(
                Gap(
                    subject=area_subject(row.area_path) if is_of_person else subject,
                    clause=CLAUSES[reason.code],
                    reason=reason,
                    area_path=row.area_path,
                    seen_at=from_us(row.observed_at),
                    owner_path=above(row.area_path) if subject.kind is SubjectKind.AREA else "",
                )
            )
    return gaps
