"""How well and how fast rows are linked: python bench/link.py [--full] [PEOPLE [ROWS]].

On towns of the bench's own making, which share no line with those the model was trained on nor with the synthetic city,
and on the synthetic city's files, each with and without ID numbers. Households are judged on rows about residents. Then
the hard regime, what is stated against what is true, group by group, wrong persons, hashed, one row at a time, and
FEBRL; beside Splink's documented model and recordlinkage. `--full` adds 3 million people.
"""

import csv
import tempfile
import time
from argparse import ArgumentParser
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random

import duckdb
import pyarrow as pa
from linking.city import judge_city
from linking.febrl import judge_febrl
from linking.measures import Linked, judge_calibration, judge_groups, judge_hashes, judge_single
from linking.peers import judge_peers
from linking.town import write_list

from ringfence.city import Carefulness, CityOptions, write_city
from ringfence.link import REGISTER_SCHEMA, ROWS_SCHEMA, link_rows, normalise

IDENTITY = ("name", "sex", "birth_date", "id_number", "phone", "address")


def read_sheets(folder: Path, pattern: str) -> Iterator[tuple[str, int, dict[str, str]]]:
    """File, data row and columns of every whole row of the city's sheets."""
    for path in sorted(folder.glob(pattern)):
        with path.open(encoding="utf-8-sig", newline="") as file:
            header, *lines = csv.reader(file)
            for number, line in enumerate(lines, 1):
                if len(line) == len(header):
                    yield path.name, number, dict(zip(header, line, strict=True))


def number(text: str) -> int | None:
    """The number in R00000012 or H0000003."""
    return int(text[1:]) if text else None


def read_city(files: Path, hidden: Path, pattern: str) -> tuple[pa.Table, pa.Table, pa.Table]:
    """The city's register (each person once), the rows of one kind of sheet, and the truth about them."""
    known = {
        row["person_id"]: row | {key: number(row[key]) for key in ("person_id", "household_id")}
        for _, _, row in read_sheets(files, "resident_register.csv")
    }
    persons = {row["true_id"]: row for _, _, row in read_sheets(hidden, "persons.csv")}
    meant = {(row["file"], int(row["row"])): row["true_id"] for _, _, row in read_sheets(hidden, "identities.csv")}
    rows, truth = [], []
    for file, line, row in read_sheets(files, pattern):
        rows.append({column: row.get(column, "") for column in IDENTITY} | {"row_id": len(rows)})
        truth.append(persons[meant[file, line]])
    return (
        pa.Table.from_pylist(list(known.values()), REGISTER_SCHEMA),
        pa.Table.from_pylist(rows, ROWS_SCHEMA),
        pa.table(
            {
                "row_id": range(len(rows)),
                "person_id": pa.array([number(person["person_id"]) for person in truth], pa.int64()),
                "household_id": pa.array([number(person["household"]) for person in truth], pa.int64()),
            }
        ),
    )


COUNTS = """
select
    count(*) filter (answer = 'person') as answered,
    count(*) filter (answer = 'person' and link.person_id = truth.person_id) as correct,
    count(truth.person_id) as meant,
    count(truth.household_id) as housed,
    count(*) filter (link.household_id = truth.household_id) as reached,
    count(*) filter (answer = 'household') as households,
    count(*) filter (answer = 'household' and link.household_id = truth.household_id) as right_households,
    count(*) filter (answer = 'review') as reviews,
    count(*) filter (answer = 'review' and link.person_id = truth.person_id) as right_reviews,
    count(*) filter (answer = 'person' and how <> 'splink') as by_rule
from link
join truth using (row_id)
"""


HEADER = (
    f"{'':42} {'rows':>8} {'seconds':>8} {'of CPU':>7} {'F1':>7} {'precise':>8} {'recall':>7} {'by rule':>8}"
    f" {'at door':>8} {'household':>15} {'review':>15}"
)
"""Seconds of the clock and of the processor; persons by F1, precision, recall and the share that a rule decided; rows
with a household that got it; answers `household` and `review` with the share that is right."""


@dataclass(frozen=True)
class Judged:
    """The links of a list, with what they came to."""

    link: pa.Table
    f1: float
    of_cpu: float


