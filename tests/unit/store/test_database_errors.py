"""A full, locked, damaged or vanished database: one sentence each, and nothing lost (policy 6.4)."""

import os
from collections.abc import Callable
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from pysqlite3 import dbapi2 as sqlite
from sqlalchemy.exc import IntegrityError
from store_rows import NOW, OFFICER, add

from ringfence.errors import DiskFull, Unusable, WriterBusy
from ringfence.store import Act, Store, desk, open_store
from ringfence.store.desk import database_errors_named, open_engine
from ringfence.store.files import full_disk_named, sweep_folder, write_durably

FILL = "insert into counter (name, next_value) values (:name, 1)"


def fill(name: str, size: int) -> Callable[[Act], None]:
    def work(act: Act) -> None:
        act.run(FILL, name=name * size)
        act.note("counter.filled")

    return work


def limit_pages(store: Store, spare: int) -> None:
    """Let the database grow by some pages only, as on a disk that is nearly full."""

    def work(act: Act) -> None:
        [[pages]] = act.connection.exec_driver_sql("pragma page_count").all()
        act.connection.exec_driver_sql(f"pragma max_page_count = {pages + spare}")

    store.act(work, actor=OFFICER, now=NOW)


def test_a_full_disk_is_one_sentence_nothing_of_the_act_is_kept_and_work_goes_on_when_there_is_room(
    embedded: Store,
) -> None:
    limit_pages(embedded, 4)
    with pytest.raises(DiskFull, match="has no room; nothing of this step was kept; make room and repeat it"):
        embedded.act(fill("x", 100_000), actor=OFFICER, now=NOW)
    assert embedded.desk.rows("select name from counter") == []
    embedded.verify_ledger()
    embedded.act(fill("y", 1), actor=OFFICER, now=NOW)  # what fits still goes
    limit_pages(embedded, 10_000)
    embedded.act(fill("x", 100_000), actor=OFFICER, now=NOW)
    assert len(embedded.desk.rows("select name from counter")) == 2
    embedded.verify_ledger()


def test_a_full_disk_reached_by_the_ledgers_own_lines_fails_the_group_together(embedded: Store) -> None:
    limit_pages(embedded, 4)
    with pytest.raises(DiskFull):
        embedded.act(lambda act: act.note("a.b", subject="x" * 100_000), actor=OFFICER, now=NOW)
    limit_pages(embedded, 10_000)
    embedded.act(lambda act: act.note("a.b"), actor=OFFICER, now=NOW)
    embedded.verify_ledger()


def test_a_database_that_another_program_holds_locked_is_one_sentence(
    embedded: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    add(embedded, {"name": "a"})
    monkeypatch.setattr(desk, "SQLITE_WAYS", desk.SQLITE_WAYS.replace("10000", "50"))
    embedded._lease.engine.dispose()  # type: ignore[union-attr] - so that the shorter patience holds
    intruder = sqlite.connect(str(embedded.deployment.desk), isolation_level=None)
    intruder.execute("begin immediate")
    with pytest.raises(
        WriterBusy, match=r"another program holds the database .* locked; nothing of this step was kept"
    ):
        add(embedded, {"name": "b"})
    intruder.execute("rollback")
    intruder.close()
    assert add(embedded, {"name": "b"}) == 2


def test_a_page_damaged_in_the_middle_is_one_sentence(embedded_folder: Path) -> None:
    store = open_store(embedded_folder)
    for n in range(50):
        store.act(fill(f"{n}-", 2000), actor=OFFICER, now=NOW)
    path = store.deployment.desk
    store.close()
    content = bytearray(path.read_bytes())
    content[4096 * 4 :] = os.urandom(len(content) - 4096 * 4)
    path.write_bytes(content)
    with pytest.raises(Unusable, match="is damaged; restore it from a backup"):
        read_all(embedded_folder)


def read_all(folder: Path) -> None:
    with closing(open_store(folder)) as store:
        store.desk.rows("select name from counter")
        store.verify_ledger()


def test_a_folder_that_may_not_be_written_is_one_sentence(tmp_path: Path) -> None:
    engine = open_engine(f"sqlite:///{tmp_path}/nowhere/desk.sqlite")
    with pytest.raises(Unusable, match="cannot be opened for writing"), database_errors_named(engine):
        engine.connect()
    engine.dispose()


def test_a_server_that_is_not_there_is_one_sentence_without_its_password() -> None:
    engine = open_engine("postgresql+psycopg://ringfence:geheim@127.0.0.1:9/desk")
    with pytest.raises(Unusable, match="went away or does not let us in") as error, database_errors_named(engine):
        engine.connect()
    assert "geheim" not in str(error.value)
    engine.dispose()


def test_a_statement_that_is_wrong_is_not_taken_for_a_full_disk(store: Store) -> None:
    """Its text says 'full' and 'no space left', as a text may."""

    def work(act: Act) -> None:
        act.run("insert into target (target_id) values ('full: no space left, disk i/o error, malformed')")
        act.note("target.set")

    with pytest.raises(IntegrityError):
        store.act(work, actor=OFFICER, now=NOW)


def test_values_stay_out_of_the_texts_of_errors(embedded: Store) -> None:
    with pytest.raises(IntegrityError) as error:
        embedded.act(
            lambda act: act.run("insert into target (target_id) values (:x)", x="张三"), actor=OFFICER, now=NOW
        )
    assert "张三" not in str(error.value)


def test_a_file_replaced_durably_is_whole_and_leaves_nothing_beside_it(tmp_path: Path) -> None:
    path = tmp_path / "settings"
    for content in (b"first", b"second"):
        write_durably(path, content)
        assert path.read_bytes() == content
    assert [found.name for found in tmp_path.iterdir()] == ["settings"]


def test_a_file_that_cannot_be_replaced_stays_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "settings"
    write_durably(path, b"first")

    def refuse(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", refuse)
    with pytest.raises(DiskFull, match="has no room"):
        write_durably(path, b"second")
    assert path.read_bytes() == b"first"
    assert [found.name for found in tmp_path.iterdir()] == ["settings"]


def test_errors_of_the_system_that_are_not_about_room_pass() -> None:
    with pytest.raises(PermissionError), full_disk_named(Path("folder")):
        raise PermissionError(13, "denied")


def test_sweeping_minds_neither_folders_nor_files_that_vanish(tmp_path: Path) -> None:
    (tmp_path / "day-1").mkdir()
    (tmp_path / "day-1" / "known.parquet").touch()
    (tmp_path / "day-1" / "orphan.parquet").touch()
    assert sweep_folder(tmp_path, {"day-1/known.parquet"}, older_than=timedelta(days=1)) == 0
    assert sweep_folder(tmp_path, {"day-1/known.parquet"}, older_than=timedelta(0)) == 1
    assert [path.name for path in (tmp_path / "day-1").iterdir()] == ["known.parquet"]
