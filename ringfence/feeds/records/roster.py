"""Lines of the duty roster to units, and to duties within local days (policy 7.1)."""

import numpy as np
import pyarrow as pa

from ringfence.feeds.known import Known
from ringfence.feeds.records.midnights import split_at_midnights
from ringfence.feeds.wall_times import DAY_S, SECOND_US, to_instants
from ringfence.terms import Clock, Duty, Level, Unit


def build_units(accepted: pa.Table, *, known: Known) -> dict[int, Unit]:
    """The units by the last line that speaks of each: what it says is what holds."""
    units = {
        row["unit_id"]: (
            row["row"],
            Unit(
                unit_id=row["unit_id"],
                area_path=known.areas[row["area_code"]].path,
                level=Level(row["level"]),
                daily_capacity=row["daily_capacity"],
                task_kinds=frozenset(row["task_kinds"]),
            ),
        )
        for row in accepted.to_pylist()
    }
    return dict(units.values())


def build_duties(accepted: pa.Table, *, clock: Clock) -> list[dict[int, Duty]]:
    """The duties by line: those of the lines' own days and, after them, what goes on past midnight.

    Times on the wall clock become seconds of the local day.
    """
    midnight = np.asarray(accepted["date"].cast(pa.int32())).astype(np.int64) * DAY_S
    from_time, to_time = np.asarray(accepted["from_time"]), np.asarray(accepted["to_time"])
    is_overnight = to_time < from_time
    begins, _ = to_instants(midnight + from_time, clock)
    ends, _ = to_instants(midnight + to_time + DAY_S * is_overnight, clock)
    lines = accepted.to_pylist()
    duties: list[dict[int, Duty]] = [{}, {}]
    for line, day, from_s, length_s in zip(
        *(part.tolist() for part in split_at_midnights(begins // SECOND_US, ends // SECOND_US, clock=clock)),
        strict=True,
    ):
        row = lines[line]
        duty = Duty(
            unit_id=row["unit_id"],
            day=day,
            from_s=from_s,
            to_s=from_s + length_s,
            leader=row["leader"],
            deputy=row["deputy"] or None,
        )
        duties[row["row"] in duties[0]][row["row"]] = duty
    return duties
