"""Case routes to route points: day precision, under the person of the case (policy 2.2)."""

import pyarrow as pa
import pyarrow.compute as pc

from ringfence.feeds.known import Known
from ringfence.feeds.records.provenance import Provenance
from ringfence.terms import RecordKind


def build_route_points(accepted: pa.Table, *, known: Known, provenance: Provenance) -> pa.Table:
    """Route point records, one a row."""
    cases = known.cases
    found = pc.index_in(accepted["case_id"], value_set=cases["case_key"].combine_chunks())
    taken_over = ("longitude", "latitude", "precision_m", "place_kind")
    return provenance.records(
        RecordKind.ROUTE_POINT,
        {
            "person": cases["person_no"].combine_chunks().take(found.combine_chunks()),
            "day": accepted["date"].cast(pa.int32()),
            **{name: accepted[name] for name in taken_over},
        },
        rows=accepted["row"],
    )
