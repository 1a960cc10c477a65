"""The list of a ring: who and what a signal exposed, as the day's list ranks them (policy 2.2, 2.3)."""

from ringfence.store import Filter, Listing
from ringfence.terms import Ring, SubjectKind, calendar_day

SIGNAL_EXPOSURES = Listing(
    name="exposures",
    table="exposure",
    columns={
        "exposure_id": int,
        "signal_id": int,
        "subject_kind": SubjectKind,
        "subject_key": str,
        "ring": Ring,
        "rank_no": int,
        "weight": float,
        "minutes": int,
        "first_day": calendar_day,
        "last_day": calendar_day,
        "area_path": str,
        "status": str,
    },
    sorts={"rank": ("rank_no", "exposure_id"), "weight": ("weight", "exposure_id")},
    usual_sort="rank",
    filters={
        "signal": Filter.same("signal_id", int),
        "status": Filter.same("status"),
        "ring": Filter.same("ring", int),
    },
    needed=frozenset({"signal"}),
)
"""The exposures of one signal: listed, below the cut, or retracted. `rank_no` is 0 for whoever was on no list yet."""
