"""How much of the lake a trace touches: python bench/trace.py [--full] [--lake FOLDER].

Builds 14 days of visits in both copies (300,000 people and 10 million visits; --full: 3 and 100 million) and traces 5,
50, 500 and 5,000 cases through same_place, whole 14-day windows, one person in a hundred merged. Each number of cases
runs in a process of its own, and is told as a ratio to one scan of the four visit columns in that process: by the clock
and, because other work on the machine stretches that, by processor time. The lake is built in a temporary folder, or
once in FOLDER and then used again.
"""

import argparse
import resource
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from typing import TypeVar
from zoneinfo import ZoneInfo

import duckdb
import numpy as np
import numpy.typing as npt
import pyarrow as pa

from ringfence.terms import LAYOUTS, Clock, RecordKind, cell
from ringfence.trace import ALIASES, SOURCES, Question, RuleSettings, Visible, trace_ring

FIRST_DAY, DAYS, DAY_S = 18_993, 14, 86_400
CASES = (5, 50, 500, 5_000)
THREADS = 2
PEOPLE_A_PLACE = 12
SETTINGS = RuleSettings(
    minimum_minutes=15,
    linger_minutes=0,
    rules={"same_place": {}},
    second_ring_rules=(),
    weights={"same_place": 1.0},
    second_ring_share=0,
)

SCAN = "select sum(cell) as a, sum(person) as b, sum(enter_s) as c, sum(stay_s) as d from visit_by_cell"

WRITE = """
copy (select *, 1::integer as source, 1::bigint as batch, 1::integer as row, 0::bigint as recorded_at from visit
      order by {order})
to '{path}' (format parquet, parquet_version v2, compression zstd, row_group_size 20480)
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
    """Skewed venues, stays of forty minutes or so, split at midnight; one file a day and copy."""
    dice = np.random.default_rng(1)
    popularity = np.cumsum(dice.lognormal(0, 1.5, people // PEOPLE_A_PLACE))
    late: tuple[Column, ...] = (np.empty(0, np.int64),) * 4
    with duckdb.connect(config={"threads": THREADS}) as memory:
        memory.execute("set enable_progress_bar = false")
        for day in range(FIRST_DAY, FIRST_DAY + DAYS):
            drawn = draw_visits(dice, popularity, people=people, visits=visits // DAYS)
            person, place, enter_s, stay_s = (np.concatenate(both) for both in zip(drawn, late, strict=True))
            rest_s = np.maximum(enter_s + stay_s - DAY_S, 0)
            over = rest_s > 0
            late = (person[over], place[over], np.zeros(int(over.sum()), np.int64), rest_s[over])
            columns = {"cell": cell(day, 0) + place, "person": person}
            columns |= {"enter_s": enter_s.astype(np.int32), "stay_s": (stay_s - rest_s).astype(np.int32)}
            memory.register("visit", pa.table(columns))
            for copy in LAYOUTS[RecordKind.VISIT].copies:
                path = folder / copy.name / f"{day}.parquet"
                path.parent.mkdir(parents=True, exist_ok=True)
                memory.execute(WRITE.format(order=", ".join(copy.sorted_by), path=path))


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


def measure(folder: Path, people: int, cases: int) -> Figures:
    """A scan and a trace of some cases, the best of several runs each."""
    dice = np.random.default_rng(cases)
    merged = dice.choice(people, (2, people // 100), replace=False) + 1
    aliases = pa.table(list(merged), schema=ALIASES)
    records = {
        f"visit_{copy.name}": [str(path) for path in sorted((folder / copy.name).iterdir())]
        for copy in LAYOUTS[RecordKind.VISIT].copies
    }
    days = range(FIRST_DAY, FIRST_DAY + DAYS)
    clock = Clock(ZoneInfo("Asia/Shanghai"))
    with Visible(records, days=days, clock=clock, aliases=aliases, threads=THREADS) as visible:
        scan_s, _ = best(lambda: visible.read(SCAN).num_rows)
        visible.put_sources(draw_cases(dice, people, cases))
        trace_s, contacts = best(lambda: trace_ring(Question(visible, SETTINGS), rules=("same_place",)).num_rows)
    peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10
    return Figures(cases, scan_s, trace_s, contacts, peak_mb)


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
    mb = sum(path.stat().st_size for path in folder.rglob("*.parquet")) >> 20
    print(f"{people:,} people, {visits:,} visits in {DAYS} days, {mb:,} MB in two copies, {THREADS} threads")
    for cases in CASES:
        print(alone(measure, folder, people, cases), flush=True)


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
