"""A risk area from the drawing board to lists, narrowed and lifted: nobody stays listed whom nothing justifies."""

from dataclasses import replace
from pathlib import Path

import pytest
from small_town import (
    CHIEF,
    COUNTY,
    DAY,
    EPIDEMIOLOGIST,
    EVENING,
    GRID,
    NOON,
    PLACES,
    UNITS,
    Town,
    check_in,
    roster,
    said_of,
)

from ringfence import access, flow, response
from ringfence.errors import ApprovalMissing, NotAllowed, PolicyRefused
from ringfence.response import Effect, Response
from ringfence.store import Act, Store
from ringfence.terms import Actor, Fence, Grant, RiskLevel, Role, SignalKind

SECOND = Actor("second_officer")
SAID = ("name", "id_number", "phone")
LUNCH = ("2022-02-28 12:00", "2022-02-28 13:00")
VISITS = [check_in("zhao1", "noodles", *LUNCH), check_in("zhou1", "market", *LUNCH), check_in("li1", "library", *LUNCH)]


@pytest.fixture
def town(staffed: Store, tmp_path: Path) -> Town:
    """The town settled, with a lunch of the day before and two officers of the city."""
    (tmp_path / "files").mkdir()
    town = Town(staffed, tmp_path / "files", now=NOON)

    def join(act: Act) -> None:
        access.add_user(act, SECOND.actor_id)
        access.grant_role(act, SECOND.actor_id, Grant(role=Role.CITY_OFFICER, area_path="1/"))

    staffed.act(join, actor=Actor("administrator"), now=NOON)
    town.settle()
    town.now = EVENING
    town.receive(check_ins=VISITS)
    return town


def fence(town: Town, *codes: str, **given: object) -> Fence:
    today = town.store.clock.day_of(town.now)
    return Fence(disease="covid19", level=RiskLevel.HIGH, from_day=today, area_codes=codes, **given)  # type: ignore[arg-type]


def approved(town: Town, drawn: Fence | None, *, risk_area_id: int | None) -> int:
    """A proposal of exactly this fence, approved by the second officer."""
    plan = flow.plan_fence(town.store, drawn, risk_area_id=risk_area_id)
    number = town.act(lambda act: access.propose(act, plan, area_path="1/"), CHIEF)
    town.act(lambda act: access.approve(act, number, area_path="1/"), SECOND)
    return number


def publish(town: Town, drawn: Fence, *, risk_area_id: int | None = None, actor: Actor = CHIEF) -> Response:
    number = approved(town, drawn, risk_area_id=risk_area_id)
    _, found = flow.publish_fence(
        town.store, drawn, risk_area_id=risk_area_id, approval_id=number, actor=actor, now=town.now, seed=1
    )
    return found


def foresee(town: Town, drawn: Fence, *, risk_area_id: int | None = None) -> Effect:
    return flow.foresee_fence(town.store, drawn, risk_area_id=risk_area_id, actor=EPIDEMIOLOGIST, now=town.now)


def listed(town: Town) -> set[str]:
    return {key for _, key in town.exposed()}


def test_who_lives_inside_or_was_there_is_listed_with_an_owner_and_released_when_it_is_lifted(town: Town) -> None:
    drawn = fence(town, "111")
    effect = foresee(town, drawn)
    assert (effect.added, effect.released, effect.conflicting) == (6, 0, 0)
    assert effect.by_area == (("1/11/111/", 5), ("1/12/121/", 1))
    assert not listed(town), "foreseeing changes nothing"
    found = publish(town, drawn)
    assert (found.found, found.listed) == (6, 6)
    assert listed(town) == {"wang1", "wang2", "wang3", "li1", "li2", "zhao1"}
    assert set().union(*town.exposed().values()) == {"came_from_risk_area"}
    assert {task.owner for task in town.tasks()} == {"111-g1", "121-g1"}
    [signal] = town.signals()
    assert signal.kind is SignalKind.RISK_AREA
    withdrawn = flow.lift_fence(
        town.store, 1, approval_id=approved(town, None, risk_area_id=1), actor=CHIEF, now=town.now
    )
    assert len(withdrawn) == 6
    assert town.tasks() == []
    assert not listed(town)


def test_a_narrower_version_releases_only_whom_it_no_longer_holds(town: Town) -> None:
    publish(town, fence(town, "111", place_ids=("market",)))
    assert listed(town) == {"wang1", "wang2", "wang3", "li1", "li2", "zhao1", "zhou1"}
    narrower = fence(town, place_ids=("noodles", "library"))
    effect = foresee(town, narrower, risk_area_id=1)
    assert (effect.added, effect.released) == (0, 5)
    found = publish(town, narrower, risk_area_id=1)
    assert found.found == 2
    assert listed(town) == {"zhao1", "li1"}
    assert {task.owner for task in town.tasks()} == {"111-g1", "121-g1"}


def test_whoever_may_not_trace_is_not_told_how_few_lie_below_the_cut_nor_what_would_say_it(town: Town) -> None:
    town.receive(duty_roster=roster(units=[(*unit, 0) for *unit, _ in UNITS]))
    done = publish(town, fence(town, place_ids=("noodles", "library")))
    assert (done.found, done.listed, done.below, done.expected_missed) == (None, 0, None, None)
    [told] = flow.respond(town.store, town.signals(), actor=EPIDEMIOLOGIST, now=town.now, seed=1)
    assert (told.found, told.listed, told.below) == (2, 0, 2)
    assert told.expected_missed is not None
    wider = publish(town, fence(town, "111", place_ids=("market",)), risk_area_id=1)
    assert (wider.found, wider.listed, wider.below) == (7, 0, 7), "many are told"


