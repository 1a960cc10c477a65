"""The embedded deployment alone, for what does not depend on the database: one round instead of two."""

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from ringfence.store import Store, init_store, open_store


@pytest.fixture(scope="session")
def embedded_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An embedded deployment with nothing in it, made once."""
    folder = tmp_path_factory.mktemp("embedded") / "deployment"
    init_store(folder, zone="Asia/Shanghai", now=datetime(2022, 3, 1, 4, tzinfo=UTC))
    return folder


@pytest.fixture
def embedded_folder(embedded_template: Path, tmp_path: Path) -> Path:
    """The folder of a fresh embedded deployment."""
    return Path(shutil.copytree(embedded_template, tmp_path / "embedded"))


@pytest.fixture
def embedded(embedded_folder: Path) -> Iterator[Store]:
    """A fresh embedded deployment, opened as its writer."""
    opened = open_store(embedded_folder)
    yield opened
    opened.close()
