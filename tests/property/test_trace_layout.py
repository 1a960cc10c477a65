"""A lake laid anew gives byte-equal answers, and a signal's exposures do not depend on what else is traced with it."""

import random
from pathlib import Path
from zoneinfo import ZoneInfo

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from pyarrow import csv

from ringfence.store import Laid, write_index
from ringfence.terms import LAYOUTS, Clock, RecordKind, cell
from ringfence.trace import ALIASES, PLACES, SOURCES, Records, RuleSettings, Visible, rank, trace_exposures

CLOCK = Clock(ZoneInfo("Asia/Shanghai"))
DAYS = range(19_050, 19_056)
PEOPLE, SPOTS, SIGNALS = 120, 12, 6
PROTOCOL = RuleSettings(
    minimum_minutes=15,
    linger_minutes=30,
    rules={"same_place": {}, "household": {}, "near_in_place_and_day": {"metres": 300, "days": 1}},
    second_ring_rules=("household",),
    weights={"same_place": 1.0, "household": 500.0, "near_in_place_and_day": 3.0},
    second_ring_share=0.3,
)
KINDS = {"visit_by_cell": RecordKind.VISIT, "visit_by_person": RecordKind.VISIT} | {
    kind.value: kind for kind in (RecordKind.MEMBERSHIP, RecordKind.ROUTE_POINT)
}


