"""What sentinels counted becomes records (policy 4.1)."""

import pyarrow as pa

from ringfence.feeds import Feed, build_counts
from ringfence.intake.arrivals import Arrival, Effects
from ringfence.terms import RecordKind

CELL = ("site_id", "date", "syndrome", "reported_at")


def take_in(arrival: Arrival) -> Effects:
    """Counts for the lake; those that words bring together (drugs of a class, codes of a site) as their sum."""
    rows = add_up(arrival.rows) if _brings_together(arrival.feed) else arrival.rows
    return Effects(records={RecordKind.COUNT: build_counts(rows, provenance=arrival.provenance)})


def _brings_together(feed: Feed) -> bool:
    """Whether several of a department's words stand for one of ours."""
    words = [list(feed.words.get(name, {}).values()) for name in ("site_id", "syndrome")]
    return any(len(set(ours)) < len(ours) for ours in words)


def add_up(rows: pa.Table) -> pa.Table:
    """One row for each site, day, syndrome and time of report, on the first line that tells of it."""
    added = rows.group_by(list(CELL), use_threads=False).aggregate([("count", "sum"), ("row", "min")])
    named = {"count_sum": "count", "row_min": "row"}
    return added.rename_columns([named.get(name, name) for name in added.column_names]).select(rows.column_names)
