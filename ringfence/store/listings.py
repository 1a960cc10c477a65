"""The lists of the stores themselves: what was received, and the ledger (policy 2.1, 6.4)."""

from ringfence.store.listing import Filter, Listing
from ringfence.terms import calendar_day, from_us

BATCHES = Listing(
    name="batches",
    table="batch",
    columns={
        "batch_no": int,
        "batch_id": str,
        "feed": str,
        "department": str,
        "purpose": str,
        "rows_accepted": int,
        "rows_rejected": int,
        "status": str,
        "retain_until_day": calendar_day,
        "received_by": str,
        "recorded_at": from_us,
    },
    sorts={"recorded_at": ("recorded_at", "batch_no")},
    may_lack=frozenset({"retain_until_day"}),
    usual_sort="-recorded_at",
    filters={"feed": Filter.same("feed"), "status": Filter.same("status")},
)
"""Files received, the newest first."""

LEDGER = Listing(
    name="ledger",
    table="ledger",
    columns={
        "chain": int,
        "seq": int,
        "recorded_at": from_us,
        "actor": str,
        "action": str,
        "purpose": str,
        "subject": str,
        "count": int,
        "details": str,
    },
    sorts={"recorded_at": ("recorded_at", "chain", "seq")},
    usual_sort="-recorded_at",
    filters={
        "actor": Filter.same("actor"),
        "action": Filter.same("action"),
        "purpose": Filter.same("purpose"),
        "subject": Filter.same("subject"),
        "recorded_since": Filter.since("recorded_at"),
        "recorded_before": Filter.before("recorded_at"),
    },
)
"""Who did and who looked, the newest first; the ids in the lines stay sealed."""
