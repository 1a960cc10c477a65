"""Keeping what a trace found: above the cut on the desk, below it in the lake, and nothing dropped (policy 2.3).

At every moment and for every signal: found = listed + counted below the cut + retracted with a reason, by id.
"""

from collections.abc import Sequence

import pyarrow as pa
import pyarrow.compute as pc

from ringfence.store import Act, Lake
from ringfence.terms import LAYOUTS, Reason, ReasonCode, RecordKind, to_us
from ringfence.trace.reasons import read_reasons

INSERT_EXPOSURE = """
insert into exposure (exposure_id, signal_id, subject_kind, subject_key, ring, weight, minutes, first_day, last_day,
    area_path, status, recorded_at)
values (:exposure_id, :signal, :subject_kind, :subject, :ring, :weight, :minutes, :first_day, :last_day, :area_path,
    'listed', :recorded_at)
on conflict (signal_id, subject_kind, subject_key) do update set ring = excluded.ring, weight = excluded.weight,
    minutes = excluded.minutes, first_day = excluded.first_day, last_day = excluded.last_day, status = 'listed',
    reason = null, recorded_at = excluded.recorded_at
"""

EXPOSURES_OF = """
select exposure_id, subject_kind, subject_key from exposure where signal_id = :signal_id
"""

DELETE_REASONS = """
delete from exposure_reason where exposure_id in (select exposure_id from exposure where signal_id = :signal_id)
"""

INSERT_REASON = """
insert into exposure_reason (exposure_id, reason_no, rule, source_kind, source_key, place_no, first_at, last_at,
    minutes, distance, weight, reason, recorded_at)
values (:exposure_id, :reason_no, :rule, 'person', :source, :place, :first_at, :last_at, :minutes, :distance, :weight,
    :reason, :recorded_at)
"""

COUNT_BELOW = """
insert into exposure_below_cut (signal_id, batch_no, row_count, status, recorded_at)
values (:signal_id, :batch_no, :row_count, 'counted', :recorded_at)
"""

REPLACE_BELOW = "delete from exposure_below_cut where signal_id = :signal_id and status = 'counted'"

BELOW_BATCHES = """
select b.batch_no, s.area_path
from exposure_below_cut b join signal s on s.signal_id = b.signal_id
where b.signal_id = :signal_id and b.status = 'counted'
"""

INSERT_LOST = """
insert into exposure (exposure_id, signal_id, subject_kind, subject_key, ring, weight, minutes, first_day, last_day,
    area_path, status, reason, recorded_at)
values (:exposure_id, :signal, :subject_kind, :subject, :ring, :weight, :minutes, :first_day, :last_day, :area_path,
    'retracted', :reason, :recorded_at)
on conflict (signal_id, subject_kind, subject_key) do nothing
"""

RETRACT_LISTED = """
update exposure set status = 'retracted', reason = :reason where signal_id = :signal_id and status = 'listed'
"""

RETRACT_BELOW = "update exposure_below_cut set status = 'retracted' where signal_id = :signal_id"

_KEY = ("signal", "subject_kind", "subject")
_CARRIED = ("signal", "subject_kind", "ring", "weight", "minutes", "first_day", "last_day")

COUNTS = """
select (select count(*) from exposure where signal_id = :signal_id and status = 'listed') as listed,
    (select coalesce(sum(row_count), 0) from exposure_below_cut where signal_id = :signal_id and status = 'counted')
        as below,
    (select count(*) from exposure where signal_id = :signal_id and status = 'retracted')
        + (select coalesce(sum(row_count), 0) from exposure_below_cut
            where signal_id = :signal_id and status = 'retracted') as retracted
"""


def put_exposures(act: Act, listed: pa.Table, reasons: pa.Table, *, signals: Sequence[int]) -> pa.Table:
    """Keep the exposures above the cut with their reasons; signal, subject_kind, subject and `exposure` number of each.

    `listed` has the columns of EXPOSURES and `area_path`; `reasons` those of REASONS, of others too. What an earlier
    trace of the same signals listed and this one does not is retracted; an exposure keeps its number.
    """
    known = {
        (signal, row.subject_kind, int(row.subject_key)): row.exposure_id
        for signal in signals
        for row in act.rows(EXPOSURES_OF, signal_id=signal)
    }
    keys = list(zip(*(listed[name].to_pylist() for name in _KEY), strict=True))
    new = [key for key in keys if key not in known]
    first = act.take_numbers("exposure", len(new))
    known.update({key: first + n for n, key in enumerate(new)})
    retracted = Reason.of(ReasonCode.NO_LONGER_FOUND).to_json()
    act.run_many(RETRACT_LISTED, [{"signal_id": signal, "reason": retracted} for signal in signals])
    act.run_many(DELETE_REASONS, [{"signal_id": signal} for signal in signals])
    act.run_many(INSERT_EXPOSURE, _exposure_rows(listed, [known[key] for key in keys], now=to_us(act.now)))
    act.run_many(INSERT_REASON, _reason_rows(reasons, {key: known[key] for key in keys}, now=to_us(act.now)))
    act.note("exposures.listed", count=listed.num_rows)
    numbers = pa.array([known[key] for key in keys], pa.int64())
    return listed.select(list(_KEY)).append_column("exposure", numbers)


