"""The kinds of records the lake keeps: integers, codes and ids only, never a name (DESIGN).

Every kind ends in the same three columns, so that any row can be corrected, withdrawn and forgotten: `batch` (the
manifest's number), `row` (its line in that batch, from 1) and `recorded_at`. `day` and `*_day` are local day numbers,
`*_s` seconds of the local day, `*_at` microseconds since 1970-01-01 UTC.
"""

from dataclasses import dataclass
from enum import StrEnum

import pyarrow as pa

_PROVENANCE = [pa.field("batch", pa.int64()), pa.field("row", pa.int32()), pa.field("recorded_at", pa.int64())]


def _columns(**types: pa.DataType) -> pa.Schema:
    return pa.schema([pa.field(name, kind) for name, kind in types.items()] + _PROVENANCE)


class RecordKind(StrEnum):
    """What happened, by kind."""

    VISIT = "visit"
    ROUTE_POINT = "route_point"
    MEMBERSHIP = "membership"
    RESIDENCE = "residence"
    STAY = "stay"
    NAMED_CONTACT = "named_contact"
    LEG = "leg"
    PASSAGE = "passage"
    SAMPLE = "sample"
    COUNT = "count"
    CHAIN_EVENT = "chain_event"
    MOVEMENT = "movement"
    READING = "reading"
    EXPOSURE_BELOW_CUT = "exposure_below_cut"
    LINK = "link"


@dataclass(frozen=True)
class Copy:
    """One sorted copy of a kind: the name of its folder and the columns it is sorted by.

    Where few of many rows are asked for by the first of these, an index holds `looked_up` of them beside it.
    """

    name: str
    sorted_by: tuple[str, ...]
    looked_up: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """The column whose equal values stand together."""
        return self.sorted_by[0]


@dataclass(frozen=True)
class RecordLayout:
    """How a kind lies in the lake: its columns, the column its day is taken from, and its sorted copies."""

    schema: pa.Schema
    day_column: str | None
    copies: tuple[Copy, ...]
    person_columns: tuple[str, ...] = ()


def _one(*sorted_by: str) -> tuple[Copy, ...]:
    return (Copy("all", sorted_by),)


_I64, _I32, _F64, _TEXT = pa.int64(), pa.int32(), pa.float64(), pa.string()

LAYOUTS: dict[RecordKind, RecordLayout] = {
    RecordKind.VISIT: RecordLayout(
        _columns(cell=_I64, person=_I64, enter_s=_I32, stay_s=_I32, source=_I32),
        "cell",
        (
            Copy("by_cell", ("cell", "enter_s", "person"), looked_up=("person", "enter_s", "stay_s")),
            Copy("by_person", ("person", "cell", "enter_s"), looked_up=("cell", "enter_s", "stay_s")),
        ),
        ("person",),
    ),
    RecordKind.ROUTE_POINT: RecordLayout(
        _columns(person=_I64, day=_I32, longitude=_F64, latitude=_F64, precision_m=_I32, place_kind=_TEXT),
        "day",
        _one("day", "person"),
        ("person",),
    ),
    RecordKind.MEMBERSHIP: RecordLayout(
        _columns(person=_I64, group_kind=_TEXT, group_no=_I64, from_day=_I32, to_day=_I32),
        None,
        _one("group_kind", "group_no", "person"),
        ("person",),
    ),
    RecordKind.RESIDENCE: RecordLayout(
        _columns(person=_I64, area=_TEXT, from_day=_I32, to_day=_I32), None, _one("person", "from_day"), ("person",)
    ),
    RecordKind.STAY: RecordLayout(
        _columns(person=_I64, area=_TEXT, from_day=_I32, to_day=_I32, told_by=_TEXT),
        None,
        _one("area", "from_day", "person"),
        ("person",),
    ),
    RecordKind.NAMED_CONTACT: RecordLayout(
        _columns(person=_I64, contact=_I64, first_day=_I32, last_day=_I32, setting=_TEXT),
        None,
        _one("person", "contact"),
        ("person", "contact"),
    ),
    RecordKind.LEG: RecordLayout(
        _columns(
            trip=_I64,
            trip_kind=_TEXT,
            carriage=_I32,
            seat_row=_I32,
            seat=_TEXT,
            board_stop=_I32,
            alight_stop=_I32,
            day=_I32,
            person=_I64,
        ),
        "day",
        _one("trip", "carriage", "seat_row", "person"),
        ("person",),
    ),
    RecordKind.PASSAGE: RecordLayout(
        _columns(
            gate=_I64,
            lane=_I32,
            passed_at=_I64,
            day=_I32,
            person=_I64,
            vehicle=_TEXT,
            verdict=_TEXT,
            reason=_TEXT,
            origin_area=_TEXT,
            bound_area=_TEXT,
            sampled_at=_I64,
            rule_version=_TEXT,
        ),
        "day",
        _one("gate", "passed_at"),
        ("person",),
    ),
    RecordKind.SAMPLE: RecordLayout(
        _columns(
            subject_kind=_TEXT,
            subject=_I64,
            pool=_TEXT,
            taken_at=_I64,
            reported_at=_I64,
            day=_I32,
            test=_TEXT,
            result=_TEXT,
            laboratory=_TEXT,
        ),
        "day",
        _one("subject_kind", "subject", "taken_at"),
    ),
    RecordKind.COUNT: RecordLayout(
        _columns(site=_TEXT, day=_I32, syndrome=_TEXT, n=_I64, reported_at=_I64), "day", _one("site", "syndrome", "day")
    ),
    RecordKind.CHAIN_EVENT: RecordLayout(
        _columns(
            event=_I64,
            event_hash=_TEXT,
            event_id=_TEXT,
            event_type=_TEXT,
            action=_TEXT,
            step=_TEXT,
            disposition=_TEXT,
            transformation=_TEXT,
            place=_TEXT,
            source=_TEXT,
            destination=_TEXT,
            event_at=_I64,
            record_at=_I64,
            is_declared_wrong=pa.bool_(),
            day=_I32,
        ),
        "day",
        _one("event_at", "event"),
    ),
    RecordKind.MOVEMENT: RecordLayout(
        _columns(event=_I64, part=_TEXT, thing=_TEXT, quantity=_F64, unit=_TEXT, event_at=_I64, day=_I32),
        "day",
        _one("event_at", "event"),
    ),
    RecordKind.READING: RecordLayout(
        _columns(place=_I64, shipment=_TEXT, read_at=_I64, day=_I32, celsius=_F64), "day", _one("place", "read_at")
    ),
    RecordKind.EXPOSURE_BELOW_CUT: RecordLayout(
        _columns(
            signal=_I64,
            subject_kind=_TEXT,
            subject=_I64,
            ring=_I32,
            rules=_TEXT,
            first_day=_I32,
            last_day=_I32,
            minutes=_I32,
            weight=_F64,
            owner=_TEXT,
            found_at=_I64,
            message_proposed_at=_I64,
        ),
        "last_day",
        _one("signal", "weight"),
        ("subject",),
    ),
    RecordKind.LINK: RecordLayout(
        _columns(
            source_batch=_I64,
            source_row=_I32,
            answer=_TEXT,
            person=_I64,
            household=_I64,
            how=_TEXT,
            weight=_F64,
            probability=_F64,
            margin=_F64,
            model=_TEXT,
            said=_I64,
        ),
        None,
        _one("source_batch", "source_row"),
        ("person",),
    ),
}
