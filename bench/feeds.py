"""How fast and in how little memory department files get in: from their bytes, over linking, into the lake.

Every figure is of this run. CPU seconds are of all threads of the process; a busy machine stretches the wall clock
more than them. `python bench/feeds.py [--rows ROWS] [--people PEOPLE]`: two million check-ins of 200,000 people;
`--full`: a file of 2 GB, of 300,000. Whole `receive` runs in a process of its own, whose memory is weighed: it grows
with the people a file names (some 2 kB for each whom nobody knows, for they are linked together), not with its rows.
"""

import argparse
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TypeVar
from zoneinfo import ZoneInfo

import duckdb
import numpy as np
import numpy.typing as npt
import openpyxl
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv

from ringfence import areas, flow, stewardship
from ringfence.access import add_user, grant_role
from ringfence.areas import PlaceRow
from ringfence.feeds import Identities, Known, Provenance, Received, build_visits, read_file, read_format
from ringfence.intake import Delivery
from ringfence.intake.known_records import leave_out_known
from ringfence.intake.shelf import PART_ROWS
from ringfence.policy import read_defaults
from ringfence.store import Act, Store, init_store, open_store
from ringfence.terms import Actor, Clock, Grant, PlaceKind, RecordKind, Role, to_us

CLOCK = Clock(ZoneInfo("Asia/Shanghai"))
FIRST_DAY, DAYS = date(2022, 2, 15), 14
NOW = datetime(2022, 3, 1, 4, tzinfo=UTC)
PLACES = 50_000
STEP_ROWS, WORKBOOK_ROWS, WRITTEN_ROWS = 2_000_000, 100_000, 500_000
FULL_ROWS, FULL_PEOPLE = 26_000_000, 300_000
STEWARD = Actor(Role.DATA_STEWARD)
PASSWORD = "cold iron fence"  # noqa: S105 - it opens a deployment that is gone after the run
COLUMNS = ["place_id", "entered_at", "left_at", "name", "id_number", "phone"]
NAMES = [
    family + given for family in "王李张刘陈杨赵黄周吴" for given in ("伟", "芳", "秀英", "敏", "静", "丽娟", "强")
]

T = TypeVar("T")
Integers = npt.NDArray[np.int64]


