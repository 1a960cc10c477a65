"""Below the cut: whom nobody has room for today, kept in the lake by id, counted on the desk, never dropped (2.3).

The desk counts them in groups: by the unit that answers for them, by when they were first found, and by when a message
to them was proposed, if one was. A trace of the same signals replaces the batch, not those instants.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeAlias

import pyarrow as pa
import pyarrow.compute as pc
from sqlalchemy import Row

from ringfence.store import Act, Lake
from ringfence.terms import LAYOUTS, RecordKind, to_us

EXPOSURES_OF = """
select exposure_id, signal_id, subject_kind, subject_key, status, recorded_at from exposure
where signal_id = :signal_id
"""

BELOW_BATCHES = """
select distinct b.batch_no, b.signal_id, s.area_path
from exposure_below_cut b join signal s on s.signal_id = b.signal_id
where b.signal_id = :signal_id and b.status = 'counted'
"""

REPLACE_BELOW = "delete from exposure_below_cut where signal_id = :signal_id and status = 'counted'"

COUNT_BELOW = """
insert into exposure_below_cut (signal_id, batch_no, group_no, owner, found_at, message_proposed_at, row_count, status,
    recorded_at)
values (:signal, :batch_no, :group_no, :owner, :found_at, :message_proposed_at, :row_count, 'counted', :recorded_at)
"""

KEY = ("signal", "subject_kind", "subject")
CARRIED = ("signal", "subject_kind", "ring", "weight", "minutes", "first_day", "last_day")

_LAID_OUT = LAYOUTS[RecordKind.EXPOSURE_BELOW_CUT].schema
_GROUP = ["signal", "owner", "found_at", "message_proposed_at"]

Key: TypeAlias = tuple[int, str, int]
"""A signal and a subject's kind and number."""


@dataclass(frozen=True, eq=False)
class Before:
    """What earlier traces of some signals found.

    `exposures` are the rows of the desk by their keys, `below` those of the lake that count now, with the area of their
    signal.
    """

    signals: tuple[int, ...]
    exposures: dict[Key, Row[Any]]
    below: pa.Table

    @property
    def is_empty(self) -> bool:
        """Whether the signals were never traced."""
        return not self.exposures and not self.below.num_rows

    @cached_property
    def traced(self) -> frozenset[int]:
        """The signals that were traced before: what they found may not be found any more."""
        return frozenset(key[0] for key in self.exposures) | frozenset(self.below["signal"].to_pylist())

    @cached_property
    def found_at(self) -> dict[Key, int]:
        """When whoever is listed or below the cut was first found; who was retracted and is found is found anew."""
        listed = {key: row.recorded_at for key, row in self.exposures.items() if row.status == "listed"}
        return listed | dict(zip(keys_of(self.below), self.below["found_at"].to_pylist(), strict=True))

    @cached_property
    def message_proposed_at(self) -> dict[Key, int | None]:
        """When a message was proposed to whoever is below the cut."""
        return dict(zip(keys_of(self.below), self.below["message_proposed_at"].to_pylist(), strict=True))


def read_before(act: Act, lake: Lake, *, signals: Sequence[int]) -> Before:
    """What earlier traces of some signals found; only a signal that is traced again makes it read the lake."""
    exposures = {
        (row.signal_id, row.subject_kind, int(row.subject_key)): row
        for signal in signals
        for row in act.rows(EXPOSURES_OF, signal_id=signal)
    }
    counted = [tuple(row) for signal in signals for row in act.rows(BELOW_BATCHES, signal_id=signal)]
    if not counted:
        empty = _LAID_OUT.empty_table().append_column("area_path", pa.array([], pa.string()))
        return Before(tuple(signals), exposures, empty)
    batches = pa.table(dict(zip(("batch", "signal", "area_path"), zip(*counted, strict=True), strict=True)))
    below = lake.read(RecordKind.EXPOSURE_BELOW_CUT).join(batches, ["batch", "signal"], join_type="inner")
    return Before(tuple(signals), exposures, below)


def date_below(below: pa.Table, *, before: Before, now: int) -> pa.Table:
    """Those below the cut with `found_at` and, where a message to them was proposed before, `message_proposed_at`."""
    found_at: list[int] = [now] * below.num_rows
    proposed_at: list[int | None] = [None] * below.num_rows
    if not before.is_empty:
        keys = keys_of(below)
        found_at = [before.found_at.get(key, now) for key in keys]
        proposed_at = [before.message_proposed_at.get(key) for key in keys]
    dated = below.append_column("found_at", pa.array(found_at, pa.int64()))
    return dated.append_column("message_proposed_at", pa.array(proposed_at, pa.int64()))


def below_cut_rows(below: pa.Table, *, batch_no: int, now: int) -> pa.Table:
    """Exposures below the cut as records of the lake; `below` has the columns of EXPOSURES, `owner` and both dates."""
    count = below.num_rows
    columns = {
        **{name: below[name] for name in below.column_names if name in _LAID_OUT.names},
        "batch": pa.repeat(pa.scalar(batch_no, pa.int64()), count),
        "row": pa.array(range(1, count + 1), pa.int32()),
        "recorded_at": pa.repeat(pa.scalar(now, pa.int64()), count),
    }
    return pa.table(columns)


def count_below_cut(act: Act, below: pa.Table, *, signals: Sequence[int], batch_no: int) -> None:
    """Say how many lie below the cut for each signal, instead of whatever an earlier trace of it counted."""
    act.run_many(REPLACE_BELOW, [{"signal_id": signal} for signal in signals])
    groups = below.group_by(_GROUP).aggregate([("subject", "count")]).rename_columns({"subject_count": "row_count"})
    common = {"batch_no": batch_no, "recorded_at": to_us(act.now)}
    order = [(name, "ascending") for name in _GROUP]
    rows = [{**row, "group_no": n, **common} for n, row in enumerate(groups.sort_by(order).to_pylist(), start=1)]
    act.run_many(COUNT_BELOW, rows)
    proposed = below.num_rows - pc.count(below["message_proposed_at"], mode="only_null").as_py()
    act.note("exposures.below_cut", count=below.num_rows, messages_proposed=proposed)


def keys_of(rows: pa.Table) -> list[Key]:
    """The key of each row."""
    return list(zip(*(rows[name].to_pylist() for name in KEY), strict=True))
