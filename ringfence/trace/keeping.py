"""Keeping what a trace found: above the cut on the desk, below it in the lake, and nothing dropped (policy 2.3).

At every moment and for every signal: found = listed + counted below the cut + retracted with a reason, and every id is
in exactly one of them. An exposure on the desk is `listed`, `retracted`, or `below`: then the batch the desk points to
holds it, and counts it. Whoever is found again keeps the instant they were first found, for clocks run from there.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, TypeAlias

import pyarrow as pa
import pyarrow.compute as pc
from sqlalchemy import Row

from ringfence.store import Act
from ringfence.terms import Direction, Reason, ReasonCode, to_us
from ringfence.trace.below_cut import CARRIED, KEY, Before, Key, keys_of
from ringfence.trace.reasons import say_why

UPSERT_EXPOSURE = """
insert into exposure (exposure_id, signal_id, subject_kind, subject_key, ring, rank_no, weight, minutes, first_day,
    last_day, forward_rules, backward_rules, area_path, is_identified, status, recorded_at)
values (:exposure_id, :signal, :subject_kind, :subject, :ring, :rank, :weight, :minutes, :first_day, :last_day,
    :forward_rules, :backward_rules, :area_path, :is_identified, 'listed', :recorded_at)
on conflict (signal_id, subject_kind, subject_key) do update set ring = excluded.ring, rank_no = excluded.rank_no,
    weight = excluded.weight, minutes = excluded.minutes, first_day = excluded.first_day, last_day = excluded.last_day,
    forward_rules = excluded.forward_rules, backward_rules = excluded.backward_rules,
    is_identified = excluded.is_identified, status = 'listed', reason = null, recorded_at = excluded.recorded_at
"""

INSERT_LOST = """
insert into exposure (exposure_id, signal_id, subject_kind, subject_key, ring, weight, minutes, first_day, last_day,
    area_path, is_identified, status, reason, recorded_at)
values (:exposure_id, :signal, :subject_kind, :subject, :ring, :weight, :minutes, :first_day, :last_day, :area_path,
    false, 'retracted', :reason, :recorded_at)
"""

MOVE_EXPOSURE = """
update exposure set status = :status, reason = :reason, recorded_at = :recorded_at where exposure_id = :exposure_id
"""

# What proved an exposure that is retracted stays on record.
DELETE_REASONS = """
delete from exposure_reason
where exposure_id in (select exposure_id from exposure where signal_id = :signal_id and status = 'listed')
"""

INSERT_REASON = """
insert into exposure_reason (exposure_id, reason_no, rule, direction, source_kind, source_key, place_no, first_at,
    last_at, minutes, distance, weight, reason, recorded_at)
values (:exposure_id, :reason_no, :rule, :direction, 'person', :source, :place, :first_at, :last_at, :minutes,
    :distance, :weight, :reason, :recorded_at)
"""

RETRACT_LISTED = """
update exposure set status = 'retracted', reason = :reason where signal_id = :signal_id and status = 'listed'
"""

RETRACT_BELOW = "update exposure_below_cut set status = 'retracted' where signal_id = :signal_id"

COUNTS = """
select (select count(*) from exposure where signal_id = :signal_id and status = 'listed') as listed,
    (select coalesce(sum(row_count), 0) from exposure_below_cut where signal_id = :signal_id and status = 'counted')
        as below,
    (select count(*) from exposure where signal_id = :signal_id and status = 'retracted')
        + (select coalesce(sum(row_count), 0) from exposure_below_cut
            where signal_id = :signal_id and status = 'retracted') as retracted
