"""One row linked online gets the very link it gets in a batch (issue 5.5)."""

from random import Random

import pyarrow as pa
import pytest
from test_link_batches import settle, write

from ringfence.link import REGISTER_SCHEMA, ROWS_SCHEMA, KnownPeople, SingleLinker, link_to, normalise, read_model


def check(seed: int, households: int, rows: int) -> None:
    random = Random(seed)
    people = settle(random, households)
    known = KnownPeople(read_model("han")).put(normalise(pa.Table.from_pylist(people, REGISTER_SCHEMA)))
    written = write(random, people, rows)
    written.append(dict.fromkeys(written[0], "") | {"row_id": rows, "name": "欧阳娜娜"})
    batch = link_to(known, pa.Table.from_pylist(written, ROWS_SCHEMA)).to_pylist()
    single = SingleLinker(known)
    columns = [column for column in ROWS_SCHEMA.names if column != "row_id"]
    for row, link in zip(written, batch, strict=True):
        answer = single.link({column: str(row[column]) for column in columns})
        assert answer == {column: link[column] for column in answer}
    assert {link["answer"] for link in batch} == {"person", "household", "none", "review"}


def test_one_row_gets_the_link_it_gets_in_a_batch() -> None:
    check(seed=5, households=60, rows=60)


@pytest.mark.verify
@pytest.mark.parametrize("seed", range(4))
def test_many_rows_one_by_one_get_the_links_they_get_in_a_batch(seed: int) -> None:
    check(seed, households=3_000, rows=1_000)
