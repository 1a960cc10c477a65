"""How much of the lake a trace touches: python bench/trace.py [--full] [--lake FOLDER].

Builds a deployment with 14 days of visits in both copies (300,000 people and 10 million visits; --full: 3 and 100
million), as `receive` lays them, one in a hundred visits in 500 late batches, the last of them after the indexes were
laid as `follow-up run` does. It traces 5, 50, 500 and 5,000 cases through same_place, whole 14-day windows, one person
in a hundred merged. Each number of cases runs in a process of its own, and is told as a ratio to one scan of the four
visit columns (Parquet) in that process: by the clock and, because other work on the machine stretches that, by
processor time. Then come the peers: the same trace without indexes, and the same meeting over one file a day in the
order of arrival, keys of place and day, no copies. The lake is built in a temporary folder, or once in FOLDER and then
used again.
"""

import argparse
import resource
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import TypeVar
from zoneinfo import ZoneInfo

import duckdb
import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq

from ringfence.store import Act, Batch, Store, commit_batch, index_lake, init_store, open_store
from ringfence.terms import LAYOUTS, SYSTEM, Clock, RecordKind, cell
from ringfence.trace import ALIASES, SOURCES, Question, RuleSettings, Visible, trace_ring

FIRST_DAY, DAYS, DAY_S = 18_993, 14, 86_400
CASES = (5, 50, 500, 5_000)
ZONE, NOW, DEPLOYMENT = "Asia/Shanghai", datetime(2022, 1, 15, tzinfo=UTC), "deployment"
THREADS = 2
PEOPLE_A_PLACE = 12
LATE_BATCHES, LATE_SHARE = 500, 0.01
SETTINGS = RuleSettings(
    minimum_minutes=15,
    linger_minutes=0,
    rules={"same_place": {}},
    second_ring_rules=(),
    weights={"same_place": 1.0},
    second_ring_share=0,
)

SCAN = "select sum(cell) as a, sum(person) as b, sum(enter_s) as c, sum(stay_s) as d from visit_by_cell"

# Who was at a place with a case for a quarter of an hour, over the visits as they came.
NAIVE = """
with visit as (
    select person, cell >> 32 as day, cell & 4294967295 as place, enter_s, enter_s + stay_s as leave_s
    from read_parquet($files)
),
case_visit as (select v.* from visit v join read_parquet($cases) c on c.person = v.person)
select c.person as source, v.person as subject, c.place, c.day,
    sum(least(v.leave_s, c.leave_s) - greatest(v.enter_s, c.enter_s)) as seconds
from case_visit c
join visit v on v.place = c.place and v.day = c.day and v.enter_s < c.leave_s and v.leave_s > c.enter_s
where v.person <> c.person
group by all
having seconds >= 900
"""

Column = npt.NDArray[np.int64]
Answer = TypeVar("Answer")


@dataclass(frozen=True)
class Figures:
    """What one number of cases cost: a scan and the trace in (elapsed, processor) seconds, rows, the process's peak."""

    cases: int
    scan_s: tuple[float, float]
    trace_s: tuple[float, float]
    contacts: int
    peak_mb: int

    def __str__(self) -> str:
        elapsed, processor = (trace / scan for trace, scan in zip(self.trace_s, self.scan_s, strict=True))
        return (
            f"{self.cases:>6,} cases  {elapsed:7.2f} scans by the clock, {processor:7.2f} by processor time  "
            f"({self.trace_s[0]:6.2f} s; a scan is {self.scan_s[0]:5.2f} s)  {self.contacts:>10,} contacts  "
            f"peak {self.peak_mb:>5,} MB"
        )