def below_cut_rows(below: pa.Table, *, batch_no: int, now: int) -> pa.Table:
    """Exposures below the cut as records of the lake; `below` has the columns of EXPOSURES and `owner`."""
    count = below.num_rows
    columns = {
        **{
            name: below[name]
            for name in below.column_names
            if name in LAYOUTS[RecordKind.EXPOSURE_BELOW_CUT].schema.names
        },
        "batch": pa.repeat(pa.scalar(batch_no, pa.int64()), count),
        "row": pa.array(range(1, count + 1), pa.int32()),
        "recorded_at": pa.repeat(pa.scalar(now, pa.int64()), count),
    }
    return pa.table(columns)


def retract_lost(act: Act, lake: Lake, found: pa.Table, *, signals: Sequence[int]) -> int:
    """Whoever an earlier trace left below the cut and this one does not find any more is retracted, by id; how many.

    `found` has signal, subject_kind and subject of everybody found now. Only a signal that is traced again has earlier
    rows, so a first response reads nothing.
    """
    batches = {row.batch_no: row.area_path for signal in signals for row in act.rows(BELOW_BATCHES, signal_id=signal)}
    if not batches:
        return 0
    earlier = lake.read(RecordKind.EXPOSURE_BELOW_CUT)
    mine = pc.and_(
        pc.is_in(earlier["batch"], value_set=pa.array(list(batches), pa.int64())),
        pc.is_in(earlier["signal"], value_set=pa.array(list(signals), pa.int64())),
    )
    lost = earlier.filter(mine).join(found.select(list(_KEY)), list(_KEY), join_type="left anti").to_pylist()
    first = act.take_numbers("exposure", len(lost))
    reason = Reason.of(ReasonCode.NO_LONGER_FOUND).to_json()
    act.run_many(
        INSERT_LOST,
        [
            {
                **{name: row[name] for name in _CARRIED},
                "subject": str(row["subject"]),
                "exposure_id": first + n,
                "area_path": batches[row["batch"]],
                "reason": reason,
                "recorded_at": to_us(act.now),
            }
            for n, row in enumerate(lost)
        ],
    )
    act.note("exposures.lost", count=len(lost))
    return len(lost)


def count_below_cut(act: Act, below: pa.Table, *, signals: list[int], batch_no: int) -> None:
    """Say how many lie below the cut for each signal, instead of whatever an earlier trace of it counted."""
    counts = below.group_by("signal").aggregate([("subject", "count")])
    act.run_many(REPLACE_BELOW, [{"signal_id": signal} for signal in signals])
    rows = zip(counts["signal"].to_pylist(), counts["subject_count"].to_pylist(), strict=True)
    now = to_us(act.now)
    act.run_many(
        COUNT_BELOW,
        [{"signal_id": signal, "batch_no": batch_no, "row_count": n, "recorded_at": now} for signal, n in rows],
    )
    act.note("exposures.below_cut", count=below.num_rows)


def retract_exposures(act: Act, signal_id: int, *, reason: Reason) -> int:
    """Take back everything a signal found, listed or below the cut; how many were listed."""
    count = act.run(RETRACT_LISTED, signal_id=signal_id, reason=reason.to_json())
    act.run(RETRACT_BELOW, signal_id=signal_id)
    act.note("exposures.retracted", subject=f"signal:{signal_id}", count=count)
    return count


def count_exposures(act: Act, signal_id: int) -> dict[str, int]:
    """How many of a signal's exposures are listed, below the cut, and retracted."""
    [row] = act.rows(COUNTS, signal_id=signal_id)
    return {"listed": int(row.listed), "below": int(row.below), "retracted": int(row.retracted)}


def _exposure_rows(listed: pa.Table, numbers: list[int], *, now: int) -> list[dict[str, object]]:
    columns = ["signal", "subject_kind", "subject", "ring", "weight", "minutes", "first_day", "last_day", "area_path"]
    rows = listed.select(columns).to_pylist()
    return [
        {**row, "subject": str(row["subject"]), "exposure_id": number, "recorded_at": now}
        for row, number in zip(rows, numbers, strict=True)
    ]


def _reason_rows(reasons: pa.Table, numbers: dict[tuple[int, str, int], int], *, now: int) -> list[dict[str, object]]:
    kept, last = [], dict.fromkeys(numbers.values(), 0)
    wanted = reasons.filter(pc.is_in(reasons["subject"], value_set=pa.array([key[2] for key in numbers], pa.int64())))
    for row, said in zip(wanted.to_pylist(), read_reasons(wanted), strict=True):
        number = numbers.get((row["signal"], row["subject_kind"], row["subject"]))
        if number is None:
            continue
        last[number] += 1
        place = {name: row[name] for name in ("rule", "place", "first_at", "last_at", "minutes", "distance", "weight")}
        kept.append(
            {
                **place,
                "exposure_id": number,
                "reason_no": last[number],
                "source": str(row["source"]),
                "reason": said.reason.to_json(),
                "recorded_at": now,
            }
        )
    return kept