def town(seed: int) -> dict[str, pa.Table]:
    """A small town in which everything happens: visits, some across midnight, homes, routes and bad records."""
    dice = random.Random(seed)
    visits = []
    for person in range(1, PEOPLE + 1):
        for day in DAYS:
            place, enter_s = dice.randint(1, SPOTS), dice.randint(0, 80_000)
            stay_s = min(dice.randint(-60, 9_000), CLOCK.seconds_in(day) - enter_s)
            visits.append({"cell": cell(day, place), "person": person, "enter_s": enter_s, "stay_s": stay_s})
            if enter_s > 76_000:
                visits.append({"cell": cell(day + 1, place), "person": person, "enter_s": 0, "stay_s": 600})
    homes = [
        {"person": p, "group_kind": "household", "group_no": p // 3, "from_day": None, "to_day": None}
        for p in range(1, PEOPLE + 1)
    ]
    points = [
        {"person": p, "day": day, "longitude": 113.3 + dice.random() / 50, "latitude": 40.08 + dice.random() / 50}
        for p in range(1, SIGNALS * 4)
        for day in DAYS
    ]
    rows = {"visit_by_cell": visits, "visit_by_person": visits, "membership": homes, "route_point": points}
    return {name: pa.Table.from_pylist(rows[name], LAYOUTS[kind].schema) for name, kind in KINDS.items()}


def lay(records: dict[str, pa.Table], folder: Path, dice: random.Random) -> Records:
    """The same rows in other files, row groups and orders."""
    laid = {}
    for name, rows in records.items():
        order = dice.sample(range(rows.num_rows), rows.num_rows)
        cuts = sorted(dice.sample(range(1, rows.num_rows), dice.randint(0, 5)))
        paths = []
        for start, end in zip([0, *cuts], [*cuts, rows.num_rows], strict=True):
            path = folder / f"{name}-{start}.parquet"
            pq.write_table(rows.take(order[start:end]), path, row_group_size=dice.choice([7, 50, 20_000]))
            paths.append(str(path))
        laid[name] = dice.sample(paths, len(paths))
    return laid


def lay_indexes(records: Records, folder: Path, dice: random.Random) -> Records:
    """Indexes over some of the visits' files; the others stay beside them."""
    laid = dict(records)
    for copy in LAYOUTS[RecordKind.VISIT].copies:
        name, indexes = f"visit_{copy.name}", {}
        files = list(records[name])
        while files and (not indexes or dice.random() < 0.6):
            sources = [files.pop() for _ in range(dice.randint(1, len(files)))]
            path = folder / f"{name}-{len(indexes)}.arrow"
            rows = pa.concat_tables(pq.read_table(source) for source in sources)
            write_index(path, rows.select([copy.key, *copy.looked_up]), key=copy.key)
            indexes[str(path)] = tuple(sources)
        laid[name] = Laid(tuple(records[name]), indexes, tuple(files))
    return laid


def sources(signals: range) -> pa.Table:
    rows = [
        (signal, 100 + signal, 5 * signal, direction, DAYS[1], 30_000, DAYS[3], 70_000)
        for signal in signals
        for direction in ("forward", "backward")
    ]
    return pa.Table.from_pylist([dict(zip(SOURCES.names, row, strict=True)) for row in rows], SOURCES)


def trace(records: Records, signals: range, *, threads: int) -> dict[str, pa.Table]:
    aliases = pa.table([[7, 31, 32], [5, 33, 33]], schema=ALIASES)
    places = pa.Table.from_pylist(
        [{"place_no": n, "longitude": 113.3 + n / 600, "latitude": 40.085} for n in range(1, SPOTS)], PLACES
    )
    with Visible(records, days=DAYS, clock=CLOCK, aliases=aliases, places=places, threads=threads) as visible:
        traced = trace_exposures(
            visible, sources=sources(signals), settings=PROTOCOL, until_day=DAYS[-1], until_s=40_000
        )
    ranking = rank(traced.exposures, seed=11)
    return {"exposures": traced.exposures, "reasons": traced.reasons, "ranked": ranking.exposures}


def to_bytes(table: pa.Table) -> bytes:
    """As a file that somebody could keep: Arrow's own memory holds chance bytes beneath empty fields."""
    sink = pa.BufferOutputStream()
    csv.write_csv(table, sink)
    return bytes(sink.getvalue())


@pytest.mark.parametrize("seed", range(3))
def test_a_lake_laid_anew_gives_byte_equal_answers(seed: int, tmp_path: Path) -> None:
    records = town(seed)
    whole = trace(records, range(1, SIGNALS + 1), threads=1)
    anew = trace(lay(records, tmp_path, random.Random(seed)), range(1, SIGNALS + 1), threads=2)
    assert whole["reasons"].num_rows > 500
    assert set(whole["exposures"].column("ring").to_pylist()) == {1, 2}
    assert {name: to_bytes(table) for name, table in whole.items()} == {
        name: to_bytes(table) for name, table in anew.items()
    }


@pytest.mark.parametrize("seed", range(6))
def test_indexes_over_any_of_the_files_give_byte_equal_answers(seed: int, tmp_path: Path) -> None:
    records, dice = town(seed), random.Random(seed)
    whole = trace(records, range(1, SIGNALS + 1), threads=1)
    laid = lay_indexes(lay(records, tmp_path, dice), tmp_path, dice)
    indexed = trace(laid, range(1, SIGNALS + 1), threads=2)
    assert {name: to_bytes(table) for name, table in whole.items()} == {
        name: to_bytes(table) for name, table in indexed.items()
    }


def test_an_index_replaced_in_the_meantime_is_read_from_its_files(tmp_path: Path) -> None:
    records = town(1)
    whole = trace(records, range(1, SIGNALS + 1), threads=1)
    laid = lay_indexes(lay(records, tmp_path, random.Random(2)), tmp_path, random.Random(2))
    gone = list(tmp_path.glob("*.arrow"))
    assert gone
    for path in gone:
        path.unlink()
    left = trace(laid, range(1, SIGNALS + 1), threads=2)
    assert to_bytes(left["exposures"]) == to_bytes(whole["exposures"])


def test_a_signal_has_the_same_exposures_alone_and_among_others() -> None:
    records = town(3)
    together = trace(records, range(1, SIGNALS + 1), threads=2)
    alone = [trace(records, range(signal, signal + 1), threads=2) for signal in range(1, SIGNALS + 1)]
    for name in ("exposures", "reasons"):
        parts = pa.concat_tables([one[name] for one in alone])
        kept = [column for column in together[name].column_names if column != "is_case"]
        assert together[name].select(kept).equals(parts.select(kept))
