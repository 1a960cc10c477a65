"""The trace sheet that a regulator asks for within a day: a row an event and thing, to be sorted (policy 3.2).

The columns are the key data elements of US FSMA 204 (21 CFR 1, subpart S) as far as events say them: lot and product,
quantity and unit, what happened where and when, from whom and to whom, and the event's own name as the reference.
"""

import csv
from datetime import datetime
from itertools import chain
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

from ringfence.coldchain.chain import ALWAYS
from ringfence.coldchain.tracing import Traced, Way, trace_lot
from ringfence.errors import InputRefused
from ringfence.feeds import write_workbook
from ringfence.store import Store
from ringfence.terms import Actor, RecordKind, to_us

SHEET = r"""
with told as (select * from read_parquet($events)),
wrong as (select event, event_id from told where is_declared_wrong),
standing as (
    select * from told
    where not is_declared_wrong and event not in (select event from wrong)
        and (event_id = '' or event_id not in (select event_id from wrong where event_id <> ''))
)
select distinct
    r.way as direction, s.event_at as happened_at, s.step as event, s.event_type as kind, m.part,
    regexp_extract(m.thing, '/01/(\d{14})', 1) as product, regexp_extract(m.thing, '/10/([^/]+)$', 1) as lot,
    regexp_extract(m.thing, '/(?:21|00)/([^/]+)$', 1) as serial, m.quantity, m.unit, s.place, s.source, s.destination,
    case when r.is_certain then 'certain' else 'possible' end as certainty, m.thing, s.event_hash as reference
from reached r
join read_parquet($movements) m on m.thing = r.thing and m.event_at between r.since and r.until
join standing s on s.event = m.event
order by direction desc, happened_at, thing, part
"""

SUFFIXES = (".csv", ".xlsx")
FORMULA = ("=", "+", "-", "@", "\t")


def write_trace_sheet(store: Store, lot: str, path: Path, *, way: Way, actor: Actor, now: datetime) -> int:
    """Trace a lot and write its sheet (.csv, .xlsx); how many rows. Times are those of the deployment's zone.

    InputRefused for another suffix; else as `trace_lot`.
    """
    if path.suffix not in SUFFIXES:
        raise InputRefused("a trace sheet cannot be written as '{suffix}'; name a file that ends in {suffixes}",
                           suffix=path.suffix, suffixes=" or ".join(SUFFIXES))  # fmt: skip
    traced = trace_lot(store, lot, way=way, since=None, actor=actor, now=now)
    rows = _read_rows(store, traced)
    if path.suffix == ".csv":
        _write_csv(path, rows)
    else:
        _write_book(path, rows)
    return int(rows.num_rows)


def _read_rows(store: Store, traced: Traced) -> pa.Table:
    files = {name: store.lake.paths(kind) for name, kind in (("events", RecordKind.CHAIN_EVENT),
                                                             ("movements", RecordKind.MOVEMENT))}  # fmt: skip
    with duckdb.connect(":memory:", config={"temp_directory": ""}) as memory:
        memory.register("reached", _reached(traced))
        rows = memory.sql(SHEET, params=files).to_arrow_table()
    at = pc.local_timestamp(rows["happened_at"].cast(pa.timestamp("us", tz=store.clock.zone.key)))
    return rows.set_column(rows.schema.get_field_index("happened_at"), "happened_at", at)


def _reached(traced: Traced) -> pa.Table:
    """When each thing counts; what has no beginning or end counts always."""
    return pa.table(
        {
            "thing": [one.thing for one in traced.things],
            "way": [one.way.value for one in traced.things],
            "is_certain": [one.is_certain for one in traced.things],
            "since": [-ALWAYS if one.since is None else to_us(one.since) for one in traced.things],
            "until": [ALWAYS if one.until is None else to_us(one.until) for one in traced.things],
        }
    )


def _write_csv(path: Path, rows: pa.Table) -> None:
    """With a byte order mark for Excel; a text that would begin a formula there stands behind a quote."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(rows.column_names)
        for row in rows.to_pylist():
            writer.writerow([f"'{one}" if isinstance(one, str) and one.startswith(FORMULA) else one
                             for one in row.values()])  # fmt: skip


def _write_book(path: Path, rows: pa.Table) -> None:
    """Times as times and amounts as numbers."""
    write_workbook(
        path, chain([rows.column_names], (row.values() for row in rows.to_pylist())), name="trace", is_sortable=True
    )
