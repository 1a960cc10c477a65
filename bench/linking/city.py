"""A city's size: 3 million people by 200,000 rows from file to file, and one row at a time, each in its own process.

In bench: python -m linking.city write FOLDER | online FOLDER; `bench/link.py --full` runs both.
"""

import csv
import os
import subprocess
import sys
import tempfile
import time
from itertools import islice
from pathlib import Path

import duckdb
import pyarrow as pa
from linking.measures import time_single
from linking.town import IDENTITY, draw_list

from ringfence.link import Columns, KnownPeople, SingleLinker, normalise, read_model
from ringfence.link.lists import PeopleList

PEOPLE, ROWS, RATE, SEED = 3_000_000, 200_000, 0.1, 3_000_001
SINGLES = 2_000

JUDGED = """
with link as (select * from read_csv($links, all_varchar = true)),
truth as (select * from read_csv($truth, all_varchar = true))
select
    count(*) filter (answer = 'person') as answered,
    count(*) filter (answer = 'person' and link.person_id = truth.person_id) as correct,
    count(truth.person_id) as meant,
    count(*) filter (link.household_id = truth.household_id) as reached
from link join truth using (row_id)
"""


def judge_city() -> None:
    """Seconds, memory, F1 and the right door of `ringfence link run`; then one row online."""
    with tempfile.TemporaryDirectory() as name:
        _run("write", name)
        folder = Path(name)
        link = [sys.executable, "-m", "ringfence", "link", "run", "--out", f"{folder}/links.csv"]
        files = ["--register", f"{folder}/register.csv", "--rows", f"{folder}/rows.csv"]
        begun = time.perf_counter()
        linking = subprocess.Popen(link + files, stdout=subprocess.DEVNULL)  # noqa: S603
        _, status, used = os.wait4(linking.pid, 0)
        if status:
            sys.exit("linking failed")
        seconds, of_cpu = time.perf_counter() - begun, used.ru_utime + used.ru_stime
        gigabytes = used.ru_maxrss / 2**20  # Linux counts in KiB
        print(
            f"\n{PEOPLE:,} people by {ROWS:,} rows: {seconds:.0f} s, {of_cpu:.0f} s of CPU, {gigabytes:.1f} GiB,"
            f" {_judge(folder)}"
        )
        _run("online", name)


def write(folder: Path, *, people: int = PEOPLE, rows: int = ROWS) -> None:
    """Register, rows and truth as files."""
    known, written, truth = draw_list(people=people, rows=rows, rate=RATE, seed=SEED)
    with (folder / "register.csv").open("w", encoding="utf-8", newline="") as file:
        names = ("person_id", "household_id", *IDENTITY)
        csv.writer(file).writerows([names, *([getattr(person, name) for name in names] for person in known)])
    with (folder / "rows.csv").open("w", encoding="utf-8", newline="") as file:
        lines = ([row, *(getattr(copy, name) for name in IDENTITY)] for row, copy in enumerate(written))
        csv.writer(file).writerows([("row_id", *IDENTITY), *lines])
    with (folder / "truth.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(
            [("row_id", "person_id", "household_id"), *((n, *one) for n, one in enumerate(truth))]
        )


def time_online(folder: Path) -> None:
    """How long one row takes among all of them."""
    listed = PeopleList(folder / "register.csv", key="person_id", columns=Columns())
    known, first = KnownPeople(read_model("han")), 0
    homes = listed.households().cast(pa.int64())
    for chunk in listed.chunks():
        ready = normalise(chunk)
        known.put(
            ready.append_column("person_id", listed.ids.slice(first, ready.num_rows).cast(pa.int64())).append_column(
                "household_id", homes.slice(first, ready.num_rows)
            )
        )
        first += ready.num_rows
    with (folder / "rows.csv").open(encoding="utf-8", newline="") as file:
        rows = list(islice(csv.DictReader(file), SINGLES))
    time_single(SingleLinker(known), rows, people=known.size)


def _run(what: str, folder: str) -> None:
    here = Path(__file__).parent.parent
    subprocess.run([sys.executable, "-m", "linking.city", what, folder], cwd=here, check=True)  # noqa: S603


def _judge(folder: Path) -> str:
    with duckdb.connect() as memory:
        files = {"links": f"{folder}/links.csv", "truth": f"{folder}/truth.csv"}
        [(answered, correct, meant, reached)] = memory.execute(JUDGED, files).fetchall()
    f1 = 2 * correct / (answered + meant)
    return f"F1 {f1:.4f}, precision {correct / answered:.5f}, at door {reached / meant:.4f}"


if __name__ == "__main__":
    {"write": write, "online": time_online}[sys.argv[1]](Path(sys.argv[2]))
