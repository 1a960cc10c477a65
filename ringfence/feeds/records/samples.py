"""Laboratory results to sample records, to tubes with their members, and to single persons' results (policy 2.4)."""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from ringfence.feeds.formats.laboratory_results import Result
from ringfence.feeds.records.provenance import Provenance, check_persons
from ringfence.feeds.wall_times import SECOND_US
from ringfence.terms import Clock, RecordKind, SubjectKind

POOLS = pa.schema(
    [
        ("pool_id", pa.string()),
        ("day", pa.int32()),
        ("taken_at", pa.int64()),
        ("reported_at", pa.int64()),
        ("result", pa.string()),
        ("rows", pa.list_(pa.int32())),
        ("persons", pa.list_(pa.int64())),
    ]
)
"""Tubes: day of sampling, first taken and last reported, the gravest result of any member's line, and the members by
line and number. Laboratories number their tubes anew, so one number on two days is two tubes.
"""

RESULTS = pa.schema(
    [
        ("row", pa.int32()),
        ("sample_id", pa.string()),
        ("person", pa.int64()),
        ("taken_at", pa.int64()),
        ("reported_at", pa.int64()),
        ("test", pa.string()),
        ("result", pa.string()),
    ]
)
"""Results of samples that are one person's alone."""

_GRAVEST_LAST = pa.array([Result.NOT_DONE, Result.NEGATIVE, Result.PENDING, Result.INDETERMINATE, Result.POSITIVE])
"""A tube whose lines disagree is what its gravest line says: nobody is let go because of a slip in another line."""


def build_samples(accepted: pa.Table, *, persons: pa.Array, clock: Clock, provenance: Provenance) -> pa.Table:
    """Sample records, one a row; their day is that of the sampling."""
    check_persons(accepted, persons)
    days, _ = clock.days_and_seconds(np.asarray(accepted["taken_at"]) // SECOND_US)
    taken_over = ("taken_at", "reported_at", "test", "result", "laboratory")
    return provenance.records(
        RecordKind.SAMPLE,
        {
            "subject_kind": pa.repeat(SubjectKind.PERSON.value, accepted.num_rows),
            "subject": persons,
            "pool": accepted["pool_id"],
            "day": pa.array(days),
            **{name: accepted[name] for name in taken_over},
        },
        rows=accepted["row"],
    )


def build_pools(accepted: pa.Table, *, persons: pa.Array, clock: Clock) -> pa.Table:
    """The tubes among the rows (schema POOLS), in order of appearance."""
    check_persons(accepted, persons)
    gravity = pc.index_in(accepted["result"], value_set=_GRAVEST_LAST)
    days, _ = clock.days_and_seconds(np.asarray(accepted["taken_at"]) // SECOND_US)
    members = accepted.append_column("person", persons).append_column("gravity", gravity)
    members = members.append_column("day", pa.array(days, pa.int32()))
    members = members.filter(pc.not_equal(members["pool_id"], ""))
    asked = [("taken_at", "min"), ("reported_at", "max"), ("gravity", "max"), ("row", "list"), ("person", "list")]
    pools = members.group_by(["pool_id", "day"], use_threads=False).aggregate(asked)
    columns = [
        pools["pool_id"],
        pools["day"],
        pools["taken_at_min"],
        pools["reported_at_max"],
        _GRAVEST_LAST.take(pools["gravity_max"].combine_chunks()),
        pools["row_list"],
        pools["person_list"],
    ]
    return pa.table(columns, names=POOLS.names).cast(POOLS)


def build_results(accepted: pa.Table, *, persons: pa.Array) -> pa.Table:
    """The single results among the rows (schema RESULTS), in their order."""
    check_persons(accepted, persons)
    results = accepted.append_column("person", persons)
    return results.filter(pc.equal(results["pool_id"], "")).select(RESULTS.names).cast(RESULTS)
