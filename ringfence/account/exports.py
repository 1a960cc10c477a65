"""Everything a user put in or the system made, taken out as a file: numbered, marked, on the record (policy 6.4).

No export carries a name: people are numbers in it, and whoever needs to know who somebody is opens that person under an
own task. What was taken out is known by its digest: received again, it changes nothing.
"""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from math import ceil
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from ringfence.access import Export, Watermark, begin_export, read_purpose, read_scope
from ringfence.account.export_files import check_suffix, write_table
from ringfence.account.listings import FINDINGS
from ringfence.areas import read_places
from ringfence.errors import InputRefused, NotAllowed
from ringfence.policy import Policy, read_in_force
from ringfence.signals import CASES, SIGNALS
from ringfence.store import Act, Desk, Listing, ListRow, Reading, Scope, Store, count_rows, stream_rows
from ringfence.terms import Actor, Language, RecordKind, calendar_day, to_us
from ringfence.trace import SIGNAL_EXPOSURES, Chains, check_shows_chains, draw_chains
from ringfence.work import FOLLOW_UPS, ORDERS, TASKS

INSERT_EXPORT = """
insert into export_file (export_no, name, digest, byte_count, row_count, exported_by, recorded_at)
values (:export_no, :name, :digest, :byte_count, :row_count, :exported_by, :recorded_at)
"""

EXPORTS_OF_SIZE = "select name, digest from export_file where byte_count = :byte_count order by export_no"

LISTINGS: Mapping[str, Listing] = {
    "line_list": CASES,
    "contacts": SIGNAL_EXPOSURES,
    "signals": SIGNALS,
    "tasks": TASKS,
    "orders": ORDERS,
    "follow_up": FOLLOW_UPS,
    "findings": FINDINGS,
}
"""Exports that are lists of the desk."""

CHAIN_LINE_LIST = pa.schema(
    [
        ("id", pa.int64()),
        ("case_id", pa.string()),
        ("date_onset", pa.string()),
        ("basis", pa.string()),
        ("classification", pa.string()),
        ("is_imported", pa.bool_()),
        ("cluster", pa.int64()),
        ("generation", pa.int32()),
    ]
)
CHAIN_CONTACTS = pa.schema(
    [
        ("from", pa.int64()),
        ("to", pa.int64()),
        ("probability", pa.float64()),
        ("interval_days", pa.int32()),
        ("rule", pa.string()),
    ]
)
"""Line list and contacts of an outbreak; what both take beyond their first columns is ours."""

_ROWS_OF_A_PART = 2_000
_ALL = 2**53


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What is to be taken out: a name of EXPORTS, the list's filters, an area, a declared purpose.

    `approval_id` is the second signature under which a long export goes out.
    """

    name: str
    filters: Mapping[str, str]
    area_path: str
    purpose_key: str
    approval_id: int | None = None


@dataclass(frozen=True, kw_only=True)
class Exported:
    """An export that lies in a file."""

    number: int
    name: str
    row_count: int
    byte_count: int
    digest: str


def list_exports() -> list[str]:
    """The names of all exports there are."""
    return sorted([*LISTINGS, *_TABLES])


def make_export(store: Store, wanted: Wanted, *, path: Path, actor: Actor, now: datetime) -> Exported:
    """Write an export into a file as its suffix says (.csv, .xlsx, .jsonl, .parquet).

    InputRefused for an unknown name, suffix or filter; NotAllowed where roles, area or purpose do not cover it;
    ApprovalMissing for a long one without its second signature. Nothing is written then.
    """
    check_suffix(path)
    rows = read_export(store, wanted, actor=actor, now=now)
    export = plan_export(store, wanted, rows=rows.num_rows, now=now)

    def begin(act: Act) -> Watermark:
        return begin_export(act, export, count=rows.num_rows, approval_id=wanted.approval_id, clock=store.clock)

    mark = store.act(begin, actor=actor, now=now)
    write_table(path, rows, mark=mark.say(Language.ZH, clock=store.clock), number=mark.number)
    made = Exported(
        number=mark.number,
        name=wanted.name,
        row_count=rows.num_rows,
        byte_count=path.stat().st_size,
        digest=_digest(path),
    )
    store.act(lambda act: _keep(act, made), actor=actor, now=now)
    return made


def plan_export(store: Store, wanted: Wanted, *, rows: int, now: datetime) -> Export:
    """The export as what a second person signs: a list, and as many rows as it may have grown to by then."""
    policy = Policy(read_in_force(store.desk, now=now), store.clock.day_of(now))
    return Export(
        listing=wanted.name,
        filters=wanted.filters,
        area_path=wanted.area_path,
        purpose=read_purpose(store.desk, wanted.purpose_key, now=now),
        rows=ceil(rows * (1 + policy.number("export.growth_share"))),
    )


def read_export(store: Store, wanted: Wanted, *, actor: Actor, now: datetime) -> pa.Table:
    """The rows of an export within the actor's areas."""
    purpose = read_purpose(store.desk, wanted.purpose_key, now=now)
    scope = read_scope(store.desk, actor, purpose, now=now).within(wanted.area_path)
    if wanted.name in LISTINGS:
        return _read_listing(store.desk, LISTINGS[wanted.name], scope=scope, filters=wanted.filters)
    if wanted.name not in _TABLES:
        raise InputRefused(
            "there is no export {name}; choose one of {names}", name=wanted.name, names=", ".join(list_exports())
        )
    return _TABLES[wanted.name](store, wanted, scope, now)


