"""A full disk under desk, lake and vault: one sentence, nothing lost, and work goes on when there is room (policy 6.4).

The limit is the operating system's on the size of a file, in a child of its own; past it a write fails as on a disk
without room (SIGXFSZ, which would end the child, is ignored).
"""

import json
import resource
import signal
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pytest
from store_children import Say, run_to_end

from ringfence.errors import DiskFull
from ringfence.store import (
    PEOPLE,
    Act,
    Content,
    Store,
    add_people,
    fold_inbox,
    forget_people,
    init_store,
    open_store,
    rotate_keys,
)
from ringfence.store.keys import read_master_keys
from ringfence.terms import LAYOUTS, Actor, RecordKind, cell

pytestmark = pytest.mark.verify

NOW = datetime(2022, 3, 1, 4, tzinfo=UTC)
OFFICER = Actor("officer-1")
DAY = 19_052
FILL = "insert into counter (name, next_value) values (:name, 1)"
FILLED = "select name from counter where name like 'f%' order by name"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    init_store(tmp_path / "deployment", zone="Asia/Shanghai", now=NOW)
    return tmp_path / "deployment"


@contextmanager
def no_file_above(size: int) -> Iterator[None]:
    """No file of this process may grow above some bytes, until the end of the block."""
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def refused(work: Callable[[], object]) -> str:
    """The sentence of the DiskFull that some work must end in."""
    with pytest.raises(DiskFull) as error:
        work()
    return str(error.value)


def files_under(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def fill(store: Store, name: str) -> None:
    def work(act: Act) -> None:
        act.run(FILL, name=name + "x" * 3000)
        act.note("counter.filled", subject=name)

    store.act(work, actor=OFFICER, now=NOW)


@pytest.mark.parametrize("room", [0, 20_000, 100_000, 400_000])
def test_a_desk_without_room_keeps_what_it_acknowledged_and_works_again_with_room(folder: Path, room: int) -> None:
    def work(say: Say) -> None:
        with closing(open_store(folder)) as store:
            size = max(path.stat().st_size for path in (folder / "desk").iterdir())
            with no_file_above(size + room):
                for n in range(1000):
                    try:
                        fill(store, f"f-{n:04}-")
                    except DiskFull as error:
                        say(json.dumps({"refused": str(error)}))
                        break
                    say(json.dumps({"done": f"f-{n:04}-"}))
                store.verify_ledger()
            fill(store, "f-after-")
            say(json.dumps({"done": "f-after-"}))

    said = [json.loads(line) for line in run_to_end(work)]
    done = [line["done"] for line in said if "done" in line]
    [sentence] = [line["refused"] for line in said if "refused" in line]
    assert "the disk under" in sentence
    assert "nothing of this step was kept; make room" in sentence
    assert len(done) >= 1 + room // 20_000
    with closing(open_store(folder)) as store:
        assert [row.name.rstrip("x") for row in store.desk.rows(FILLED)] == sorted(done)
        store.verify_ledger()


def visits(count: int) -> pa.Table:
    return pa.Table.from_pylist(
        [
            {"cell": cell(DAY + n % 3, n * 7919), "person": n, "enter_s": n * 31 % 86_400, "stay_s": n, "source": 1}
            | {"batch": 1, "row": n, "recorded_at": n}
            for n in range(count)
        ],
        schema=LAYOUTS[RecordKind.VISIT].schema,
    )


def people(count: int) -> pa.Table:
    row = dict.fromkeys(PEOPLE.names) | {"recorded_at": 1}
    return pa.Table.from_pylist(
        [{**row, "person_no": n, "name": f"name {n * 7919}"} for n in range(count)], schema=PEOPLE
    )


def test_lake_and_vault_without_room_keep_no_half_files_and_work_again_with_room(folder: Path) -> None:
    def work(say: Say) -> None:
        with closing(open_store(folder)) as store:
            for limit in (0, 100, 3000, 20_000):
                with no_file_above(limit):
                    say(refused(lambda: store.lake.stage(RecordKind.VISIT, visits(20_000), batch_no=1)))
                    say(refused(lambda: store.vault.stage(Content.PEOPLE, people(20_000))))
                assert files_under(store.lake.folder) == files_under(store.vault.folder) == []
            files = store.lake.stage(RecordKind.VISIT, visits(20_000), batch_no=1)
            parts = store.vault.stage(Content.PEOPLE, people(20_000))
            assert (len(files), len(parts)) == (6, 1)

    said = run_to_end(work)
    assert len(said) == 8
    assert all("has no room; nothing of this step was kept; make room and repeat it" in line for line in said)


def test_folding_forgetting_and_turning_keys_without_room_lose_nobody(folder: Path) -> None:
    def work(say: Say) -> None:
        with closing(open_store(folder)) as store:
            files = store.lake.stage(RecordKind.VISIT, visits(3000).replace_schema_metadata(None), batch_no=1)
            files = [type(file)(**{**vars(file), "batch_no": None}) for file in files]  # nobody's batch

            def put(act: Act) -> None:
                act.note("test.put")
                store.lake.commit(act, files)
                add_people(act, store.keys, [{"name": f"n{n}"} for n in range(200)])

            store.act(put, actor=OFFICER, now=NOW)
            keys = store.deployment.keys.read_bytes()
            with no_file_above(50):
                # the desk itself has no room either: whichever part of the step finds out first says so
                say(refused(lambda: fold_inbox(store, actor=OFFICER, now=NOW)))
                say(refused(lambda: forget_people(store, RecordKind.VISIT, [1, 2], actor=OFFICER, now=NOW)))
                say(refused(lambda: rotate_keys(store, actor=OFFICER, now=NOW)))
            assert store.deployment.keys.read_bytes() == keys
            assert fold_inbox(store, actor=OFFICER, now=NOW) == 200
            assert forget_people(store, RecordKind.VISIT, [1, 2], actor=OFFICER, now=NOW).rows == 2
            rotate_keys(store, actor=OFFICER, now=NOW)

    assert all("the disk under" in line for line in run_to_end(work))
    with closing(open_store(folder)) as store:
        [part] = store.vault.parts(Content.PEOPLE)
        assert store.vault.read_part(part).num_rows == 200
        assert store.lake.read(RecordKind.VISIT, copy="by_person").num_rows == 2998
        assert len(read_master_keys(store.deployment.keys).keys) == 1
        store.verify_ledger()


def test_a_deployment_that_cannot_be_made_for_want_of_room_is_made_when_there_is_room(tmp_path: Path) -> None:
    def work(say: Say) -> None:
        with no_file_above(10_000):
            say(refused(lambda: init_store(tmp_path / "new", zone="Asia/Shanghai", now=NOW)))
        init_store(tmp_path / "new", zone="Asia/Shanghai", now=NOW)

    [sentence] = run_to_end(work)
    assert "the disk under" in sentence
    with closing(open_store(tmp_path / "new")) as store:
        store.verify_ledger()
