"""What tests of feeds lean on: a clock, what is known, and a way to receive a content."""

from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

import pyarrow as pa
import pytest
from feed_files import Receive

from ringfence.feeds import CASE_KEYS, Format, Known, Received, read_file, read_format
from ringfence.policy import PolicySet, read_defaults
from ringfence.terms import Area, Clock, day_number

TODAY = day_number(date(2022, 3, 1))
CLOCK = Clock(ZoneInfo("Asia/Shanghai"))


@pytest.fixture(scope="session")
def shipped() -> PolicySet:
    """The policy as it is shipped."""
    return read_defaults()


@pytest.fixture(scope="session")
def known(areas: dict[str, Area]) -> Known:
    """The small city, two places, two cases."""
    return Known(
        areas=areas,
        places=pa.table({"place_no": pa.array([7, 9], pa.int64()), "place_id": ["p1", "p2"]}),
        cases=pa.table({"case_key": ["C1", "C2"], "person_no": pa.array([101, 102], pa.int64())}, schema=CASE_KEYS),
        diseases=frozenset({"covid19", "mers"}),
        sites=frozenset({"F1"}),
    )


@pytest.fixture
def receive(tmp_path: Path, shipped: PolicySet, known: Known) -> Receive:
    """Receives on 2022-03-01, in China unless another clock is given."""

    def receive(
        declared: str | Format, content: str | bytes, *, clock: Clock | None = None, today: int | None = None
    ) -> Received:
        chosen = read_format(declared, policy=shipped) if isinstance(declared, str) else declared
        path = tmp_path / f"{chosen.name}.csv"
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return read_file(path, chosen, known=known, clock=clock or CLOCK, today=TODAY if today is None else today)

    return receive
