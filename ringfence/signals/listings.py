"""The lists of what starts a response: signals, cases, and what the duties noticed (policy 2.2, 7.2)."""

from ringfence.store import Filter, Listing
from ringfence.terms import (
    Classification,
    Reason,
    SignalKind,
    SignalStatus,
    SubjectKind,
    calendar_day,
    from_us,
)

SIGNALS = Listing(
    name="signals",
    table="signal",
    columns={
        "signal_id": int,
        "kind": SignalKind,
        "subject_kind": SubjectKind,
        "subject_key": str,
        "disease": str,
        "area_path": str,
        "status": SignalStatus,
        "reason": Reason.from_json,
        "case_id": int,
        "raised_by": str,
        "raised_at": from_us,
        "decided_by": str,
        "decided_at": from_us,
        "responded_at": from_us,
    },
    sorts={"raised_at": ("raised_at", "signal_id")},
    may_lack=frozenset({"case_id", "decided_by", "decided_at", "responded_at"}),
    usual_sort="-raised_at",
    filters={
        "waiting": Filter("status in ('raised', 'verified')", bool),
        "status": Filter.same("status", SignalStatus),
        "kind": Filter.same("kind", SignalKind),
        "disease": Filter.same("disease"),
        "raised_since": Filter.since("raised_at"),
    },
)
"""What may be an outbreak, the newest first."""

CASES = Listing(
    name="cases",
    table="case_episode",
    columns={
        "case_id": int,
        "case_key": str,
        "person_no": int,
        "disease": str,
        "episode": int,
        "classification": Classification,
        "onset_day": calendar_day,
        "sampled_at": from_us,
        "reported_at": from_us,
        "isolated_at": from_us,
        "is_imported": bool,
        "area_path": str,
    },
    sorts={"reported_at": ("reported_at", "case_id")},
    may_lack=frozenset({"case_key", "onset_day", "sampled_at", "isolated_at"}),
    usual_sort="-reported_at",
    filters={
        "disease": Filter.same("disease"),
        "classification": Filter.same("classification", Classification),
        "person": Filter.same("person_no", int),
        "reported_since": Filter.since("reported_at"),
    },
)
"""Cases as episodes, the last reported first."""

OBSERVATIONS = Listing(
    name="observations",
    table="observation",
    columns={
        "observation_id": int,
        "subject_kind": SubjectKind,
        "subject_key": str,
        "reason": Reason.from_json,
        "observed_at": from_us,
        "area_path": str,
        "signal_id": int,
    },
    sorts={"observed_at": ("observed_at", "observation_id")},
    may_lack=frozenset({"signal_id"}),
    usual_sort="-observed_at",
    filters={
        "subject_kind": Filter.same("subject_kind", SubjectKind),
        "observed_since": Filter.since("observed_at"),
    },
)
"""What the duties noticed, the newest first."""
