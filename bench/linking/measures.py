"""Whether what is stated is true, for everybody alike; what hashing costs; how long one row takes."""

import time
from collections.abc import Mapping, Sequence
from typing import Any

import duckdb
import pyarrow as pa

from ringfence.link import CERTAIN, KnownPeople, SingleLinker, normalise, read_model
from ringfence.link.tokens import hash_people, match_tokens

Linked = tuple[pa.Table, pa.Table, pa.Table, pa.Table]
"""Rows, truth, register in normal form, links."""

BANDS = """
with judged as (
    select
        link.probability,
        case
            when link.answer in ('person', 'review') then link.person_id is not distinct from truth.person_id
            when link.answer = 'household' then link.household_id is not distinct from truth.household_id
            else truth.person_id is null
        end as is_right
    from link
    join truth using (row_id)
)
select floor(probability * 20) / 20 as band, count(*) as rows, avg(probability) as stated, avg(is_right::int) as true
from judged
group by band
order by band
"""

GROUPS = """
with person as (
    select
        known.person_id,
        known.name,
        known.birth_date,
        count(*) over (partition by known.name) as sharing
    from known
),
judged as (
    select
        person.*,
        link.answer = 'person' as is_answered,
        link.answer = 'person' and link.person_id = truth.person_id as is_right,
        coalesce(sought.id_number, '') = '' as has_no_id
    from truth
    join link using (row_id)
    join sought using (row_id)
    join person on person.person_id = truth.person_id
)
select 'everybody' as people, count(*), count(*) filter (is_answered), count(*) filter (is_right) from judged
union all
select 'rare characters', count(*), count(*) filter (is_answered), count(*) filter (is_right)
from judged where regexp_matches(name, '[犇淼燚媺頔昉翀旻赟嬿堃喆]')
union all
select 'names with a dot', count(*), count(*) filter (is_answered), count(*) filter (is_right)
from judged where length(name) >= 5
union all
select 'very common names', count(*), count(*) filter (is_answered), count(*) filter (is_right)
from judged where sharing >= 20
union all
select 'rows without an ID number', count(*), count(*) filter (is_answered), count(*) filter (is_right)
from judged where has_no_id
union all
select 'born before 1945', count(*), count(*) filter (is_answered), count(*) filter (is_right)
from judged where birth_date < '1945'
union all
select 'born since 2020', count(*), count(*) filter (is_answered), count(*) filter (is_right)
from judged where birth_date >= '2020'
"""

FEWEST = 100
"""Rows about a group, or more, stand behind its F1."""

WRONG = """
select count(*) as rows,
    count(*) filter (answer = 'person' and link.person_id is distinct from truth.person_id) as persons,
    count(*) filter (
        answer = 'person' and list_contains($certain, how) and link.person_id is distinct from truth.person_id
    ) as ordered,
    count(*) filter (answer = 'person' and list_contains($certain, how)) as certain
from link join truth using (row_id)
"""


def ask(statement: str, values: Mapping[str, object] | None = None, **tables: pa.Table) -> list[tuple[Any, ...]]:
    """The rows of a statement over some tables."""
    with duckdb.connect() as memory:
        for name, table in tables.items():
            memory.register(name, table)
        return memory.execute(statement, values).fetchall()


def apart(tables: Sequence[pa.Table]) -> pa.Table:
    """Tables of several lists as one, their rows numbered apart."""
    size = max(table.num_rows for table in tables)
    numbered = [
        table.set_column(
            table.column_names.index("row_id"),
            "row_id",
            pa.array([place * size + number for number in table["row_id"].to_pylist()]),
        )
        for place, table in enumerate(tables)
    ]
    return pa.concat_tables(numbered)


def judge_calibration(linked: Sequence[tuple[pa.Table, pa.Table]]) -> None:
    """What is stated against what is true, by bands of a twentieth, over all lists; persons who are wrong."""
    truth, link = apart([one for one, _ in linked]), apart([other for _, other in linked])
    print("\nstated probability against truth, all towns:")
    for band, rows, stated, true in ask(BANDS, truth=truth, link=link):
        print(
            f"  from {band:4.2f} {rows:8,} rows: stated {stated:.4f}, true {true:.4f}, off by {abs(stated - true):.4f}"
        )
    values = {"certain": sorted(CERTAIN)}
    [(rows, persons, ordered, certain)] = ask(WRONG, values, truth=truth, link=link)
    print(
        f"wrong persons in 10,000 rows: {persons / rows * 1e4:.2f} given a task, {ordered / rows * 1e4:.2f} an order"
        f" without an identity check; {certain / rows:.3f} of the rows may carry one, of the others somebody asks first"
    )


def judge_groups(linked: Sequence[Linked]) -> None:
    """F1 of each group of people in each town, and the largest distance from everybody's."""
    for place, (rows, truth, known, link) in enumerate(linked):
        found = ask(GROUPS, sought=rows, truth=truth, known=known, link=link)
        scores = {
            str(group): 2 * right / (meant + answered) for group, meant, answered, right in found if meant >= FEWEST
        }
        gap = max(abs(score - scores["everybody"]) for group, score in scores.items() if "without" not in group)
        said = ", ".join(f"{group} {score:.4f}" for group, score in scores.items())
        print(f"{'' if place else chr(10)}F1 by group, list {place + 1}: {said}; largest gap {gap:.4f}")


def judge_hashes(linked: Sequence[Linked]) -> None:
    """F1 of matching by keyed hashes alone."""
    for place, (rows, truth, known, _) in enumerate(linked):
        begun = time.process_time()
        asked = hash_people(normalise(rows), key=bytes(32), purpose="bench").append_column("row_id", rows["row_id"])
        held = hash_people(known, key=bytes(32), purpose="bench").append_column("person_id", known["person_id"])
        found = match_tokens(asked, held)
        seconds = time.process_time() - begun
        counts = (
            "select count(*), count(*) filter (found.person_id = truth.person_id) from found join truth using (row_id)"
        )
        [(answered, right)] = ask(counts, found=found, truth=truth)
        meant = truth.num_rows - truth["person_id"].null_count
        print(
            f"{'' if place else chr(10)}hashed, list {place + 1}: F1 {2 * right / (answered + meant):.4f},"
            f" precision {right / answered:.5f}, {seconds:.1f} s of CPU"
        )


def judge_single(rows: pa.Table, known: pa.Table) -> None:
    """How long one row takes online."""
    begun = time.process_time()
    single = SingleLinker(KnownPeople(read_model("han")).put(known))
    print(f"\nmade ready for single rows in {time.process_time() - begun:.1f} s of CPU")
    time_single(single, rows.drop_columns(["row_id"]).to_pylist(), people=known.num_rows)


def time_single(single: SingleLinker, rows: Sequence[Mapping[str, str | None]], *, people: int) -> None:
    """Milliseconds of the clock and of the processor within which half and 95 in 100 of some rows are answered."""
    of_clock, of_cpu = [], []
    for row in rows:
        begun, begun_cpu = time.perf_counter(), time.process_time()
        single.link(row)
        of_clock.append((time.perf_counter() - begun) * 1e3)
        of_cpu.append((time.process_time() - begun_cpu) * 1e3)
    half, late = len(rows) // 2, len(rows) * 95 // 100
    clock, cpu = sorted(of_clock), sorted(of_cpu)
    print(
        f"one row at {people:,} people: p50 {clock[half]:.1f} ms, p95 {clock[late]:.1f} ms"
        f" (of CPU {cpu[half]:.1f} and {cpu[late]:.1f}), {len(rows):,} rows"
    )
