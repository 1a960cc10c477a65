"""Check-ins to visits: cut at every local midnight and keyed by day and place (policy 2.2)."""

from datetime import timedelta

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from ringfence.feeds.known import Known
from ringfence.feeds.records.midnights import split_at_midnights
from ringfence.feeds.records.provenance import Provenance, check_persons
from ringfence.feeds.wall_times import SECOND_US
from ringfence.terms import CELL_BITS, Clock, RecordKind


def build_visits(
    accepted: pa.Table,
    *,
    persons: pa.Array,
    known: Known,
    clock: Clock,
    assumed_stay: timedelta,
    source: int,
    provenance: Provenance,
) -> pa.Table:
    """Visit records, one a check-in and local day, with the line of their check-in.

    Who did not check out is taken to have stayed `assumed_stay`; `source` is the number of the feed.
    """
    check_persons(accepted, persons)
    enter = np.asarray(accepted["entered_at"]) // SECOND_US
    assumed = pc.add(accepted["entered_at"], int(assumed_stay.total_seconds()) * SECOND_US)
    leave = np.asarray(pc.coalesce(accepted["left_at"], assumed)) // SECOND_US
    check_in, day, enter_s, stay_s = split_at_midnights(enter, leave, clock=clock)
    place_no = np.asarray(_place_numbers(accepted, known))
    return provenance.records(
        RecordKind.VISIT,
        {
            "cell": pa.array((day << CELL_BITS) | place_no[check_in]),
            "person": persons.take(pa.array(check_in)),
            "enter_s": pa.array(enter_s),
            "stay_s": pa.array(stay_s),
            "source": pa.repeat(source, check_in.size),
        },
        rows=accepted["row"].take(pa.array(check_in)),
    )


def _place_numbers(accepted: pa.Table, known: Known) -> pa.Array:
    places = known.places
    found = pc.index_in(accepted["place_id"], value_set=places["place_id"].combine_chunks())
    return places["place_no"].combine_chunks().take(found.combine_chunks())