def main() -> None:
    """Run the bench, or receive one file in this process and say what it weighs."""
    parser = argparse.ArgumentParser(description="Measure how department files get in.")
    parser.add_argument("--rows", type=int, default=2_000_000)
    parser.add_argument("--people", type=int, default=200_000)
    parser.add_argument("--full", action="store_true", help="26 million rows: 2 GB")
    parser.add_argument("--receive", type=Path, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.receive:
        weigh(asked.receive)
        return
    rows, people = (FULL_ROWS, FULL_PEOPLE) if asked.full else (asked.rows, asked.people)
    with tempfile.TemporaryDirectory() as folder:
        run(Path(folder), rows, people)


def run(folder: Path, rows: int, people: int) -> None:
    """Print every figure: the steps on at most two million of the rows, whole `receive` on all of them."""
    some = min(rows, STEP_ROWS)
    path = folder / "some_check_ins.csv"
    write_check_ins(path, some, people)
    print(f"{some:,} check-ins, {path.stat().st_size / 1e6:,.0f} MB")
    measure("plain DuckDB read_csv, once, all text", some, lambda: read_by_duckdb(path))
    measure("plain pyarrow.csv, once, all text", some, lambda: read_by_arrow(path))
    received = measure("read_file: first pass (digest, encoding, repeats)", some, lambda: receive(path))
    accepted = measure("read_parts: second pass (typed, checked)", some, received.read).accepted
    measure("before linking: both passes, streamed", some, lambda: count(receive(path)))
    numbers = measure("distinct identities", some, lambda: number(accepted))
    persons = pa.array(numbers + 1)
    visits = measure("build_visits", some, lambda: to_visits(accepted, persons))
    init_store(folder / "deployment", zone="Asia/Shanghai", now=NOW)
    store = open_store(folder / "deployment")
    measure(
        "stage into the lake, both sorted copies", some, lambda: store.lake.stage(RecordKind.VISIT, visits, batch_no=1)
    )
    measure_linked_visits(store, accepted, persons)
    store.close()
    measure_workbook(path, min(some, WORKBOOK_ROWS))
    if rows > some:
        path = folder / "all_check_ins.csv"
        write_check_ins(path, rows, people)
    child = [sys.executable, __file__, "--receive", str(path)]
    print(subprocess.run(child, check=True, stdout=subprocess.PIPE, text=True).stdout.strip())  # noqa: S603 - ourselves


def number(accepted: pa.Table) -> Integers:
    """The number of each row's identity, as intake numbers them: a part at a time."""
    identities = Identities()
    starts = range(0, accepted.num_rows, PART_ROWS)
    found = np.concatenate([identities.add(accepted.slice(start, PART_ROWS), file=0) for start in starts])
    print(f"    {identities.count:,} identities of {accepted.num_rows:,} accepted rows")
    return found


def measure_linked_visits(store: Store, accepted: pa.Table, persons: pa.Array) -> None:
    """Linked rows to both sorted copies, built and staged, the records that are in already looked for."""

    def put() -> None:
        visits = {RecordKind.VISIT: to_visits(accepted, persons)}
        new, _ = leave_out_known(store.lake, visits)
        store.lake.stage(RecordKind.VISIT, new[RecordKind.VISIT], batch_no=2)

    measure("linked visits into the lake, from Arrow", accepted.num_rows, put)


def measure_workbook(path: Path, rows: int) -> None:
    """The same rows as a workbook, read whole."""
    text = path.read_text("utf-8").splitlines()[: rows + 1]
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet()
    for line in text:
        sheet.append(line.split(","))
    workbook = path.with_suffix(".xlsx")
    book.save(workbook)
    measure(f"a workbook of {rows:,} rows, both passes", rows, lambda: count(receive(workbook)))


def measure(what: str, rows: int, work: Callable[[], T]) -> T:
    """Do it once and print rows a second by CPU and by the wall clock."""
    cpu, wall = time.process_time(), time.perf_counter()
    result = work()
    cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
    print(f"{what:52s} {rows / cpu:12,.0f} rows/s CPU {rows / wall:12,.0f} rows/s wall {wall:8.1f} s", flush=True)
    return result


def write_check_ins(path: Path, rows: int, people: int) -> None:
    """Synthetic check-ins: minutes of two weeks, a quarter without a time of leaving, of so many people."""
    dice = np.random.default_rng(1)
    with path.open("wb") as file:
        file.write((",".join(COLUMNS) + "\n").encode())
        for start in range(0, rows, WRITTEN_ROWS):
            lines = draw_lines(dice, min(WRITTEN_ROWS, rows - start), people)
            file.write(("\n".join(lines.to_pylist()) + "\n").encode())


def draw_lines(dice: np.random.Generator, rows: int, people: int) -> pa.Array:
    """So many lines of a file."""
    steps = np.datetime64(FIRST_DAY, "m") + np.arange((DAYS + 1) * 1440)
    minutes = pc.replace_substring(pa.array(np.datetime_as_string(steps)), "T", " ")
    entered = dice.integers(0, DAYS * 1440, rows)
    left = pc.if_else(
        pa.array(dice.random(rows) < 0.75), minutes.take(pa.array(entered + dice.integers(5, 300, rows))), ""
    )
    person = dice.integers(0, people, rows)
    columns = [
        pc.binary_join_element_wise("P", pa.array(dice.integers(0, PLACES, rows)).cast(pa.string()), ""),
        minutes.take(pa.array(entered)),
        left,
        pa.array(NAMES).take(pa.array(person % len(NAMES))),
        pa.array(140_200_198_001_010_000 + person).cast(pa.string()),
        pa.array(13_000_000_000 + person).cast(pa.string()),
    ]
    return pc.binary_join_element_wise(*columns, ",")


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
    """In a process of its own: whole `receive`, and the most memory it ever had, before the file and with it."""
    with tempfile.TemporaryDirectory() as folder:
        make_town(Path(folder) / "deployment")
        with closing(open_store(Path(folder) / "deployment")) as store:
            before = peak_mb()
            measure("whole receive: read, link, both copies, vault", count_lines(path), lambda: put_in(store, path))
    print(
        f"peak memory {peak_mb():,} MB, of which {before:,} MB before the file of {path.stat().st_size / 1e6:,.0f} MB"
    )


def put_in(store: Store, path: Path) -> None:
    """Receive the file as a department sends it."""
    [arrived] = flow.receive(store, [Delivery("check_ins", path)], actor=STEWARD, now=NOW, progress=lambda *_: None)
    if arrived.accepted + arrived.rejected != arrived.rows or not arrived.newcomers:
        message = f"of {arrived.rows} rows {arrived.accepted} were accepted and {arrived.rejected} rejected"
        raise SystemExit(message)


def count_lines(path: Path) -> int:
    """How many rows a file has."""
    with path.open("rb") as file:
        return sum(block.count(b"\n") for block in iter(lambda: file.read(2**24), b"")) - 1


def make_town(folder: Path) -> None:
    """A deployment with one area, its data steward, and the places of the check-ins."""
    stewardship.make_deployment(
        folder, zone="Asia/Shanghai", database="", administrator="admin", password=PASSWORD, now=NOW
    )
    found = areas.lay_paths([(1, "1", "city", "city", "")], file="bench")
    rows = [
        PlaceRow(
            place_id=f"P{row}", name="", kind=PlaceKind.SHOP, area_code="1", longitude=None, latitude=None, row=row
        )
        for row in range(PLACES)
    ]

    def settle(act: Act) -> None:
        areas.publish_areas(act, found, areas.plan_areas(store.desk, found))
        add_user(act, STEWARD.actor_id)
        grant_role(act, STEWARD.actor_id, Grant(role=Role.DATA_STEWARD, area_path="1/"))

    with closing(open_store(folder)) as store:
        store.act(settle, actor=Actor("admin"), now=NOW)
        hierarchy = areas.read_hierarchy(store.desk)
        store.act(lambda act: areas.put_places(act, rows, areas=hierarchy, batch_no=None), actor=STEWARD, now=NOW)


def peak_mb() -> int:
    """The kernel's high-water mark of this program; getrusage would go on with the parent's."""
    [line] = [line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM:")]
    return int(line.split()[1]) // 1024


if __name__ == "__main__":
    main()
