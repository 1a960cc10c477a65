"""How fast check-ins get from a file into the lake, beside what two readers take to read the same file once.

Every figure is of this run. CPU seconds are of all threads of the process; a busy machine stretches the wall clock
more than them. `python bench/feeds.py [ROWS]`, two million by default.
"""

import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TypeVar
from zoneinfo import ZoneInfo

import duckdb
import numpy as np
import openpyxl
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv

from ringfence.feeds import Known, Provenance, Received, build_visits, find_identities, read_file, read_format
from ringfence.intake.known_records import leave_out_known
from ringfence.policy import read_defaults
from ringfence.store import Store, init_store, open_store
from ringfence.terms import Clock, RecordKind, to_us

CLOCK = Clock(ZoneInfo("Asia/Shanghai"))
FIRST_DAY, DAYS = date(2022, 2, 15), 14
NOW = datetime(2022, 3, 1, 4, tzinfo=UTC)
PLACES = 50_000
WORKBOOK_ROWS = 100_000
COLUMNS = ["place_id", "entered_at", "left_at", "name", "id_number", "phone"]
NAMES = [
    family + given for family in "王李张刘陈杨赵黄周吴" for given in ("伟", "芳", "秀英", "敏", "静", "丽娟", "强")
]

T = TypeVar("T")


def main() -> None:
    """Run the bench, or weigh one file in this process."""
    if sys.argv[1:2] == ["--weigh"]:
        weigh(Path(sys.argv[2]))
        return
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 2_000_000
    with tempfile.TemporaryDirectory() as folder:
        run(Path(folder), rows)


def run(folder: Path, rows: int) -> None:
    """Print every figure for so many rows."""
    path = folder / "check_ins.csv"
    write_check_ins(path, rows)
    print(f"{rows:,} check-ins, {path.stat().st_size / 1e6:,.0f} MB")
    measure("plain DuckDB read_csv, once, all text", rows, lambda: read_by_duckdb(path))
    measure("plain pyarrow.csv, once, all text", rows, lambda: read_by_arrow(path))
    received = measure("read_file: first pass (digest, encoding, repeats)", rows, lambda: receive(path))
    accepted = measure("read_parts: second pass (typed, checked)", rows, received.read).accepted
    measure("whole read_file, both passes, streamed", rows, lambda: count(receive(path)))
    identities = measure("distinct identities", rows, lambda: find_identities(accepted))
    print(f"    {identities.rows.num_rows:,} identities of {accepted.num_rows:,} accepted rows")
    persons = pa.array(np.asarray(identities.of_rows) + 1)
    visits = measure("build_visits", rows, lambda: to_visits(accepted, persons))
    init_store(folder / "deployment", zone="Asia/Shanghai", now=NOW)
    store = open_store(folder / "deployment")
    measure(
        "stage into the lake, both sorted copies", rows, lambda: store.lake.stage(RecordKind.VISIT, visits, batch_no=1)
    )
    measure_linked_visits(store, accepted, persons)
    store.close()
    measure_workbook(folder / "check_ins.xlsx", min(rows, WORKBOOK_ROWS))
    child = [sys.executable, __file__, "--weigh", str(path)]
    print(subprocess.run(child, check=True, capture_output=True, text=True).stdout.strip())  # noqa: S603 - ourselves


def measure_linked_visits(store: Store, accepted: pa.Table, persons: pa.Array) -> None:
    """Linked rows to both sorted copies, built and staged, the records that are in already looked for."""

    def put() -> None:
        visits = {RecordKind.VISIT: to_visits(accepted, persons)}
        new, _ = leave_out_known(store.lake, visits)
        store.lake.stage(RecordKind.VISIT, new[RecordKind.VISIT], batch_no=2)

    measure("linked visits into the lake, from Arrow", accepted.num_rows, put)


def measure_workbook(path: Path, rows: int) -> None:
    """The same rows as a workbook, read whole."""
    text = path.with_suffix(".csv").read_text("utf-8").splitlines()[: rows + 1]
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet()
    for line in text:
        sheet.append(line.split(","))
    book.save(path)
    measure(f"a workbook of {rows:,} rows, both passes", rows, lambda: count(receive(path)))


