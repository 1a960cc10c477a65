"""Events as records of the lake: one row an event, and one row a thing or amount in it, for who follows it (3.2)."""

from collections.abc import Sequence
from typing import NamedTuple
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from ringfence.coldchain.sightings import Sighting
from ringfence.terms import LAYOUTS, RecordKind

MICROSECONDS = 1_000_000
PARTS = {
    "epcList": "object", "quantityList": "object", "childEPCs": "child", "childQuantityList": "child",
    "inputEPCList": "input", "inputQuantityList": "input", "outputEPCList": "output", "outputQuantityList": "output",
}  # fmt: skip
"""In which part a thing stands in an event, by the list that names it; what holds the children is the `parent`."""

HOLDERS = ("possessing_party", "owning_party")
"""Who has a thing in hand counts before who owns it."""


class Named(NamedTuple):
    """One event with the hash that names it, and its line in the file (from 1)."""

    line: int
    name: str
    seen: Sighting


def number_of(name: str) -> int:
    """The first 63 bits of an event's hash (`ni:///sha-256;...`): a number that the same event always has."""
    return int(name[len("ni:///sha-256;") :][:16], 16) >> 1


def build_records(
    events: Sequence[Named], *, zone: ZoneInfo, batch_no: int, recorded_at: int
) -> dict[RecordKind, pa.Table]:
    """The rows of the lake: kinds `chain_event` and `movement`."""
    every = [event.seen for event in events]
    at = np.array([round((seen.at or 0) * MICROSECONDS) for seen in every], np.int64)
    days = np.asarray(_days_of(at, zone))
    frame = {
        "event": np.array([number_of(event.name) for event in events], np.int64),
        "event_at": at,
        "day": days,
        "row": np.array([event.line for event in events], np.int32),
    }
    told = {"batch": batch_no, "recorded_at": recorded_at}
    columns = {
        **frame,
        "event_hash": [event.name for event in events],
        "event_id": [seen.event_id for seen in every],
        "event_type": [seen.kind for seen in every],
        "action": [seen.action for seen in every],
        "step": [seen.step for seen in every],
        "disposition": [seen.disposition for seen in every],
        "transformation": [seen.transformation for seen in every],
        "place": [seen.place for seen in every],
        "source": [_party(seen, "sourceList") for seen in every],
        "destination": [_party(seen, "destinationList") for seen in every],
        "record_at": [None if seen.recorded_at is None else round(seen.recorded_at * MICROSECONDS) for seen in every],
        "is_declared_wrong": [seen.error is not None for seen in every],
    }
    return {
        RecordKind.CHAIN_EVENT: _table(RecordKind.CHAIN_EVENT, columns, told),
        RecordKind.MOVEMENT: _table(RecordKind.MOVEMENT, _movements(every, frame), told),
    }


def _movements(every: Sequence[Sighting], frame: dict[str, np.ndarray]) -> dict[str, object]:
    """A row for each thing and amount, with its event's number and time."""
    counts: list[int] = []
    parts: list[str] = []
    things: list[str] = []
    quantities: list[float | None] = []
    units: list[str | None] = []
    for seen in every:
        before = len(things)
        if seen.parent:
            parts.append("parent")
            things.append(seen.parent)
        for name, (_, links) in seen.things.items():
            parts.extend([PARTS[name]] * len(links))
            things.extend(links)
        listed = len(things) - before
        quantities.extend([None] * listed)
        units.extend([None] * listed)
        for name, amounts in seen.amounts.items():
            for link, quantity, unit in amounts:
                parts.append(PARTS[name])
                things.append(link)
                quantities.append(quantity)
                units.append(unit)
        counts.append(len(things) - before)
    spread = {name: np.repeat(column, counts) for name, column in frame.items()}
    return {**spread, "part": parts, "thing": things, "quantity": quantities, "unit": units}


def _party(seen: Sighting, name: str) -> str:
    """Who had or gets it: whoever has it in hand, else whoever owns it, else whoever is named."""
    if name not in seen.parties:
        return ""
    among = {kind.rpartition("-")[2].rpartition(":")[2]: link for kind, link in seen.parties[name]}
    return next((among[kind] for kind in HOLDERS if kind in among), next(iter(among.values()), ""))


def _days_of(at: np.ndarray, zone: ZoneInfo) -> pa.Array:
    """The local day number of each instant in microseconds."""
    instants = pa.array(at, pa.int64()).cast(pa.timestamp("us", tz=zone.key))
    return pc.local_timestamp(instants).cast(pa.date32(), safe=False).cast(pa.int32())


def _table(kind: RecordKind, columns: dict[str, object], told: dict[str, int]) -> pa.Table:
    schema = LAYOUTS[kind].schema
    count = len(columns["event"])  # type: ignore[arg-type]  # a column
    arrays = [
        pa.repeat(pa.scalar(told[field.name], field.type), count)
        if field.name in told
        else pa.array(columns[field.name], field.type)
        for field in schema
    ]
    return pa.table(arrays, schema=schema)
