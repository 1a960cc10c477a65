"""What sentinels reported, as it stands today: of two reports of a day the one reported later holds (policy 4.1)."""

from dataclasses import dataclass

import duckdb
import numpy as np
import pyarrow as pa

from ringfence.sentinel.counts import DAILY, WEEKLY, Counts, Points
from ringfence.store import Act, Desk, Lake
from ringfence.terms import Clock, RecordKind, from_us

WEEK = 7
EPOCH_WEEKDAY = 3  # 1970-01-01 was a Thursday; Monday is 0

SITES = "select site_id, name, kind, area_code, area_path, recorded_at from sentinel_site order by site_id"

# What was reported first says how timely it was, what was reported last what holds.
REPORTS_IN_FORCE = """
select site, syndrome, day, arg_max(n, {'at': reported_at, 'batch': batch, 'row': row}) as n,
    min(reported_at) as first_reported_at, count(*) as reports
from read_parquet($files)
where day <= $today
group by site, syndrome, day
order by site, syndrome, day
"""

REPORTS = pa.schema(
    [
        ("site", pa.string()),
        ("syndrome", pa.string()),
        ("day", pa.int32()),
        ("n", pa.int64()),
        ("first_reported_at", pa.int64()),
        ("reports", pa.int64()),
    ]
)
"""One row a site, syndrome and day that was reported; a day that has none is missing, not zero."""


@dataclass(frozen=True, kw_only=True)
class Site:
    """A sentinel as the health department lists it; `since_day` is when it was first listed (local day number)."""

    site_id: str
    name: str
    kind: str
    area_code: str
    area_path: str
    since_day: int


@dataclass(frozen=True)
class Series:
    """Counts that share a rhythm; `keys` are site and syndrome of each column."""

    keys: tuple[tuple[str, str], ...]
    counts: Counts


def read_sites(ask: Act | Desk, *, clock: Clock) -> list[Site]:
    """The sentinels there are, by id."""
    return [
        Site(
            site_id=row.site_id,
            name=row.name,
            kind=row.kind,
            area_code=row.area_code,
            area_path=row.area_path,
            since_day=clock.day_of(from_us(row.recorded_at)),
        )
        for row in ask.rows(SITES)
    ]


def read_reports(lake: Lake, *, days: tuple[int, int]) -> pa.Table:
    """What holds of the reports of some local days (schema REPORTS), both included."""
    files = lake.paths(RecordKind.COUNT, days=days)
    if not files:
        return REPORTS.empty_table()
    with duckdb.connect(":memory:", config={"temp_directory": ""}) as memory:
        found = memory.sql(REPORTS_IN_FORCE, params={"files": files, "today": days[1]}).to_arrow_table()
    return found.cast(REPORTS)


def lay_series(reports: pa.Table, *, today: int) -> list[Series]:
    """Series on a common axis that ends today: daily ones, and weekly ones by the day of the week they are told for.

    A series is weekly where all its days have one day of the week and there are two at least.
    """
    if not reports.num_rows:
        return []
    site, syndrome = (reports[name].to_pylist() for name in ("site", "syndrome"))
    keys = sorted(set(zip(site, syndrome, strict=True)))
    place = {key: number for number, key in enumerate(keys)}
    series = np.array([place[key] for key in zip(site, syndrome, strict=True)])
    days, n = reports["day"].to_numpy().astype(np.int64), reports["n"].to_numpy().astype(float)
    rhythm = _find_rhythms(series, days, len(keys))
    found = []
    for kind in np.unique(rhythm).tolist():
        chosen = np.flatnonzero(rhythm == kind)
        mine = np.isin(series, chosen)
        of_kind = np.searchsorted(chosen, series[mine])
        counts = _lay(days[mine], of_kind, n[mine], columns=len(chosen), weekday=kind, today=today)
        found.append(Series(tuple(keys[one] for one in chosen.tolist()), counts))
    return found


def _find_rhythms(series: Points, days: Points, many: int) -> Points:
    """The day of the week (Monday: 0) of each weekly series, -1 for daily ones."""
    weekday = (days + EPOCH_WEEKDAY) % WEEK
    first, last = np.full(many, WEEK), np.full(many, -1)
    np.minimum.at(first, series, weekday)
    np.maximum.at(last, series, weekday)
    is_weekly = (first == last) & (np.bincount(series, minlength=many) > 1)
    return np.where(is_weekly, first, -1)


def _lay(days: Points, series: Points, n: np.ndarray, *, columns: int, weekday: int, today: int) -> Counts:
    step = 1 if weekday < 0 else WEEK
    last = today if weekday < 0 else today - (today + EPOCH_WEEKDAY - weekday) % WEEK
    axis = np.arange(int(days.min()), max(last, int(days.max())) + 1, step)
    matrix = np.full((len(axis), columns), np.nan)
    matrix[(days - axis[0]) // step, series] = n
    units = tuple(map(str, range(columns)))
    return Counts(units, matrix, np.ones_like(matrix), DAILY if weekday < 0 else WEEKLY, axis)
