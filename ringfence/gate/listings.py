"""The list of what gates reported upward (policy 1.3)."""

from ringfence.store import Filter, Listing
from ringfence.terms import from_us

ARRIVAL_REPORTS = Listing(
    name="arrival-reports",
    table="arrival_report",
    columns={
        "report_id": int,
        "gate": int,
        "from_at": from_us,
        "to_at": from_us,
        "passages": int,
        "people": int,
        "admitted": int,
        "emergencies": int,
        "not_admitted": int,
        "late": int,
        "area_path": str,
        "recorded_at": from_us,
    },
    sorts={"from_at": ("from_at", "report_id")},
    usual_sort="-from_at",
    filters={"gate": Filter.same("gate", int), "since": Filter.since("from_at"), "before": Filter.before("from_at")},
)
"""What gates reported upward, the newest period first."""