def test_who_slept_there_or_alighted_there_is_found_and_who_passed_through_is_not(town: Town) -> None:
    hotel = {"place_id": "hotel", "name": "宾馆", "kind": "hotel", "area_code": "111"}
    trip = {"kind": "rail", "trip_number": "G1", "departs_on": "2022-02-28"}
    areas = {"甲": "121", "乙": "111", "丙": "121"}
    rides = {"zhou1": "丙", "zhao2": "乙"}
    town.receive(
        places=[*PLACES, hotel],
        timetables=[
            {**trip, "stop_no": str(n), "stop": stop, "stop_area": area}
            for n, (stop, area) in enumerate(areas.items(), start=1)
        ],
    )
    town.receive(
        guest_register=[{"place_id": "hotel", "room": "305", "arrived_on": "2022-02-27"} | said_of("gao1")],
        passenger_list=[
            trip | {"carriage": "5", "seat": "12F", "board_stop": "甲", "alight_stop": stop} | said_of(key, *SAID)
            for key, stop in rides.items()
        ],
    )
    publish(town, fence(town, "111"))
    assert listed(town) - {"wang1", "wang2", "wang3", "li1", "li2", "zhao1"} == {"gao1", "zhao2"}


def test_who_comes_later_is_found_when_the_fence_is_traced_again(town: Town) -> None:
    publish(town, fence(town, "111"))
    town.now += DAY
    town.receive(check_ins=[check_in("gao1", "noodles", "2022-03-02 12:00", "2022-03-02 12:20")])
    town.respond()
    assert "gao1" in listed(town)


def test_orders_may_stand_on_a_published_fence_and_fall_with_it(town: Town) -> None:
    publish(town, fence(town, "111"))
    [signal] = town.signals()
    assert flow.draft_orders(town.store, signal.signal_id, actor=COUNTY, now=town.now)
    flow.lift_fence(town.store, 1, approval_id=approved(town, None, risk_area_id=1), actor=CHIEF, now=town.now)
    statuses = town.rows("select distinct status from visible_measure_order")
    assert statuses == [("declined",)]


def test_who_drafts_for_one_county_is_told_of_the_others_by_county_and_of_few_nothing(town: Town) -> None:
    publish(town, fence(town, "111"))
    [signal] = town.signals()
    told = {
        user: [
            (one.area.path, one.people)
            for one in response.read_left_to(town.store, signal.signal_id, actor=Actor(user), now=town.now)
        ]
        for user in ("county_officer@11", "county_officer@12")
    }
    assert told == {"county_officer@11": [("1/12/", None)], "county_officer@12": [("1/11/", 5)]}


def test_a_fence_needs_a_second_officer_who_saw_exactly_this_one(town: Town) -> None:
    drawn = fence(town, "111")
    number = approved(town, drawn, risk_area_id=None)
    with pytest.raises(ApprovalMissing, match="for another plan"):
        flow.publish_fence(
            town.store, fence(town, "11"), risk_area_id=None, approval_id=number, actor=CHIEF, now=town.now, seed=1
        )
    for actor in (GRID, COUNTY):
        with pytest.raises(NotAllowed):
            foresee_as(town, drawn, actor)


def foresee_as(town: Town, drawn: Fence, actor: Actor) -> Effect:
    return flow.foresee_fence(town.store, drawn, risk_area_id=None, actor=actor, now=town.now)


def test_no_two_fences_can_be_subtracted_by_who_may_not_trace(town: Town) -> None:
    """Fences around one house more or less, of other days, or around an area in pieces: the figures are one frame's."""
    places = [(), ("noodles",), ("library",), ("noodles", "library"), ("market",), ("market", "noodles")]
    around = [(), ("111",), ("121",), ("111", "121"), ("11",), ("1",)]
    drawn = [fence(town, *codes, place_ids=ids) for codes in around for ids in places if codes or ids]
    today = town.store.clock.day_of(town.now)
    drawn += [replace(one, from_day=today - 3, to_day=today - 1) for one in drawn]
    told: dict[str, set[int | None]] = {}
    for one in drawn:
        effect = foresee_as(town, one, CHIEF)
        assert (effect.added, effect.released, effect.conflicting, effect.by_area) == (None, None, None, ())
        for path, count in effect.touched:
            told.setdefault(path, set()).add(count)
    whole = {f"1/{code[:2]}/{code}/": foresee(town, fence(town, code)).added for code in ("111", "1111", "121", "122")}
    assert told == {path: {None if 0 < count < 5 else count} for path, count in whole.items()}
    assert whole["1/11/111/"] == 6, "some are told"
    assert len({foresee(town, one).added for one in drawn}) > 3, "whoever may trace is told of each"


def test_a_house_more_or_less_would_be_given_away_by_exact_figures(town: Town) -> None:
    """Why whoever may not trace is not told them: their difference is who was at one place."""
    first, second = fence(town, place_ids=("library",)), fence(town, "122")
    assert (foresee(town, first).added, foresee(town, second).added) == (1, 3)
    assert foresee_as(town, first, CHIEF).touched == foresee_as(town, second, CHIEF).touched


def test_a_disease_whose_protocol_asks_nobody_where_they_came_from_has_no_fences(town: Town) -> None:
    drawn = Fence(disease="cholera", level=RiskLevel.HIGH, from_day=19_052, area_codes=("111",))
    number = approved(town, drawn, risk_area_id=None)
    with pytest.raises(PolicyRefused, match="asks nobody where they came from"):
        flow.publish_fence(town.store, drawn, risk_area_id=None, approval_id=number, actor=CHIEF, now=town.now, seed=1)