def count_export(store: Store, wanted: Wanted, *, actor: Actor, now: datetime) -> int:
    """How many rows an export has within the actor's areas: what a second person signs, told without taking them out.

    Errors as of `make_export`.
    """
    if wanted.name not in LISTINGS:
        return int(read_export(store, wanted, actor=actor, now=now).num_rows)
    purpose = read_purpose(store.desk, wanted.purpose_key, now=now)
    scope = read_scope(store.desk, actor, purpose, now=now).within(wanted.area_path)
    return count_rows(store.desk, LISTINGS[wanted.name], scope=scope, filters=wanted.filters, most=_ALL)


def find_own_export(desk: Desk, path: Path) -> str | None:
    """The name of the export that a file is, byte by byte; None for a file that is none of ours."""
    if not path.is_file():
        return None
    alike = {row.digest: str(row.name) for row in desk.rows(EXPORTS_OF_SIZE, byte_count=path.stat().st_size)}
    return alike.get(_digest(path)) if alike else None


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _read_listing(desk: Desk, listing: Listing, *, scope: Scope, filters: Mapping[str, str]) -> pa.Table:
    """A part at a time, each text once a part: a long list is never held as rows of Python values."""
    schema = pa.schema([(name, _type_of(reading)) for name, reading in listing.columns.items()])
    rows = stream_rows(desk, listing, scope=scope, filters=filters)
    parts = iter(lambda: list(islice(rows, _ROWS_OF_A_PART)), [])
    return pa.concat_tables([_to_table(part, schema) for part in parts] or [schema.empty_table()])


def _type_of(reading: Reading) -> pa.DataType:
    if isinstance(reading, type) and issubclass(reading, int):  # an enumeration of numbers as well
        return pa.bool_() if reading is bool else pa.int64()
    return pa.float64() if reading is float else pa.dictionary(pa.int32(), pa.string())


def _to_table(rows: Sequence[ListRow], schema: pa.Schema) -> pa.Table:
    columns = [[None if (value := row[name]) is None else _to_plain(value) for row in rows] for name in schema.names]
    return pa.table(
        [pa.array(values, field.type) for values, field in zip(columns, schema, strict=True)], schema=schema
    )


def _to_plain(value: object) -> object:
    """A value as files have it: numbers and days as they are, instants and everything else as texts."""
    if isinstance(value, bool | int | float):
        return value
    if isinstance(value, datetime):
        return value.isoformat(sep=" ", timespec="seconds")
    to_json: Callable[[], str] | None = getattr(value, "to_json", None)
    return to_json() if to_json else str(value)


