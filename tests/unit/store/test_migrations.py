"""The desk's tables: up, down and up again on both databases, alike in every column; other versions said to be so."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, inspect, text
from store_rows import NOW, OFFICER

from ringfence.errors import SchemaMismatch
from ringfence.store import Act, Store, migrations, open_store, read_deployment, upgrade_schema
from ringfence.store.desk import open_engine
from ringfence.store.migrations import check_version, migrate, newest_version, read_version
from ringfence.store.migrations.ddl import read_statements
from ringfence.store.migrations.versions import VERSIONS

GROUND = Path(migrations.__file__).parent / "versions" / "ground.sql"

SORTS = {  # what the two databases call the same thing
    "bigint": "whole", "integer": "whole", "text": "text", "blob": "bytes", "bytea": "bytes", "boolean": "truth",
    "double precision": "real", "double_precision": "real", "real": "real",
}  # fmt: skip


@pytest.fixture
def engine(deployment: Path) -> Iterator[Engine]:
    made = open_engine(read_deployment(deployment).url)
    yield made
    made.dispose()


def declared() -> dict[str, dict[str, tuple[str, bool]]]:
    """Every table of ground.sql with its columns, their sort, and whether they must be filled, read from the text."""
    tables = {}
    for statement in read_statements("ground.sql", "sqlite"):
        if statement.startswith("create table"):
            name, body = statement.removeprefix("create table ").split(" (", 1)
            lines = [line.strip().rstrip(",") for line in body.rsplit(")", 1)[0].splitlines()]
            columns = [line for line in lines if line and not line.startswith(("primary key", "check", "unique"))]
            tables[name] = dict(_column(line) for line in columns)
    return tables


def _column(line: str) -> tuple[str, tuple[str, bool]]:
    name, rest = line.split(" ", 1)
    sort = next(sort for spelled, sort in SORTS.items() if rest.startswith(spelled))
    return name, (sort, "not null" in rest or "primary key" in rest)


def test_the_list_of_versions_is_the_chain_alembic_walks() -> None:
    config = Config()
    config.set_main_option("script_location", str(GROUND.parent.parent))
    walked = [script.revision for script in ScriptDirectory.from_config(config).walk_revisions()]
    assert list(VERSIONS) == walked[::-1]
    assert newest_version() == walked[0]


def found(engine: Engine) -> dict[str, dict[str, tuple[str, bool]]]:
    """The tables a database holds, asked from the database."""
    asked = inspect(engine)
    keys = {table: set(asked.get_pk_constraint(table)["constrained_columns"]) for table in asked.get_table_names()}
    return {
        table: {
            column["name"]: (
                SORTS[str(column["type"]).lower().split(" collate")[0]],
                not column["nullable"] or column["name"] in keys[table],
            )
            for column in asked.get_columns(table)
        }
        for table in asked.get_table_names()
        if table not in {"alembic_version", "sqlite_sequence"}
    }


def test_every_table_is_there_with_every_column_of_the_same_sort(engine: Engine) -> None:
    tables = declared()
    assert len(tables) == GROUND.read_text().count("create table ")
    assert found(engine) == tables


def test_tables_go_down_to_nothing_and_come_up_again_the_same(engine: Engine) -> None:
    before = found(engine)
    migrate(engine, "base")
    assert found(engine) == {}
    assert read_version(engine) is None
    migrate(engine)
    assert found(engine) == before
    assert read_version(engine) == newest_version()
    check_version(engine)


def test_the_ledger_is_append_only_again_after_going_down_and_up(engine: Engine) -> None:
    migrate(engine, "base")
    migrate(engine)
    insert = "insert into ledger values (1, 1, 1, 'a', 'b', '', '', 1, '{}', null, :mac)"
    with engine.begin() as connection:
        connection.execute(text(insert), {"mac": b"m"})
    for statement in ("update ledger set actor = 'x'", "delete from ledger"):
        with pytest.raises(Exception, match="append-only"), engine.begin() as connection:
            connection.exec_driver_sql(statement)


def test_migrating_what_is_newest_changes_nothing(engine: Engine) -> None:
    before = found(engine)
    migrate(engine)
    migrate(engine, newest_version())
    assert found(engine) == before


def test_a_migration_that_fails_leaves_the_tables_as_they_were(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    migrate(engine, "base")
    half = [*read_statements("ground.sql", engine.dialect.name)[:5], "create nonsense"]
    monkeypatch.setattr("ringfence.store.migrations.ddl.read_statements", lambda *_: half)
    with pytest.raises(Exception, match="nonsense"):
        migrate(engine)
    assert found(engine) == {}
    assert read_version(engine) is None


def set_version(engine: Engine, version: str) -> None:
    with engine.begin() as connection:
        connection.exec_driver_sql(f"update alembic_version set version_num = '{version}'")  # noqa: S608 - ours


def test_a_database_of_a_newer_version_is_said_to_be_and_left_alone(deployment: Path, engine: Engine) -> None:
    set_version(engine, "from_the_future")
    before = found(engine)
    for work in (open_store, upgrade_schema):
        with pytest.raises(SchemaMismatch, match="has schema from_the_future, made by a newer Ringfence than this one"):
            work(deployment)
    assert found(engine) == before
    set_version(engine, newest_version())
    open_store(deployment).close()  # and no lease was kept


def test_a_database_of_an_older_version_asks_to_be_upgraded(
    deployment: Path, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_version(engine, "older")
    monkeypatch.setattr(migrations, "VERSIONS", ("older", newest_version()))
    with pytest.raises(SchemaMismatch, match=r"has schema older, .* run: ringfence upgrade"):
        open_store(deployment)


def test_a_database_without_tables_is_not_made_into_one_by_upgrading(deployment: Path, engine: Engine) -> None:
    migrate(engine, "base")
    for work in (open_store, upgrade_schema):
        with pytest.raises(SchemaMismatch, match="holds no tables of Ringfence"):
            work(deployment)
    assert found(engine) == {}


def test_paths_compare_by_their_bytes_on_both(store: Store) -> None:
    """In most locales 'a' < 'B' and '/' is ignored: ranges over paths would not hold."""

    def put(act: Act) -> None:
        for path in ("a/", "B/", "b/", "1/", "10/", "1/0/"):
            act.run(
                "insert into unit (unit_id, area_code, area_path, level, daily_capacity, task_kinds, recorded_at)"
                " values (:path, '', :path, '', 1, '', 1)",
                path=path,
            )
        act.note("units.put")

    store.act(put, actor=OFFICER, now=NOW)
    rows = store.act(lambda act: act.rows("select area_path from unit order by area_path"), actor=OFFICER, now=NOW)
    assert [row.area_path for row in rows] == ["1/", "1/0/", "10/", "B/", "a/", "b/"]
