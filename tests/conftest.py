"""What every test may lean on: a fresh deployment on either database, a clock, an actor, the shared vectors."""

import os
import shutil
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from sqlalchemy import create_engine

from ringfence.access import add_user, grant_role, make_first_administrator
from ringfence.areas import lay_paths, plan_areas, publish_areas
from ringfence.policy import plan_publication, publish_policy, read_defaults
from ringfence.store import Act, Store, init_store, open_store
from ringfence.terms import SYSTEM, Actor, Area, Grant, Purpose, Role

# A stalled machine is no finding: what a property says must hold, not how soon an example is through.
settings.register_profile("ringfence", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("ringfence")

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


# `make test` asks SQLite, `make verify` both.
@pytest.fixture(scope="session", params=["sqlite", pytest.param("postgresql", marks=pytest.mark.verify)])
def database(request: pytest.FixtureRequest) -> str:
    """Which database this round of the suite runs on."""
    name = str(request.param)
    if name == "postgresql" and not POSTGRES:
        pytest.skip("PostgreSQL is missing: set RINGFENCE_TEST_POSTGRES, see tools/private_postgres.sh")
    return name


@dataclass(frozen=True)
class Template:
    """A deployment made once, to be copied for every test, with the name of its PostgreSQL database if it has one."""

    folder: Path
    database: str


@pytest.fixture(scope="session")
def template(database: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Template]:
    """A deployment with nothing in it."""
    folder = tmp_path_factory.mktemp("template") / "deployment"
    if database == "sqlite":
        init_store(folder, zone=ZONE, now=NOW)
        yield Template(folder, "")
        return
    with _database() as name:
        init_store(folder, zone=ZONE, now=NOW, database=_address(name))
        yield Template(folder, name)


@pytest.fixture(scope="session")
def staffed_template(template: Template, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Template]:
    """A deployment with the shipped policy in force, the small city, and one account for each role."""
    with _copied(template, tmp_path_factory.mktemp("staffed")) as copy:
        opened = open_store(copy.folder)
        _staff(opened)
        opened.close()
        yield copy


@pytest.fixture
def deployment(template: Template, tmp_path: Path) -> Iterator[Path]:
    """The folder of a fresh deployment."""
    with _copied(template, tmp_path) as copy:
        yield copy.folder


@pytest.fixture
def store(deployment: Path) -> Iterator[Store]:
    """A fresh deployment, opened as its writer."""
    opened = open_store(deployment)
    yield opened
    opened.close()


@pytest.fixture
def staffed(staffed_template: Template, tmp_path: Path) -> Iterator[Store]:
    """A staffed deployment, opened as its writer.

    The account of a role is called like the role and works in the whole city; `township_officer@111` and the like
    work in one area.
    """
    with _copied(staffed_template, tmp_path) as copy:
        opened = open_store(copy.folder)
        yield opened
        opened.close()


@pytest.fixture(scope="session")
def areas() -> dict[str, Area]:
    """The small city."""
    return AREAS


# Two counties with two townships each, whose codes are made to be confused with each other.
AREAS = lay_paths(
    [
        (2, "1", "市", "city", ""),
        (3, "11", "甲县", "county", "1"),
        (4, "12", "乙县", "county", "1"),
        (5, "111", "子镇", "township", "11"),
        (6, "1111", "丑镇", "township", "11"),
        (7, "121", "寅镇", "township", "12"),
        (8, "122", "卯镇", "township", "12"),
    ],
    file="test",
)


def _staff(opened: Store) -> None:
    defaults = read_defaults()
    plan = plan_publication(None, defaults, from_day=opened.clock.day_of(NOW))

    def begin(act: Act) -> None:
        make_first_administrator(act, "administrator", password="a password for tests")
        publish_policy(act, defaults, plan=plan, effective_from=NOW, approval=None)
        publish_areas(act, AREAS, plan_areas(opened.desk, AREAS))

    def add_accounts(act: Act) -> None:
        for role in Role:
            if role is not Role.ADMINISTRATOR:
                add_user(act, role)
                grant_role(act, role, Grant(role=role, area_path="1/"))
        for role in (Role.COUNTY_OFFICER, Role.TOWNSHIP_OFFICER, Role.GRID_WORKER):
            for area in AREAS.values():
                add_user(act, f"{role}@{area.code}")
                grant_role(act, f"{role}@{area.code}", Grant(role=role, area_path=area.path))

    opened.act(begin, actor=SYSTEM, now=NOW)
    opened.act(add_accounts, actor=Actor("administrator"), now=NOW)


@contextmanager
def _copied(template: Template, folder: Path) -> Iterator[Template]:
    copy = folder / "deployment"
    shutil.copytree(template.folder, copy)
    if not template.database:
        yield Template(copy, "")
        return
    with _database(template.database) as name:
        settings = copy / "ringfence.toml"
        settings.write_text(settings.read_text().replace(template.database, name))
        yield Template(copy, name)


@contextmanager
def _database(template: str = "template1") -> Iterator[str]:
    name = f"ringfence_{uuid.uuid4().hex[:12]}"
    _on_server(f"create database {name} template {template}")
    yield name
    _on_server(f"drop database {name} with (force)")


def _address(name: str) -> str:
    return POSTGRES.rsplit("/", 1)[0] + "/" + name


def _on_server(statement: str) -> None:
    engine = create_engine(POSTGRES, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.exec_driver_sql(statement)
    engine.dispose()