def build(folder: Path, people: int, visits: int) -> None:
    """Skewed venues, stays of forty minutes or so, split at midnight; a batch a day, and what came late in its own."""
    init_store(folder / DEPLOYMENT, zone=ZONE, now=NOW)
    store = open_store(folder / DEPLOYMENT)
    dice = np.random.default_rng(1)
    popularity = np.cumsum(dice.lognormal(0, 1.5, people // PEOPLE_A_PLACE))
    rest: tuple[Column, ...] = (np.empty(0, np.int64),) * 4
    last: list[tuple[dict[str, Column], int]] = []
    for number, day in enumerate(range(FIRST_DAY, FIRST_DAY + DAYS)):
        drawn = draw_visits(dice, popularity, people=people, visits=visits // DAYS)
        person, place, enter_s, stay_s = (np.concatenate(both) for both in zip(drawn, rest, strict=True))
        over_s = np.maximum(enter_s + stay_s - DAY_S, 0)
        over = over_s > 0
        rest = (person[over], place[over], np.zeros(int(over.sum()), np.int64), over_s[over])
        columns = {"cell": cell(day, 0) + place, "person": person, "enter_s": enter_s, "stay_s": stay_s - over_s}
        is_late = dice.random(person.size) < LATE_SHARE
        of_batch = np.where(is_late, dice.integers(number, LATE_BATCHES, person.size) // DAYS * DAYS + number, -1)
        for batch in np.unique(of_batch):
            chosen = of_batch == batch
            rows = {name: column[chosen] for name, column in columns.items()}
            batch_no = int(batch) + 2 if batch >= 0 else LATE_BATCHES + number + DAYS + 2
            if batch >= LATE_BATCHES - DAYS:
                last.append((rows, batch_no))
            else:
                put(store, rows, batch_no)
    begun = time.perf_counter()
    count = index_lake(store, actor=SYSTEM, now=NOW, progress=lambda _: None)
    print(f"{count} indexes laid in {time.perf_counter() - begun:.1f} s", flush=True)
    for rows, batch_no in last:
        put(store, rows, batch_no)
    store.close()


def put(store: Store, columns: dict[str, Column], batch_no: int) -> None:
    """A batch's visits of a day in both copies, as `receive` lays them out."""
    count = columns["cell"].size
    known = {"source": np.ones(count), "batch": np.repeat(batch_no, count), "row": np.arange(count)}
    rows = pa.table(columns | known | {"recorded_at": np.zeros(count)})
    files = store.lake.stage(RecordKind.VISIT, rows, batch_no=batch_no)
    batch = Batch(
        batch_no=batch_no,
        batch_id=f"batch-{batch_no}",
        feed="checkins",
        department="industry",
        purpose="contact_tracing",
        source_digest="",
        rows_accepted=count,
        rows_rejected=0,
        retain_until_day=None,
    )

    def commit(act: Act) -> None:
        commit_batch(act, batch)
        store.lake.commit(act, files)
        act.note("batch.received", subject=f"batch:{batch_no}", count=count)

    store.act(commit, actor=SYSTEM, now=NOW)


def draw_visits(
    dice: np.random.Generator, popularity: npt.NDArray[np.float64], *, people: int, visits: int
) -> tuple[Column, ...]:
    """Persons, places, seconds of entering and of staying (each shape visits)."""
    return (
        dice.integers(1, people + 1, visits),
        np.searchsorted(popularity, dice.random(visits) * popularity[-1]) + 1,
        dice.integers(6 * 3600, 23 * 3600, visits),
        np.clip(dice.lognormal(np.log(40 * 60), 0.8, visits), 60, 10 * 3600).astype(np.int64),
    )


def measure(folder: Path, people: int, cases: int, *, by_index: bool) -> Figures:
    """A scan and a trace of some cases, the best of several runs each."""
    dice = np.random.default_rng(cases)
    merged = dice.choice(people, (2, people // 100), replace=False) + 1
    aliases = pa.table(list(merged), schema=ALIASES)
    store = open_store(folder / DEPLOYMENT, writes=False)
    records = {}
    for copy in LAYOUTS[RecordKind.VISIT].copies:
        laid = store.lake.laid(RecordKind.VISIT, copy=copy.name)
        records[f"visit_{copy.name}"] = laid if by_index else laid.files
    store.close()
    days = range(FIRST_DAY, FIRST_DAY + DAYS)
    clock = Clock(ZoneInfo(ZONE))
    with Visible(records, days=days, clock=clock, aliases=aliases, threads=THREADS) as visible:
        scan_s, _ = best(lambda: visible.read(SCAN).num_rows)
        visible.put_sources(draw_cases(dice, people, cases))
        trace_s, contacts = best(lambda: trace_ring(Question(visible, SETTINGS), rules=("same_place",)).num_rows)
    peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10
    return Figures(cases, scan_s, trace_s, contacts, peak_mb)


def lay_naively(folder: Path) -> None:
    """The same visits, one file a day in an order of their own, in row groups as DuckDB would have them."""
    (folder / "naive").mkdir()
    with duckdb.connect(config={"threads": THREADS}) as memory:
        memory.execute("set enable_progress_bar = false")
        for day in sorted((folder / DEPLOYMENT / "lake" / "visit" / "by_cell").iterdir()):
            query = f"select cell, person, enter_s, stay_s from '{day}/*.parquet' order by hash(person, enter_s, cell)"  # noqa: S608 - our own folder
            memory.execute(f"copy ({query}) to '{folder}/naive/{day.name}.parquet' (format parquet, compression zstd)")


def measure_naively(folder: Path, people: int, cases: int) -> str:
    """The same cases over the naive lay-out, in scans of it, the best of several runs."""
    drawn = draw_cases(np.random.default_rng(cases), people, cases)
    chosen = folder / f"cases-{cases}.parquet"
    pq.write_table(drawn.select(["person"]), chosen)
    files = sorted(str(path) for path in (folder / "naive").iterdir())
    with duckdb.connect(config={"threads": THREADS}) as memory:
        memory.execute("set enable_progress_bar = false")
        scan = SCAN.replace("visit_by_cell", "read_parquet($files)")
        scan_s, _ = best(lambda: memory.sql(scan, params={"files": files}).to_arrow_table().num_rows)
        asked = {"files": files, "cases": str(chosen)}
        naive_s, found = best(lambda: memory.sql(NAIVE, params=asked).to_arrow_table().num_rows)
    elapsed, processor = (trace / scan for trace, scan in zip(naive_s, scan_s, strict=True))
    return (
        f"{cases:>6,} cases  {elapsed:7.2f} scans by the clock, {processor:7.2f} by processor time  "
        f"({naive_s[0]:6.2f} s; a scan is {scan_s[0]:5.2f} s)  {found:>10,} pairs"
    )


def draw_cases(dice: np.random.Generator, people: int, cases: int) -> pa.Table:
    """Different persons at random, each with the whole of the lake as its window."""
    person = dice.choice(people, cases, replace=False) + 1
    window = {"first_day": FIRST_DAY, "first_s": 0, "last_day": FIRST_DAY + DAYS - 1, "last_s": DAY_S}
    columns = {"signal": person, "case_no": person, "person": person, "direction": np.repeat("forward", cases)}
    columns |= {name: np.repeat(number, cases) for name, number in window.items()}
    return pa.table(columns).cast(SOURCES)


def best(work: Callable[[], int], *, runs: int = 3) -> tuple[tuple[float, float], int]:
    """The least of some runs in elapsed and in processor seconds, and how many rows the last gave."""
    elapsed, processor = [], []
    for _ in range(runs):
        clock, busy = time.perf_counter(), time.process_time()
        rows = work()
        elapsed.append(time.perf_counter() - clock)
        processor.append(time.process_time() - busy)
    return (min(elapsed), min(processor)), rows


def alone(work: Callable[..., Answer], *arguments: object) -> Answer:
    """What some work answers in a process of its own, whose peak of memory is its own."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as process:
        return process.submit(work, *arguments).result()


def run(folder: Path, *, people: int, visits: int) -> None:
    """Build the lake where it is missing, and print a line for each number of cases."""
    if not any(folder.iterdir()):
        alone(build, folder, people, visits)
    parquet, index = (
        sum(path.stat().st_size for path in (folder / DEPLOYMENT).rglob(f"*.{suffix}")) >> 20
        for suffix in ("parquet", "arrow")
    )
    print(
        f"{people:,} people, {visits:,} visits in {DAYS} days, {parquet:,} MB in two copies, {index:,} MB of indexes, "
        f"{THREADS} threads"
    )
    for cases in CASES:
        print(alone(partial(measure, folder, people, cases, by_index=True)), flush=True)
    print("without indexes, by the row groups of Parquet alone:")
    for cases in CASES[:3]:
        print(alone(partial(measure, folder, people, cases, by_index=False)), flush=True)
    if not (folder / "naive").exists():
        alone(lay_naively, folder)
    print("one file a day as it came, keys of place and day, in scans of its own:")
    for cases in CASES[:3]:
        print(alone(measure_naively, folder, people, cases), flush=True)


def main() -> None:
    """Read the options and run."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--full", action="store_true", help="3 million people and 100 million visits")
    parser.add_argument("--lake", type=Path, help="build the lake here, or use the one that is here")
    options = parser.parse_args()
    scale = 10 if options.full else 1
    with tempfile.TemporaryDirectory() as aside:
        folder = options.lake or Path(aside)
        folder.mkdir(parents=True, exist_ok=True)
        run(folder, people=300_000 * scale, visits=10_000_000 * scale)


if __name__ == "__main__":
    main()