"""

_OF_REASON = ["rule", "direction", "place", "first_at", "last_at", "minutes", "distance", "weight"]

Values: TypeAlias = dict[str, object]


def put_exposures(act: Act, listed: pa.Table, reasons: pa.Table, *, below: pa.Table, before: Before) -> pa.Table:
    """Keep the exposures above the cut with their reasons; signal, subject_kind, subject and `exposure` number of each.

    `listed` and `below` have the columns of EXPOSURES, `area_path`, `is_identified` and their `rank` from 0; `reasons`
    those of REASONS, of others too. Of what an earlier trace of the same signals found (`before`), whoever is below the
    cut now is moved there, and whoever is not found any more is retracted by id. An exposure keeps its number.
    """
    now, keys = to_us(act.now), keys_of(listed)
    new = [key for key in keys if key not in before.exposures]
    first = act.take_numbers("exposure", len(new))
    numbers = {key: row.exposure_id for key, row in before.exposures.items()}
    numbers |= {key: first + n for n, key in enumerate(new)}
    kept = _reason_rows(reasons, {key: numbers[key] for key in keys}, now=now)
    rows = _exposure_rows(listed, [numbers[key] for key in keys], kept)
    found_at = before.found_at
    _move_others(act, before, listed=set(keys), below=below, now=now)
    act.run_many(
        UPSERT_EXPOSURE,
        [{**row, "recorded_at": found_at.get(key, now)} for row, key in zip(rows, keys, strict=True)],
    )
    act.run_many(DELETE_REASONS, [{"signal_id": signal} for signal in before.signals])
    act.run_many(INSERT_REASON, kept)
    act.note("exposures.listed", count=listed.num_rows)
    return listed.select(list(KEY)).append_column("exposure", pa.array([numbers[key] for key in keys], pa.int64()))


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


def _move_others(act: Act, before: Before, *, listed: set[Key], below: pa.Table, now: int) -> None:
    """Whoever an earlier trace found and this one does not list: below the cut, or found no more."""
    if before.is_empty:
        return
    under = set(keys_of(below))
    on_desk = {key: row for key, row in before.exposures.items() if key not in listed}
    moved = [
        _move(row, "below", None, recorded_at=before.found_at.get(key, now))
        for key, row in on_desk.items()
        if key in under and row.status != "below"
    ]
    reason = Reason.of(ReasonCode.NO_LONGER_FOUND).to_json()
    lost = [
        _move(row, "retracted", reason, recorded_at=row.recorded_at)
        for key, row in on_desk.items()
        if key not in under and row.status != "retracted"
    ]
    elsewhere = listed | under | before.exposures.keys()
    only_in_lake = before.below.filter(pa.array([key not in elsewhere for key in keys_of(before.below)], pa.bool_()))
    act.run_many(MOVE_EXPOSURE, [*moved, *lost])
    act.run_many(INSERT_LOST, _lost_rows(act, only_in_lake, reason=reason))
    act.note("exposures.moved", count=len(moved), lost=len(lost) + only_in_lake.num_rows)


def _move(row: Row[Any], status: str, reason: str | None, *, recorded_at: int) -> Values:
    return {"exposure_id": row.exposure_id, "status": status, "reason": reason, "recorded_at": recorded_at}


def _lost_rows(act: Act, lost: pa.Table, *, reason: str) -> list[Values]:
    first = act.take_numbers("exposure", lost.num_rows)
    return [
        {
            **{name: row[name] for name in CARRIED},
            "subject": str(row["subject"]),
            "exposure_id": first + n,
            "area_path": row["area_path"],
            "reason": reason,
            "recorded_at": row["found_at"],
        }
        for n, row in enumerate(lost.to_pylist())
    ]


def _exposure_rows(listed: pa.Table, numbers: Iterable[int], reasons: Iterable[Values]) -> list[Values]:
    """Each exposure as it is kept, with the rules of its reasons by the direction they were traced in."""
    rules: dict[tuple[object, object], set[str]] = defaultdict(set)
    for reason in reasons:
        rules[reason["exposure_id"], reason["direction"]].add(str(reason["rule"]))
    rows = listed.select([*CARRIED, "subject", "area_path", "is_identified", "rank"]).to_pylist()
    return [
        {
            **row,
            "subject": str(row["subject"]),
            "exposure_id": number,
            "rank": row["rank"] + 1,
            **{f"{way}_rules": ",".join(sorted(rules[number, way.value])) for way in Direction},
        }
        for row, number in zip(rows, numbers, strict=True)
    ]


def _reason_rows(reasons: pa.Table, numbers: Mapping[Key, int], *, now: int) -> list[Values]:
    wanted = reasons.filter(pc.is_in(reasons["subject"], value_set=pa.array([key[2] for key in numbers], pa.int64())))
    about = zip(keys_of(wanted), wanted["source"].to_pylist(), _say_each(wanted), strict=True)
    kept, last = [], dict.fromkeys(numbers.values(), 0)
    for row, (key, source, reason) in zip(wanted.select(_OF_REASON).to_pylist(), about, strict=True):
        number = numbers.get(key)
        if number is None:
            continue
        last[number] += 1
        kept.append(
            {
                **row,
                "exposure_id": number,
                "reason_no": last[number],
                "source": str(source),
                "reason": reason,
                "recorded_at": now,
            }
        )
    return kept


def _say_each(reasons: pa.Table) -> Iterator[str]:
    """Each row's reason as it is kept."""
    words = (reasons[name].to_pylist() for name in ("code", "minutes", "distance", "days_apart"))
    return (say_why(*each).to_json() for each in zip(*words, strict=True))
