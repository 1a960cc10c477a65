"""The lists of account: findings and scorecards (policy 7.2, 7.3)."""

from ringfence.store import Filter, Listing
from ringfence.terms import FindingStatus, Reason, SubjectKind, from_us

FINDINGS = Listing(
    name="findings",
    table="finding",
    columns={
        "finding_id": int,
        "subject_kind": SubjectKind,
        "subject_key": str,
        "clause": str,
        "reason": Reason.from_json,
        "owner": str,
        "area_path": str,
        "status": FindingStatus,
        "opened_at": from_us,
        "due_at": from_us,
        "closed_at": from_us,
    },
    sorts={"due_at": ("due_at", "finding_id")},
    may_lack=frozenset({"closed_at"}),
    usual_sort="due_at",
    filters={
        "waiting": Filter("status <> 'proven'", bool),
        "status": Filter.same("status", FindingStatus),
        "clause": Filter.same("clause"),
        "owner": Filter.same("owner"),
    },
)
"""Gaps with their owners, the next to be late first."""
