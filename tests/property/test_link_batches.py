"""A row's link depends on the row and the register alone: batches may be shuffled, split and doubled (issue 5.3)."""

from random import Random

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ringfence.link import REGISTER_SCHEMA, ROWS_SCHEMA, cluster_new, link_rows

FAMILY, GIVEN = "王李赵", "伟玮芳丽莉军"
Row = dict[str, object]


def settle(random: Random, households: int) -> list[Row]:
    """People of few names, who live close together and share phones: many nearly fit."""
    register: list[Row] = []
    for household in range(households):
        door, phone = f"平城区书香园{household % 7}号楼{household}室", f"1390000{household:04}"
        for _ in range(random.randrange(1, 4)):
            name = random.choice(FAMILY) + "".join(random.choices(GIVEN, k=random.randrange(1, 3)))
            born = f"19{random.randrange(60, 64)}-0{random.randrange(1, 4)}-1{random.randrange(3)}"
            number = f"140201{born.replace('-', '')}00{random.randrange(10)}X"
            person = {"name": name, "sex": random.choice("男女"), "birth_date": born, "id_number": number}
            person |= {"phone": random.choice([phone, ""]), "address": door}
            register.append(person | {"person_id": len(register), "household_id": household})
    return register


def write(random: Random, register: list[Row], rows: int) -> list[Row]:
    """Rows about people of the register, columns left out, spoilt or taken from somebody else."""
    columns = ("name", "sex", "birth_date", "id_number", "phone", "address")
    written = []
    for row in range(rows):
        person, other = random.choices(register, k=2)
        copy = {column: random.choices([person, other], [9, 1])[0][column] for column in columns}
        for column in random.sample(columns, random.randrange(4)):
            copy[column] = random.choice(["", str(copy[column])[:-1], str(copy[column])[::-1]])
        written.append(copy | {"row_id": row})
    return written


def table(rows: list[Row]) -> pa.Table:
    return pa.Table.from_pylist(rows, ROWS_SCHEMA)


def check_batches(random: Random, households: int, rows: int) -> None:
    """Link in one batch, then shuffled and cut into three with some rows twice under other numbers."""
    people = settle(random, households)
    register = pa.Table.from_pylist(people, REGISTER_SCHEMA)
    written = write(random, people, rows)
    whole = {link["row_id"]: link for link in link_rows(table(written), register).to_pylist()}
    assert {link["answer"] for link in whole.values()} >= {"person", "household", "none"}
    again = [row | {"row_id": rows + int(str(row["row_id"]))} for row in random.sample(written, rows // 4)]
    shuffled = random.sample(written + again, len(written) + len(again))
    cuts = sorted(random.choices(range(len(shuffled)), k=2))
    shuffled_register = pa.Table.from_pylist(random.sample(people, len(people)), REGISTER_SCHEMA)
    for batch in (shuffled[: cuts[0]], shuffled[cuts[0] : cuts[1]], shuffled[cuts[1] :]):
        for link in link_rows(table(batch), shuffled_register).to_pylist():
            assert link == whole[link["row_id"] % rows] | {"row_id": link["row_id"]}


def check_clusters(random: Random, households: int, rows: int) -> None:
    """Gather in one order, then in another."""
    written = write(random, settle(random, households), rows)
    clusters = dict(zip(*cluster_new(table(written)).to_pydict().values(), strict=True))
    assert 1 < len(set(clusters.values())) < rows
    shuffled = cluster_new(table(random.sample(written, rows)))
    assert dict(zip(*shuffled.to_pydict().values(), strict=True)) == clusters
    assert all(cluster <= row and clusters[cluster] == cluster for row, cluster in clusters.items())


@settings(max_examples=2, deadline=None)
@given(seed=st.integers(0, 10**6))
def test_shuffled_split_and_doubled_batches_give_the_same_links(seed: int) -> None:
    check_batches(Random(seed), households=25, rows=200)


@settings(max_examples=2, deadline=None)
@given(seed=st.integers(0, 10**6))
def test_shuffled_newcomers_are_the_same_people(seed: int) -> None:
    check_clusters(Random(seed), households=25, rows=200)


@pytest.mark.verify
@pytest.mark.parametrize("seed", range(8))
def test_large_batches_and_newcomers_do_not_depend_on_order(seed: int) -> None:
    check_batches(Random(seed), households=2_000, rows=3_000)
    check_clusters(Random(seed), households=300, rows=1_000)
