"""What sentinels counted, as records (policy 4.1)."""

import pyarrow as pa

from ringfence.feeds.records.provenance import Provenance
from ringfence.terms import RecordKind


def build_counts(accepted: pa.Table, *, provenance: Provenance) -> pa.Table:
    """Count records, one a row; the newest report of a site, day and syndrome is what holds."""
    return provenance.records(
        RecordKind.COUNT,
        {
            "site": accepted["site_id"],
            "day": accepted["date"].cast(pa.int32()),
            "syndrome": accepted["syndrome"],
            "n": accepted["count"],
            "reported_at": accepted["reported_at"],
        },
        rows=accepted["row"],
    )
