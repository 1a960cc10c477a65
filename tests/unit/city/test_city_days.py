import numpy as np
import pytest

from ringfence.city.errands import SLOTS_S
from ringfence.city.households import Kin
from ringfence.city.settings import FACTS, Setting
from ringfence.city.stays import Visits
from ringfence.city.town import Town
from ringfence.city.visits import plan_day
from ringfence.terms import PlaceKind

TUESDAY, SATURDAY = 0, 4


@pytest.fixture(scope="module")
def tuesday(town: Town) -> Visits:
    return plan_day(town, day=TUESDAY)


@pytest.fixture(scope="module")
def saturday(town: Town) -> Visits:
    return plan_day(town, day=SATURDAY)


@pytest.mark.parametrize("day", [0, 3, 4, 5, 13])
def test_nobody_is_in_two_places_at_once(town: Town, day: int) -> None:
    visits = plan_day(town, day=day)
    order = np.lexsort((visits.enter_s, visits.person))
    person, enter, leave = visits.person[order], visits.enter_s[order], visits.leave_s[order]
    follows = person[1:] == person[:-1]
    assert follows.sum() > 5_000
    assert (enter[1:] >= leave[:-1])[follows].all()


@pytest.mark.parametrize("day", [0, 4])
def test_visits_lie_within_the_hours_of_their_place(town: Town, day: int) -> None:
    visits = plan_day(town, day=day)
    hours = {setting: FACTS[setting].open_h for setting in Setting}
    setting = town.places.setting[town.rooms.place[visits.room]]
    for one, (opens, closes) in hours.items():
        chosen = setting == one
        assert chosen.any()
        assert visits.enter_s[chosen].min() >= opens * 3600
        assert visits.leave_s[chosen].max() <= closes * 3600
    assert (visits.leave_s - visits.enter_s).min() >= 180


def test_being_at_home_is_no_visit(town: Town) -> None:
    assert PlaceKind.HOME not in {FACTS[Setting(one)].kind for one in np.unique(town.places.setting)}


def test_a_day_can_be_had_again_without_the_days_before_it(town: Town, saturday: Visits) -> None:
    again = plan_day(town, day=SATURDAY)
    assert all(np.array_equal(getattr(again, name), getattr(saturday, name)) for name in ("person", "room", "enter_s"))


def test_small_children_never_go_out_alone(town: Town, saturday: Visits) -> None:
    is_small = (town.people.age < 12) & ~town.occupations.is_pupil
    grown = {
        (int(town.people.household[person]), int(room), int(enter))
        for person, room, enter in zip(saturday.person, saturday.room, saturday.enter_s, strict=True)
        if town.people.age[person] >= 18
    }
    outings = np.flatnonzero(is_small[saturday.person])
    assert outings.size > 20
    for visit in outings:
        child = int(saturday.person[visit])
        assert (int(town.people.household[child]), int(saturday.room[visit]), int(saturday.enter_s[visit])) in grown


def test_schools_and_offices_rest_at_weekends_and_shops_do_not(town: Town, tuesday: Visits, saturday: Visits) -> None:
    def count(visits: Visits, *settings: Setting) -> int:
        return int(np.isin(town.places.setting[town.rooms.place[visits.room]], settings).sum())

    schools = (Setting.KINDERGARTEN, Setting.PRIMARY_SCHOOL, Setting.SECONDARY_SCHOOL)
    assert count(saturday, *schools) < 0.05 * count(tuesday, *schools)
    assert count(saturday, Setting.WORKPLACE) < 0.15 * count(tuesday, Setting.WORKPLACE)
    assert count(saturday, Setting.SHOP) > 0.8 * count(tuesday, Setting.SHOP)


def test_a_class_is_a_room_of_at_most_forty_pupils_of_one_age_and_its_teachers(town: Town) -> None:
    pupils = np.flatnonzero(town.occupations.is_pupil)
    room = town.rooms.first[town.occupations.place[pupils]] + town.occupations.room_in_place[pupils]
    ages = np.floor(town.people.age[pupils])
    for one in np.unique(room):
        assert (room == one).sum() <= 40
        assert np.unique(ages[room == one]).size == 1


def test_pupils_go_to_a_school_of_their_age_in_their_township_where_there_is_one(town: Town) -> None:
    pupils = np.flatnonzero(town.occupations.is_pupil)
    place = town.occupations.place[pupils]
    stage = {Setting.KINDERGARTEN: (3, 6), Setting.PRIMARY_SCHOOL: (6, 12), Setting.SECONDARY_SCHOOL: (12, 18)}
    for setting, (youngest, oldest) in stage.items():
        chosen = town.places.setting[place] == setting
        assert ((town.people.age[pupils][chosen] >= youngest) & (town.people.age[pupils][chosen] < oldest)).all()
    assert (town.places.township[place] == town.people.township[pupils]).mean() > 0.99


def test_the_old_in_care_live_and_stay_in_their_care_home(town: Town, tuesday: Visits) -> None:
    cared = np.flatnonzero(town.people.kin == Kin.IN_CARE)
    assert cared.size > 20
    visits = np.flatnonzero(np.isin(tuesday.person, cared))
    place = town.rooms.place[tuesday.room[visits]]
    assert set(town.places.setting[place].tolist()) == {Setting.CARE_HOME}
    assert (town.places.township[place] == town.people.township[tuesday.person[visits]]).all()
    home = {(int(town.occupations.place[one]), int(town.homes.care_home[town.people.household[one]])) for one in cared}
    assert len(home) == len({place for place, _ in home}) == len({number for _, number in home})


def test_travellers_are_seen_only_while_they_are_in_the_city(town: Town) -> None:
    for day in (0, 6, 13):
        visits = plan_day(town, day=day)
        assert town.people.are_here(day)[visits.person].all()
        assert town.people.is_traveller[visits.person].any()
    stay = (town.people.leaves - town.people.arrives + 1)[town.people.is_traveller]
    assert stay.min() >= 1
    assert stay.max() <= 5


def test_places_are_skewed(town: Town, tuesday: Visits) -> None:
    place = town.rooms.place[tuesday.room]
    for setting in (Setting.SHOP, Setting.WORKPLACE, Setting.RESTAURANT):
        count = np.sort(np.bincount(place[town.places.setting[place] == setting]))[::-1]
        count = count[count > 0]
        assert count[: max(1, count.size // 10)].sum() > 0.25 * count.sum()


def test_slots_of_errands_do_not_touch() -> None:
    assert (SLOTS_S[1:, 0] > SLOTS_S[:-1, 1]).all()