def judge(title: str, known: pa.Table, rows: pa.Table, truth: pa.Table) -> Judged:
    """Link, compare with the truth, print a line."""
    begun, begun_cpu = time.perf_counter(), time.process_time()
    link = link_rows(rows, known)
    seconds, of_cpu = time.perf_counter() - begun, time.process_time() - begun_cpu
    with duckdb.connect() as memory:
        memory.register("link", link)
        memory.register("truth", truth)
        [(answered, correct, meant, housed, reached, households, right_households, reviews, right_reviews, by_rule)] = (
            memory.sql(COUNTS).fetchall()
        )
    precision, recall, f1 = correct / answered, correct / meant, 2 * correct / (answered + meant)
    print(
        f"{title:42} {rows.num_rows:8,} {seconds:8.1f} {of_cpu:7.1f} {f1:7.4f}"
        f" {precision:8.5f} {recall:7.4f} {by_rule / answered:8.3f} {reached / housed:8.4f}"
        f" {households:7,} ({right_households / max(households, 1):.3f})"
        f" {reviews:7,} ({right_reviews / max(reviews, 1):.3f})"
    )
    return Judged(link, f1, of_cpu)


def prepare(title: str, register: pa.Table) -> pa.Table:
    """The register in normal form, and a line on how long that took."""
    begun, begun_cpu = time.perf_counter(), time.process_time()
    known = normalise(register)
    seconds, of_cpu = time.perf_counter() - begun, time.process_time() - begun_cpu
    print(f"{title:42} {known.num_rows:8,} {seconds:8.1f} {of_cpu:7.1f}")
    return known


def hide_ids(rows: pa.Table, share: float) -> pa.Table:
    """The same rows with the ID numbers of a share of them removed."""
    draw = Random(round(share * 100))
    kept = [None if draw.random() < share else number for number in rows["id_number"].to_pylist()]
    return rows.set_column(rows.column_names.index("id_number"), "id_number", pa.array(kept, pa.string()))


def judge_towns(people: int, rows: int) -> list[Linked]:
    """The bench's towns at three rates of slips, each with and without ID numbers."""
    linked: list[Linked] = []
    for rate in (0.03, 0.1, 0.3):
        register, sheet, truth = write_list(people=people, rows=rows, rate=rate, seed=int(rate * 1000))
        known = prepare(f"town, slips {rate}: register read", register)
        linked.append((sheet, truth, known, judge(f"town, slips {rate}", known, sheet, truth).link))
        numberless = hide_ids(sheet, 1)
        named = f"town, slips {rate}, no ID numbers"
        linked.append((numberless, truth, known, judge(named, known, numberless, truth).link))
    return linked


def judge_hard(people: int, rows: int) -> None:
    """The hard regime: 20 slips in 100 a field, and ID numbers missing in 15 to 80 rows of 100."""
    register, sheet, truth = write_list(people=people, rows=rows, rate=0.2, seed=200)
    known = normalise(register)
    shares = (0.15, 0.5, 0.8)
    found = [judge(f"hard: IDs missing {share:.0%}", known, hide_ids(sheet, share), truth).f1 for share in shares]
    print(f"{'hard regime, mean':42} {'':8} {'':8} {'':7} {sum(found) / len(found):7.4f}")


def judge_files(people: int) -> None:
    """The synthetic city's files as departments usually write, and carelessly."""
    for carefulness in (Carefulness.USUAL, Carefulness.CARELESS):
        with tempfile.TemporaryDirectory() as folder:
            files, hidden = Path(folder, "files"), Path(folder, "truth")
            options = CityOptions(residents=people, days=1, seed=20_220_101, carefulness=carefulness)
            write_city(options, areas_file=None, files=files, truth=hidden)
            for sheets in ("check_ins", "laboratory_results"):
                register, sheet, truth = read_city(files, hidden, f"{sheets}_*.csv")
                known = normalise(register)
                judge(f"city, {carefulness}, {sheets}", known, sheet, truth)
                judge(f"city, {carefulness}, {sheets}, no IDs", known, hide_ids(sheet, 1), truth)


def main(people: int, rows: int, *, is_full: bool) -> None:
    """All of it."""
    print(HEADER)
    linked = judge_towns(people, rows)
    judge_hard(people, rows)
    judge_files(people)
    judge_calibration([(truth, link) for _, truth, _, link in linked])
    judge_groups(linked)
    judge_hashes(linked[:4])
    judge_single(linked[2][0].slice(0, 1_000), linked[2][2])
    sheet, truth, known, _ = linked[2]
    ready = normalise(sheet)
    ours = judge("beside peers: rows in normal form", known, ready, truth)
    judge_peers(ready, truth, known, f1=ours.f1, seconds=ours.of_cpu)
    judge_febrl()
    if is_full:
        judge_city()


if __name__ == "__main__":
    asked = ArgumentParser(description=__doc__)
    asked.add_argument("people", type=int, nargs="?", default=30_000)
    asked.add_argument("rows", type=int, nargs="?", default=20_000)
    asked.add_argument("--full", action="store_true", help="3 million people too: some minutes and 10 GB")
    given = asked.parse_args()
    main(given.people, given.rows, is_full=given.full)