def _read_places(store: Store, _wanted: Wanted, scope: Scope, _now: datetime) -> pa.Table:
    places = read_places(store.desk)
    inside = pa.array([_is_inside(path, scope.paths.get("place", ())) for path in places["area_path"].to_pylist()])
    columns = ["place_id", "name", "kind", "area_code", "longitude", "latitude"]
    return places.filter(inside.cast(pa.bool_())).select(columns)


def _read_samples(store: Store, wanted: Wanted, scope: Scope, now: datetime) -> pa.Table:
    """Samples lie in no area: whoever sees the whole of the hierarchy may take them out, under a purpose for them."""
    purpose = read_in_force(store.desk, now=now).purposes[wanted.purpose_key]
    if RecordKind.SAMPLE not in purpose.records or wanted.area_path not in scope.paths.get("case_episode", ()):
        raise NotAllowed(
            "samples are taken out for a purpose that reads them, by who answers for the whole city; {purpose} is not "
            "so",
            purpose=wanted.purpose_key,
        )
    samples = store.lake.read(RecordKind.SAMPLE)
    instants = {
        name: pc.strftime(samples[name].cast(pa.timestamp("us", tz="UTC")), format="%Y-%m-%d %H:%M:%S+00:00")
        for name in ("taken_at", "reported_at")
    }
    columns = ("subject_kind", "subject", "pool", "test", "result", "laboratory")
    return pa.table({name: samples[name] for name in columns} | instants)


def _read_chain_cases(store: Store, wanted: Wanted, scope: Scope, now: datetime) -> pa.Table:
    """The line list of an outbreak, as R's epicontacts takes one: `id` first (R/make_epicontacts.R)."""
    chains = _draw_chains(store, wanted, scope, now)
    generations = {row["case_no"]: row for row in chains.generations.to_pylist()}
    rows = [
        {
            "id": row["case_no"],
            "case_id": row["case_key"],
            "date_onset": calendar_day(row["onset_day"]).isoformat(),
            "basis": row["basis"],
            "classification": row["classification"],
            "is_imported": row["is_imported"],
            "cluster": generations[row["case_no"]]["cluster"],
            "generation": generations[row["case_no"]]["generation"],
        }
        for row in chains.cases.to_pylist()
    ]
    return pa.Table.from_pylist(rows, schema=CHAIN_LINE_LIST)


def _read_chain_contacts(store: Store, wanted: Wanted, scope: Scope, now: datetime) -> pa.Table:
    """The candidates of each case, as R's epicontacts takes contacts: `from` and `to` first; nobody known is no row."""
    rows = [
        {"from": row["infector"], "to": row["case_no"], **{name: row[name] for name in CHAIN_CONTACTS.names[2:]}}
        for row in _draw_chains(store, wanted, scope, now).infectors.to_pylist()
        if row["infector"] is not None
    ]
    return pa.Table.from_pylist(rows, schema=CHAIN_CONTACTS)


def _draw_chains(store: Store, wanted: Wanted, scope: Scope, now: datetime) -> Chains:
    if set(wanted.filters) != {"disease"}:
        raise InputRefused("the chains of one disease are taken out at a time; name it as disease=...")
    policy = Policy(read_in_force(store.desk, now=now), store.clock.day_of(now))
    check_shows_chains(scope, read_purpose(store.desk, wanted.purpose_key, now=now), policy=policy)
    disease = wanted.filters["disease"]
    return draw_chains(store.desk, store.lake, scope=scope, disease=disease, policy=policy, clock=store.clock)


_TABLES: Mapping[str, Callable[[Store, Wanted, Scope, datetime], pa.Table]] = {
    "chain_cases": _read_chain_cases,
    "chain_contacts": _read_chain_contacts,
    "places": _read_places,
    "samples": _read_samples,
}


def _is_inside(path: str, paths: tuple[str, ...]) -> bool:
    return any(path.startswith(one) for one in paths)


def _keep(act: Act, made: Exported) -> None:
    act.run(
        INSERT_EXPORT,
        export_no=made.number,
        name=made.name,
        digest=made.digest,
        byte_count=made.byte_count,
        row_count=made.row_count,
        exported_by=act.actor.actor_id,
        recorded_at=to_us(act.now),
    )
    act.note("export.written", subject=f"export:{made.number}", count=made.row_count)
