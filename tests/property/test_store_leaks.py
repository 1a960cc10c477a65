"""No planted name reaches any file while people are read for linking under memory pressure (policy 6.4).

DuckDB "in memory" spills to the disk in the clear when memory runs short, unless it is told to have no place to spill
to. The second test shows that this search would have found it.
"""

import os
import tempfile
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pyarrow as pa
import pytest

from ringfence.store import PEOPLE, Act, Content, Store, add_people, init_store, open_store
from ringfence.terms import Actor, Purpose

pytestmark = pytest.mark.verify

NOW = datetime(2022, 3, 1, 4, tzinfo=UTC)
OFFICER = Actor("officer-1")
PLANTED = "欧阳Zyxwvut埋藏"
ENCODINGS = ("utf-8", "utf-16-le", "utf-16-be", "gb18030")
ROWS = 200_000
MEMORY = "40MB"

HEAVY_JOIN = """
select a.name as one, b.name as other, a.address || b.address as addresses
from register a join register b on substr(a.phone, 1, 9) = substr(b.phone, 1, 9)
order by addresses desc, one, other
"""


@pytest.fixture
def places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """The deployment, the current folder and the folder for temporary files, all to be searched."""
    folders = [tmp_path / name for name in ("deployment", "current", "temporary")]
    for folder in folders[1:]:
        folder.mkdir()
    monkeypatch.chdir(folders[1])
    monkeypatch.setenv("TMPDIR", str(folders[2]))
    monkeypatch.setattr(tempfile, "tempdir", None)
    init_store(folders[0], zone="Asia/Shanghai", now=NOW)
    return folders


@pytest.fixture
def planted(places: list[Path]) -> Iterator[Store]:
    """A vault in which every name begins with the planted one."""
    with closing(open_store(places[0])) as store:
        numbers = range(1, ROWS + 1)
        empty = pa.nulls(ROWS, pa.string())
        columns = {field.name: empty.cast(field.type) for field in PEOPLE} | {
            "person_no": pa.array(numbers, pa.int64()),
            "name": pa.array([f"{PLANTED}{number:06}" for number in numbers]),
            "phone": pa.array([f"139{number * 7919 % ROWS:08}" for number in numbers]),
            "address": pa.array([f"{PLANTED}路{number * 104_729 % 10**9:09}号" for number in numbers]),
            "recorded_at": pa.array([1] * ROWS, pa.int64()),
        }
        staged = store.vault.stage(Content.PEOPLE, pa.table(columns, schema=PEOPLE))

        def commit(act: Act) -> None:
            store.vault.commit(act, staged)
            add_people(act, store.keys, [{"name": PLANTED, "address": PLANTED}])
            act.note("register.received", count=ROWS)

        store.act(commit, actor=OFFICER, now=NOW)
        yield store


def names_in_files(places: list[Path]) -> list[str]:
    """Files below the places that hold the planted name, those deleted but still open among them."""
    patterns = [PLANTED.encode(encoding) for encoding in ENCODINGS]
    paths = [path for place in places for path in place.rglob("*") if path.is_file()]
    paths += [path for path in Path("/proc/self/fd").iterdir() if str(path.resolve()).endswith(" (deleted)")]
    return [str(path) for path in paths if any(pattern in read(path) for pattern in patterns)]


def read(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read()


def join_heavily(store: Store, connection: duckdb.DuckDBPyConnection) -> str:
    """Read the register in and join it with itself; how it ended."""
    batches = store.read_register(purpose=Purpose("link", "2.1"), actor=OFFICER, now=NOW)
    try:
        reader = pa.RecordBatchReader.from_batches(PEOPLE, batches)
        connection.execute("create table register as select person_no, name, phone, address from reader")
        connection.execute(f"create table pairs as {HEAVY_JOIN}")
    except duckdb.OutOfMemoryException:
        return "out of memory"
    finally:
        del reader
    return "done"


def test_no_planted_name_is_in_any_file_while_linking_under_memory_pressure(planted: Store, places: list[Path]) -> None:
    config = {"memory_limit": MEMORY, "temp_directory": "", "threads": 2}
    with duckdb.connect(":memory:", config=config) as connection:
        ended = join_heavily(planted, connection)
        assert names_in_files(places) == []
    assert ended == "out of memory", "there was no pressure: make the join heavier"
    assert names_in_files(places) == []


def test_the_search_would_find_a_name_that_was_spilled(planted: Store, places: list[Path]) -> None:
    """The same join with a place to spill to: what is spilled is found, and only there."""
    config = {"memory_limit": MEMORY, "temp_directory": str(places[2] / "spill"), "threads": 2}
    with duckdb.connect(":memory:", config=config) as connection:
        join_heavily(planted, connection)
        found = names_in_files(places)
    assert found, "nothing was spilled: this test proves nothing about the other"
    assert all(os.sep + "spill" + os.sep in path for path in found)