def measure(what: str, rows: int, work: Callable[[], T]) -> T:
    """Do it once and print rows a second by CPU and by the wall clock."""
    cpu, wall = time.process_time(), time.perf_counter()
    result = work()
    cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
    print(f"{what:52s} {rows / cpu:12,.0f} rows/s CPU {rows / wall:12,.0f} rows/s wall")
    return result


def write_check_ins(path: Path, rows: int) -> None:
    """Synthetic check-ins: minutes of two weeks, a quarter without a time of leaving, some five a person."""
    dice = np.random.default_rng(1)
    steps = np.datetime64(FIRST_DAY, "m") + np.arange((DAYS + 1) * 1440)
    minutes = pc.replace_substring(pa.array(np.datetime_as_string(steps)), "T", " ")
    entered = dice.integers(0, DAYS * 1440, rows)
    left = pc.if_else(
        pa.array(dice.random(rows) < 0.75), minutes.take(pa.array(entered + dice.integers(5, 300, rows))), ""
    )
    person = dice.integers(0, rows // 5 + 1, rows)
    columns = [
        pc.binary_join_element_wise("P", pa.array(dice.integers(0, PLACES, rows)).cast(pa.string()), ""),
        minutes.take(pa.array(entered)),
        left,
        pa.array(NAMES).take(pa.array(person % len(NAMES))),
        pa.array(140_200_198_001_010_000 + person).cast(pa.string()),
        pa.array(13_000_000_000 + person).cast(pa.string()),
    ]
    with path.open("wb") as file:
        file.write((",".join(COLUMNS) + "\n").encode())
        for start in range(0, rows, 500_000):
            lines = pc.binary_join_element_wise(*(column.slice(start, 500_000) for column in columns), ",")
            file.write(("\n".join(lines.to_pylist()) + "\n").encode())


def known() -> Known:
    """The places of the check-ins."""
    places = pa.table({"place_no": pa.array(range(PLACES), pa.int64()), "place_id": [f"P{n}" for n in range(PLACES)]})
    return Known(places=places)


def receive(path: Path) -> Received:
    """The file, surveyed."""
    declared = read_format("check_ins", policy=read_defaults())
    return read_file(path, declared, known=known(), clock=CLOCK, today=CLOCK.day_of(NOW))


def count(received: Received) -> int:
    """Read all parts and let go of each; how many rows came out, which must be as many as there are."""
    found = sum(part.accepted.num_rows + part.rejects.num_rows for part in received.read_parts())
    if found != received.row_count:
        message = f"{found} rows came of {received.row_count}"
        raise SystemExit(message)
    return found


def to_visits(accepted: pa.Table, persons: pa.Array) -> pa.Table:
    """The visits of the check-ins."""
    return build_visits(
        accepted,
        persons=persons,
        known=known(),
        clock=CLOCK,
        assumed_stay=timedelta(hours=1),
        source=1,
        provenance=Provenance(batch_no=1, recorded_at=to_us(NOW)),
    )


def read_by_duckdb(path: Path) -> pa.Table:
    """The file as DuckDB reads it, unchecked."""
    columns = dict.fromkeys(COLUMNS, "varchar")
    with duckdb.connect() as memory:
        return memory.read_csv(str(path), header=True, columns=columns, auto_detect=False).to_arrow_table()


def read_by_arrow(path: Path) -> pa.Table:
    """The file as Arrow reads it, unchecked."""
    texts = pyarrow.csv.ConvertOptions(column_types=dict.fromkeys(COLUMNS, pa.string()))
    return pyarrow.csv.read_csv(path, convert_options=texts)


def weigh(path: Path) -> None:
    """In a process of its own: the most memory it ever had, before the file and with it."""
    before = peak_mb()
    count(receive(path))
    print(f"peak memory {peak_mb():,} MB, of which {before:,} MB before the file")


def peak_mb() -> int:
    """The kernel's high-water mark of this program; getrusage would go on with the parent's."""
    [line] = [line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM:")]
    return int(line.split()[1]) // 1024


if __name__ == "__main__":
    main()
