"""Who met an infectious person on a day: in the same room, or behind the same door."""

from dataclasses import dataclass

import numpy as np

from ringfence.city.arrays import Ints, unroll
from ringfence.city.kernels import HomeMeetings, RoomMeetings
from ringfence.city.natural_history import DAY_S, Infections
from ringfence.city.stays import Visits
from ringfence.city.town import Town


@dataclass(frozen=True)
class Spans:
    """Two spans of the day in which both are at home, before going out and after coming back (shape pairs, 2)."""

    from_s: Ints
    until_s: Ints

    @property
    def together_s(self) -> Ints:
        """Seconds of both spans."""
        seconds: Ints = np.maximum(self.until_s - self.from_s, 0).sum(axis=1)
        return seconds

    def moment(self, share: Ints) -> Ints:
        """The second of the day at which that many seconds together have passed (shape pairs)."""
        first = np.maximum(self.until_s - self.from_s, 0)[:, 0]
        return np.where(share < first, self.from_s[:, 0] + share, self.from_s[:, 1] + share - first)


def find_room_meetings(town: Town, visits: Visits, infectious: Infections, *, day: int) -> RoomMeetings:
    """Every stay of an infectious person with everybody who is in the room then or comes into it that day."""
    visits = visits.keep(np.argsort(visits.room, kind="stable"))
    number = np.full(town.people.count, -1)
    number[infectious.person] = np.arange(infectious.count)
    stays = np.flatnonzero(number[visits.person] >= 0)
    source = number[visits.person[stays]]
    starts = np.maximum(visits.enter_s[stays], infectious.infectious_from[source] - day * DAY_S)
    ends = np.minimum(visits.leave_s[stays], infectious.infectious_until[source] - day * DAY_S)
    is_risk = ends > starts
    stays, source, starts, ends = stays[is_risk], source[is_risk], starts[is_risk], ends[is_risk]
    first = np.searchsorted(visits.room, visits.room[stays], side="left")
    end = np.searchsorted(visits.room, visits.room[stays], side="right")
    stay, met = unroll(first, end - first)
    is_pair = (visits.person[met] != infectious.person[source[stay]]) & (visits.leave_s[met] > starts[stay])
    stay, met = stay[is_pair], met[is_pair]
    room = visits.room[met]
    shedding = infectious.keep(source).shedding(day * DAY_S + (starts + ends) // 2)
    return RoomMeetings(
        stay=stay,
        room=room,
        source=infectious.person[source[stay]],
        target=visits.person[met],
        source_from_s=starts[stay],
        source_until_s=ends[stay],
        target_from_s=visits.enter_s[met],
        target_until_s=visits.leave_s[met],
        shedding=shedding[stay],
        power=infectious.power[source[stay]],
        m3=town.rooms.m3[room],
        air_changes_per_h=town.rooms.air_changes_per_h[room],
    )


def find_home_meetings(
    town: Town, visits: Visits, infectious: Infections, *, isolated_at: Ints, day: int
) -> tuple[HomeMeetings, Spans]:
    """Every infectious person at home with each other member of the household, and when both were there."""
    household = town.people.household
    sources = np.flatnonzero(household[infectious.person] >= 0)
    door = household[infectious.person[sources]]
    residents = household[: town.people.residents]
    first = np.searchsorted(residents, door, side="left")
    owner, target = unroll(first, np.searchsorted(residents, door, side="right") - first)
    source = sources[owner]
    is_pair = target != infectious.person[source]
    source, target = source[is_pair], target[is_pair]
    person = infectious.person[source]
    goes_out, comes_back = find_time_out(town, visits)
    begins = infectious.infectious_from[source] - day * DAY_S
    ends = np.minimum(infectious.infectious_until[source], isolated_at[person]) - day * DAY_S
    away = np.minimum(goes_out[person], goes_out[target])
    back = np.maximum(comes_back[person], comes_back[target])
    spans = Spans(
        np.maximum(np.column_stack([np.zeros_like(back), back]), begins[:, None]),
        np.minimum(np.column_stack([away, np.full_like(away, DAY_S)]), ends[:, None]),
    )
    middle = day * DAY_S + (np.clip(begins, 0, DAY_S) + np.clip(ends, 0, DAY_S)) // 2
    return HomeMeetings(
        source=person,
        target=target,
        together_s=spans.together_s,
        shedding=infectious.keep(source).shedding(middle),
        power=infectious.power[source],
    ), spans


def find_time_out(town: Town, visits: Visits) -> tuple[Ints, Ints]:
    """When everybody leaves home first and comes back last, half the day each for who stays in (shape persons)."""
    goes_out = np.full(town.people.count, DAY_S // 2)
    comes_back = np.full(town.people.count, DAY_S // 2)
    goes_out[visits.person], comes_back[visits.person] = DAY_S, 0
    np.minimum.at(goes_out, visits.person, visits.enter_s)
    np.maximum.at(comes_back, visits.person, visits.leave_s)
    return goes_out, comes_back
