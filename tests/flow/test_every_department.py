"""A city whose every department sends files: each format is written, slips included, and comes in by the one call."""

from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from ringfence import flow, stewardship
from ringfence.access import add_user, grant_role
from ringfence.city import Carefulness, CityOptions, write_city
from ringfence.cli.exercise import ZONE
from ringfence.cli.receiving import find_deliveries
from ringfence.feeds import list_formats
from ringfence.intake import Arrived
from ringfence.store import EVERYWHERE, Act, Store, open_store
from ringfence.terms import Actor, Grant, RecordKind, Role

pytestmark = pytest.mark.verify

STEWARD = Actor("steward")
OPTIONS = {"residents": 1_500, "days": 5, "imported_cases": 12, "every_department": True}


@dataclass(frozen=True)
class Came:
    """A city that came in: its store, what became of each file, and its folder."""

    store: Store
    arrived: list[Arrived]
    files: Path

    def count(self, name: str) -> Counter[str]:
        """What became of the rows of a format."""
        own = [one for one in self.arrived if one.format == name]
        return Counter(accepted=sum(one.accepted for one in own), rejected=sum(one.rejected for one in own))


@pytest.fixture(scope="module", params=[Carefulness.FLAWLESS, Carefulness.CARELESS], ids=str)
def came(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Came]:
    home = tmp_path_factory.mktemp(str(request.param))
    options = CityOptions(**OPTIONS, carefulness=request.param)
    write_city(options, areas_file=None, files=home / "files", truth=home / "truth")
    now = datetime.combine(options.first_day + timedelta(days=options.days), datetime.min.time(), tzinfo=ZONE)
    stewardship.make_deployment(
        home / "deployment", zone=ZONE.key, database="", administrator="admin", password="iron on iron", now=now
    )

    def staff(act: Act) -> None:
        add_user(act, STEWARD.actor_id)
        grant_role(act, STEWARD.actor_id, Grant(role=Role.DATA_STEWARD, area_path=EVERYWHERE))

    with closing(open_store(home / "deployment")) as store:
        store.act(staff, actor=Actor("admin"), now=now)
        stewardship.publish_areas(store, home / "files" / "areas.csv", actor=Actor("admin"), now=now)
        deliveries = find_deliveries(home / "files", names=[])
        arrived = flow.receive(store, deliveries, actor=STEWARD, now=now, progress=lambda *_: None)
        yield Came(store, arrived, home / "files")


def test_every_format_there_is_is_written_by_some_department_and_comes_in(came: Came) -> None:
    assert {one.format for one in came.arrived} == set(list_formats())
    for name in list_formats():
        assert came.count(name)["accepted"] > 0, name


def test_rows_are_rejected_where_departments_are_careless_and_nowhere_else(came: Came) -> None:
    rejected = sum(one.rejected for one in came.arrived)
    written = sum(one.rows for one in came.arrived)
    if "flawless" in str(came.files):
        assert [(one.file, one.refused) for one in came.arrived if one.rejected] == []
    else:
        assert 0 < rejected < 0.03 * written


@pytest.mark.parametrize(
    "kind",
    [RecordKind.VISIT, RecordKind.SAMPLE, RecordKind.MEMBERSHIP, RecordKind.RESIDENCE, RecordKind.LEG, RecordKind.STAY,
     RecordKind.NAMED_CONTACT, RecordKind.ROUTE_POINT, RecordKind.COUNT],
)  # fmt: skip
def test_what_they_tell_is_on_record(came: Came, kind: RecordKind) -> None:
    assert came.store.lake.read(kind).num_rows > 0


def test_the_same_folder_again_changes_nothing(came: Came) -> None:
    before = {kind: came.store.lake.read(kind).num_rows for kind in RecordKind}
    now = datetime(2022, 3, 20, tzinfo=ZONE)
    again = flow.receive(
        came.store, find_deliveries(came.files, names=[]), actor=STEWARD, now=now, progress=lambda *_: None
    )
    assert [one.file for one in again if not one.is_known and one.rows] == []
    assert {kind: came.store.lake.read(kind).num_rows for kind in RecordKind} == before
