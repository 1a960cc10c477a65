"""Records that the lake has already are not put in twice: a corrected file may bring its sound rows again (2.1).

A row is known when everything it says is on record from a batch in force; where it came from does not count. Which
batches those are is kept: when one of them is withdrawn, the later file brings its rows after all, sent again.
"""

from collections.abc import Mapping

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

from ringfence.store import Act, Desk, Lake, days_of
from ringfence.terms import LAYOUTS, RecordKind, to_us

INSERT_OVERLAP = """
insert into batch_overlap (batch_no, earlier_no, record_count, recorded_at)
values (:batch_no, :earlier_no, :record_count, :recorded_at)
on conflict (batch_no, earlier_no) do nothing
"""

LEANS_ON_WITHDRAWN = """
select 1 as found
from batch_overlap o join batch b on b.batch_no = o.earlier_no
where o.batch_no = :batch_no and b.status = 'withdrawn'
limit 1
"""

LATER_BATCHES = """
select o.batch_no from batch_overlap o join batch b on b.batch_no = o.batch_no
where o.earlier_no = :batch_no and b.status = 'committed'
order by o.batch_no
"""

_PROVENANCE = frozenset({"batch", "row", "recorded_at"})

Overlap = Mapping[int, int]
"""How many records of a file each earlier batch had brought."""


def leave_out_known(
    lake: Lake, records: Mapping[RecordKind, pa.Table]
) -> tuple[dict[RecordKind, pa.Table], dict[int, int]]:
    """The records that are new, by kind, and how many others each earlier batch had brought."""
    new, overlap = {}, dict[int, int]()
    for kind, rows in records.items():
        new[kind], known = _leave_out(lake, kind, rows)
        for batch_no, count in known.items():
            overlap[batch_no] = overlap.get(batch_no, 0) + count
    return new, overlap


def put_overlap(act: Act, overlap: Overlap, *, batch_no: int) -> None:
    """Keep which earlier batches a batch leans on."""
    act.run_many(
        INSERT_OVERLAP,
        [
            {"batch_no": batch_no, "earlier_no": earlier, "record_count": count, "recorded_at": to_us(act.now)}
            for earlier, count in sorted(overlap.items())
        ],
    )
    if overlap:
        act.note("batch.overlaps", subject=f"batch:{batch_no}", count=sum(overlap.values()))


def leans_on_withdrawn(desk: Desk, batch_no: int) -> bool:
    """Whether a batch left records out that only a batch withdrawn since had brought."""
    return bool(desk.rows(LEANS_ON_WITHDRAWN, batch_no=batch_no))


def read_later_batches(desk: Desk, batch_no: int) -> list[int]:
    """The batches in force that left records out because this one had brought them."""
    return [row.batch_no for row in desk.rows(LATER_BATCHES, batch_no=batch_no)]


def _leave_out(lake: Lake, kind: RecordKind, rows: pa.Table) -> tuple[pa.Table, dict[int, int]]:
    if not rows.num_rows:
        return rows, {}
    days = days_of(kind, rows)
    bounds = {} if days is None else {"days": (pc.min(days).as_py(), pc.max(days).as_py())}
    files = lake.paths(kind, copy=LAYOUTS[kind].copies[0].name, **bounds)
    if not files:
        return rows, {}
    said = [name for name in LAYOUTS[kind].schema.names if name not in _PROVENANCE]
    alike = " and ".join(f"k.{name} is not distinct from a.{name}" for name in said)
    # Put together from declared columns only; a column of a kind is no input.
    statement = f"select a.place, min(k.batch) from arrived a join read_parquet($files) k on {alike} group by a.place"  # noqa: S608
    with duckdb.connect(":memory:", config={"temp_directory": ""}) as memory:
        memory.register("arrived", rows.select(said).append_column("place", pa.array(range(rows.num_rows))))
        known = memory.sql(statement, params={"files": files}).to_arrow_table()
    is_new = pc.invert(pc.is_in(pa.array(range(rows.num_rows)), value_set=known.column(0).combine_chunks()))
    counted = known.column(1).value_counts().to_pylist()
    return rows.filter(is_new), {one["values"]: one["counts"] for one in counted}
