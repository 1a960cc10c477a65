"""Places keep the number they first got."""

from datetime import datetime

import pytest

from ringfence.areas import PlaceRow, lay_paths, publish_areas, put_places, read_place, read_place_numbers, read_places
from ringfence.areas.hierarchy import plan_areas
from ringfence.errors import NotFound
from ringfence.store import Store
from ringfence.terms import Actor, PlaceKind

AREAS = lay_paths([(2, "1", "市", "city", ""), (3, "11", "甲", "county", "1")], file="test")


def place(place_id: str, *, area: str = "11", name: str = "店") -> PlaceRow:
    return PlaceRow(
        place_id=place_id, name=name, kind=PlaceKind.SHOP, area_code=area, longitude=113.3, latitude=40.1, row=1
    )


def test_a_place_sent_again_keeps_its_number_and_takes_its_new_name(
    store: Store, officer: Actor, now: datetime
) -> None:
    plan = plan_areas(store.desk, AREAS)
    store.act(lambda act: publish_areas(act, AREAS, plan), actor=officer, now=now)
    put = [place("p1"), place("p2")]
    assert store.act(lambda act: put_places(act, put, areas=AREAS, batch_no=None), actor=officer, now=now) == 2
    first = read_place_numbers(store.desk).to_pylist()
    again = [place("p2", name="新店"), place("p3")]
    assert store.act(lambda act: put_places(act, again, areas=AREAS, batch_no=None), actor=officer, now=now) == 1
    assert read_place_numbers(store.desk).to_pylist()[:2] == first
    assert read_places(store.desk)["name"].to_pylist() == ["店", "新店", "店"]
    found = read_place(store.desk, first[0]["place_no"])
    assert found is not None
    assert found.place_id == "p1"
    assert read_place(store.desk, 99) is None


def test_a_place_in_an_unknown_area_is_refused_whole(store: Store, officer: Actor, now: datetime) -> None:
    with pytest.raises(NotFound, match="area 77 is not in the hierarchy"):
        store.act(
            lambda act: put_places(act, [place("p1", area="77")], areas=AREAS, batch_no=None), actor=officer, now=now
        )
    assert not read_place_numbers(store.desk).num_rows
