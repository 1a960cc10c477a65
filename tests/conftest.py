"""What every test may lean on: a fresh deployment on either database, a clock, an actor, the shared vectors."""

import os
import shutil
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import create_engine

from ringfence.store import Store, init_store, open_store
from ringfence.terms import Actor, Purpose

POSTGRES = os.environ.get("RINGFENCE_TEST_POSTGRES", "")
SHARED = Path(os.environ.get("RINGFENCE_SHARED", Path(__file__).parent.parent.parent / "shared"))
ZONE = "Asia/Shanghai"
NOW = datetime(2022, 3, 1, 4, tzinfo=UTC)


@pytest.fixture
def now() -> datetime:
    """Noon of 2022-03-01 in the deployment's zone."""
    return NOW


@pytest.fixture
def officer() -> Actor:
    return Actor("officer-1")


@pytest.fixture
def follow_up() -> Purpose:
    return Purpose("follow_up", "2.3")


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of shared test data; a test that asks for it skips where it is missing."""
    data = SHARED / "data"
    if not data.is_dir():
        pytest.skip(f"shared vectors are missing: no folder {data}; set RINGFENCE_SHARED")
    return data


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest) -> str:
    """Which database this round of the suite runs on."""
    name = str(request.param)
    if name == "postgresql" and not POSTGRES:
        pytest.skip("PostgreSQL is missing: set RINGFENCE_TEST_POSTGRES, see tools/private_postgres.sh")
    return name


@pytest.fixture(scope="session")
def template(database: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, str]]:
    """A deployment made once, to be copied for every test; with its PostgreSQL database, if it has one."""
    folder = tmp_path_factory.mktemp("template") / "deployment"
    if database == "sqlite":
        init_store(folder, zone=ZONE, now=NOW)
        yield folder, ""
        return
    name = f"ringfence_{uuid.uuid4().hex[:12]}"
    _on_server(f"create database {name}")
    init_store(folder, zone=ZONE, now=NOW, database=_address(name))
    yield folder, name
    _on_server(f"drop database {name} with (force)")


@pytest.fixture
def deployment(template: tuple[Path, str], tmp_path: Path) -> Iterator[Path]:
    """The folder of a fresh deployment."""
    source, source_database = template
    folder = tmp_path / "deployment"
    shutil.copytree(source, folder)
    if not source_database:
        yield folder
        return
    name = f"ringfence_{uuid.uuid4().hex[:12]}"
    _on_server(f"create database {name} template {source_database}")
    settings = folder / "ringfence.toml"
    settings.write_text(settings.read_text().replace(source_database, name))
    yield folder
    _on_server(f"drop database {name} with (force)")


@pytest.fixture
def store(deployment: Path) -> Iterator[Store]:
    """A fresh deployment, opened as its writer."""
    opened = open_store(deployment)
    yield opened
    opened.close()


def _address(name: str) -> str:
    return POSTGRES.rsplit("/", 1)[0] + "/" + name


def _on_server(statement: str) -> None:
    engine = create_engine(POSTGRES, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.exec_driver_sql(statement)
    engine.dispose()
