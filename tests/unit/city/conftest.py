"""Small cities, written once and read by many tests."""

import pytest
from city_on_disk import Written, write

from ringfence.city import Carefulness, CityOptions
from ringfence.city.town import Town, build_town


@pytest.fixture(scope="session")
def usual(tmp_path_factory: pytest.TempPathFactory) -> Written:
    """A small city whose departments make their usual slips."""
    return write(tmp_path_factory.mktemp("usual"))


@pytest.fixture(scope="session")
def flawless(tmp_path_factory: pytest.TempPathFactory) -> Written:
    """The same city written without a slip."""
    return write(tmp_path_factory.mktemp("flawless"), carefulness=Carefulness.FLAWLESS)


@pytest.fixture(scope="session")
def careless(tmp_path_factory: pytest.TempPathFactory) -> Written:
    """The same city written badly."""
    return write(tmp_path_factory.mktemp("careless"), carefulness=Carefulness.CARELESS)


@pytest.fixture(scope="session")
def town() -> Town:
    """A town of 20,000 before anything happens."""
    return build_town(CityOptions(residents=20_000), areas_file=None)
