"""Risk areas: published with a second officer's approval, in versions, lifted once; and what lies inside them."""

from collections.abc import Callable
from datetime import datetime

import pytest

from ringfence.access import approve, propose, use_approval
from ringfence.areas import (
    PlaceRow,
    check_fence,
    find_inside,
    lift_fence,
    list_risk_areas,
    publish_fence,
    put_places,
    read_places,
    read_versions,
)
from ringfence.errors import InputRefused, NotAllowed, NotFound, TransitionRefused
from ringfence.store import Act, Store
from ringfence.terms import Actor, Approval, Area, Fence, PlaceKind, Plan, RiskArea, RiskLevel

FENCE = Fence(disease="covid19", level=RiskLevel.HIGH, from_day=19_050, area_codes=("11",))
BOX = '{"type": "Polygon", "coordinates": [[[113, 40], [113.2, 40], [113.2, 40.2], [113, 40.2], [113, 40]]]}'
PUBLISHER, APPROVER = Actor("administrator"), Actor("city_officer")


def put(
    store: Store, write: Callable[[Act, Approval], RiskArea], *, now: datetime, actor: Actor = PUBLISHER
) -> RiskArea:
    """What an approved plan writes."""
    plan = Plan(kind="risk_area", basis=str(len(list_risk_areas(store.desk))), added=({"persons": 3},))
    number = store.act(lambda act: propose(act, plan), actor=PUBLISHER, now=now)
    store.act(lambda act: approve(act, number, area_path="1/"), actor=APPROVER, now=now)
    return store.act(lambda act: write(act, use_approval(act, plan, number)), actor=actor, now=now)


def test_a_fence_is_published_in_versions_and_lifted_once(staffed: Store, now: datetime) -> None:
    first = put(staffed, lambda act, yes: publish_fence(act, FENCE, approval=yes), now=now)
    assert first == RiskArea(risk_area_id=1, version=1, fence=FENCE, is_lifted=False)
    wider = Fence(disease="covid19", level=RiskLevel.MEDIUM, from_day=19_050, to_day=19_060, polygon=BOX)
    second = put(staffed, lambda act, yes: publish_fence(act, wider, approval=yes, risk_area_id=1), now=now)
    assert list_risk_areas(staffed.desk) == [second]
    lifted = put(staffed, lambda act, yes: lift_fence(act, 1, approval=yes), now=now)
    assert read_versions(staffed.desk, 1) == [first, second, lifted]
    assert (lifted.version, lifted.is_lifted) == (3, True)
    with pytest.raises(TransitionRefused, match="was lifted already"):
        put(staffed, lambda act, yes: lift_fence(act, 1, approval=yes), now=now)
    with pytest.raises(TransitionRefused, match="was lifted; publish a new one"):
        put(staffed, lambda act, yes: publish_fence(act, FENCE, approval=yes, risk_area_id=1), now=now)


def test_only_who_may_publish_areas_publishes_a_fence(staffed: Store, now: datetime) -> None:
    with pytest.raises(NotAllowed):
        put(staffed, lambda act, yes: publish_fence(act, FENCE, approval=yes), now=now, actor=Actor("grid_worker"))
    assert list_risk_areas(staffed.desk) == []
    with pytest.raises(NotFound, match="no risk area 9"):
        put(staffed, lambda act, yes: lift_fence(act, 9, approval=yes), now=now)


@pytest.fixture
def with_places(staffed: Store, areas: dict[str, Area], now: datetime) -> Store:
    """Places in 子镇 (in the box), 丑镇 (in the box), 寅镇 (outside), and one that nobody located."""
    where = [
        ("a", "111", 113.1, 40.1),
        ("b", "1111", 113.15, 40.1),
        ("c", "121", 113.5, 40.1),
        ("d", "121", None, None),
    ]
    rows = [
        PlaceRow(place_id=key, name=key, kind=PlaceKind.SHOP, area_code=code, longitude=x, latitude=y, row=row)
        for row, (key, code, x, y) in enumerate(where, start=1)
    ]
    staffed.act(lambda act: put_places(act, rows, areas=areas, batch_no=None), actor=Actor("data_steward"), now=now)
    return staffed


@pytest.mark.parametrize(
    ("given", "codes", "places"),
    [
        ({"area_codes": ("11",)}, {"11", "111", "1111"}, {"a", "b"}),
        ({"area_codes": ("111",)}, {"111"}, {"a"}),
        ({"polygon": BOX}, set(), {"a", "b"}),
        ({"place_ids": ("d",)}, set(), {"d"}),
        ({"polygon": BOX, "place_ids": ("a", "c")}, set(), {"a", "b", "c"}),
    ],
)
def test_inside_lies_what_the_fence_names_and_what_its_outline_holds(
    with_places: Store, areas: dict[str, Area], given: dict[str, object], codes: set[str], places: set[str]
) -> None:
    fence = Fence(disease="covid19", level=RiskLevel.HIGH, from_day=19_050, **given)  # type: ignore[arg-type]
    one = RiskArea(risk_area_id=4, version=1, fence=fence, is_lifted=False)
    inside_areas, inside_places = find_inside(with_places.desk, [one], areas=areas)
    known = {row["place_no"]: row["place_id"] for row in read_places(with_places.desk).to_pylist()}
    assert set(inside_areas["area"].to_pylist()) == codes
    assert {known[number] for number in inside_places["place"].to_pylist()} == places
    assert set(inside_places["risk_area"].to_pylist()) <= {4}


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({}, "needs area codes, places or a polygon"),
        ({"area_codes": ("11",), "to_day": 19_049}, "ends before it begins"),
        ({"area_codes": ("99",)}, "names 99"),
        ({"place_ids": ("zz",)}, "names zz"),
        ({"polygon": "{}"}, "no GeoJSON"),
    ],
)
def test_a_fence_that_means_nothing_is_refused(
    with_places: Store, areas: dict[str, Area], given: dict[str, object], says: str
) -> None:
    fence = Fence(disease="covid19", level=RiskLevel.HIGH, from_day=19_050, **given)  # type: ignore[arg-type]
    with pytest.raises(InputRefused, match=says):
        check_fence(fence, areas=areas, places=read_places(with_places.desk))
