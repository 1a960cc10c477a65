"""The outbreak, day by day: swabs and results, isolation, visits, infection; the hidden truth of the city.

The order within a day: results decide who is isolated, isolation and illness decide who still goes out, and who goes
out decides who is infected. Nobody is infectious within a day of being infected, so the days can be worked off in turn.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from ringfence.city.arrays import Flags, Floats, Ints, hashed_share
from ringfence.city.kernels import KERNELS
from ringfence.city.meetings import find_home_meetings, find_room_meetings
from ringfence.city.natural_history import (
    AT_HOME,
    DAY_S,
    ELSEWHERE,
    NEVER,
    NOBODY,
    Infections,
    draw_courses,
    join_infections,
)
from ringfence.city.samples import ALONE, Samples, examine, find_retests, hours, join_samples, take_swabs
from ringfence.city.settings import MINUTE_S, Setting
from ringfence.city.stays import SHORTEST_S, Visits, draw_rooms, join_visits
from ringfence.city.town import Town
from ringfence.city.visits import plan_day

GROWN_AGE = 18.0
IMPORTED_DAYS_AGO = (0.3, 2.5)
TRAVELLERS_ARRIVE_BY = 4
STAYS_IN_WHEN_ILL = 0.5
WAITS_AT_CLINIC_S = (10 * MINUTE_S, 45 * MINUTE_S)
REPORTED_AFTER_H, ISOLATED_AFTER_H = (0.5, 3.0), (0.5, 5.0)
SCREENING_PAUSE_DAYS = 3


@dataclass(frozen=True)
class Cases:
    """Confirmed cases in order of report (shape cases); times in seconds of the period."""

    person: Ints
    sampled_at: Ints
    reported_at: Ints
    isolated_at: Ints


@dataclass(frozen=True)
class Outbreak:
    """The whole truth: infections, every swab, the cases made of them, and how many visits took place."""

    infections: Infections
    samples: Samples
    cases: Cases
    visits: int


class Epidemic:
    """An outbreak under way: what has happened so far."""

    def __init__(self, town: Town) -> None:
        self.town = town
        self.kernel = KERNELS[town.options.kernel]
        self.infections = import_cases(town)
        self.samples: list[Samples] = []
        self.pools = 0
        self.isolated_at = np.full(town.people.count, NEVER)
        self.case_reported_at = np.full(town.people.count, NEVER)
        self.screened_on = np.full(town.areas.county.size, -SCREENING_PAUSE_DAYS)

    def by_person(self, name: str) -> Ints:
        """A time of the infections, by person (NEVER for who is not infected)."""
        times = np.full(self.town.people.count, NEVER)
        times[self.infections.person] = getattr(self.infections, name)
        return times

    def live_through(self, day: int) -> Visits:
        """One more day; the visits that really took place."""
        self.swab_and_isolate(day)
        visits = self.stay_away(plan_day(self.town, day=day), day)
        self.infections = join_infections([self.infections, self.infect(visits, day)])
        return visits

    def swab_and_isolate(self, day: int) -> None:
        """Take the day's swabs, examine them, and send who is found positive into isolation."""
        dice = self.town.options.dice("samples", day)
        had_case = np.unique(self.town.people.township[self.case_reported_at // DAY_S == day - 1])
        screened = had_case[day - self.screened_on[had_case] >= SCREENING_PAUSE_DAYS]
        self.screened_on[screened] = day
        swabs = take_swabs(
            self.town,
            dice,
            day=day,
            can_be_swabbed=self.town.people.are_here(day) & (self.isolated_at == NEVER),
            seeks_help_at=self.by_person("seeks_help_at"),
            retests=find_retests(self.samples, day=day),
            screened_townships=screened,
            first_pool=self.pools,
        )
        self.pools = max(self.pools, int(swabs.pool.max(initial=ALONE)) + 1)
        found = examine(dice, swabs, self.infections)
        self.samples.append(found)
        self.isolate(dice, found.keep(found.is_positive & (found.pool == ALONE)))

    def isolate(self, dice: np.random.Generator, positives: Samples) -> None:
        """Report new cases and end their visits; both follow the laboratory's report by some hours."""
        reported_at = positives.reported_at + hours(dice, REPORTED_AFTER_H, positives.count)
        self.case_reported_at[positives.person] = reported_at
        self.isolated_at[positives.person] = positives.reported_at + hours(dice, ISOLATED_AFTER_H, positives.count)

    def stay_away(self, visits: Visits, day: int) -> Visits:
        """The visits without those of the ill who stay in and of the isolated, and with those at the clinics."""
        seeks_help_at = self.by_person("seeks_help_at")
        at_clinic = (seeks_help_at // DAY_S == day) & (self.isolated_at > seeks_help_at)
        is_ill = self.by_person("onset_at") < day * DAY_S
        luck = hashed_share(self.town.options.seed, np.arange(is_ill.size), np.full(is_ill.size, day))
        stays_in = at_clinic | (is_ill & (luck < STAYS_IN_WHEN_ILL))
        clinic = self.wait_at_clinics(np.flatnonzero(at_clinic), seeks_help_at, day)
        visits = join_visits([visits.keep(~stays_in[visits.person]), clinic])
        leave = np.minimum(visits.leave_s, self.isolated_at[visits.person] - day * DAY_S)
        cut = Visits(visits.person, visits.room, visits.enter_s, leave)
        return cut.keep(leave - cut.enter_s >= SHORTEST_S)

    def wait_at_clinics(self, person: Ints, seeks_help_at: Ints, day: int) -> Visits:
        """Visits to the hospital around the swab of who seeks help."""
        dice = self.town.options.dice("clinics", day)
        swab = seeks_help_at[person] - day * DAY_S
        hospital = self.town.favourite[person, Setting.HOSPITAL].astype(np.int64)
        room = draw_rooms(self.town.rooms, hospital, dice.random(person.size))
        before, after = dice.integers(*WAITS_AT_CLINIC_S, (2, person.size))
        return Visits(person, room, swab - before, swab + after)

    def infect(self, visits: Visits, day: int) -> Infections:
        """The infections of a day: whoever infects a person first is the infector."""
        dice = self.town.options.dice("infect", day)
        now = self.infections
        infectious = now.keep((now.infectious_from < (day + 1) * DAY_S) & (now.infectious_until > day * DAY_S))
        rooms = self.strike_in_rooms(dice, visits, infectious, day)
        homes = self.strike_at_home(dice, visits, infectious, day)
        target, at, infector, place = np.concatenate([rooms, homes], axis=1)
        first = find_first(target, at)
        return draw_courses(
            dice, self.kernel, person=target[first], infected_at=at[first], infector=infector[first], place=place[first]
        )

    def strike_in_rooms(self, dice: np.random.Generator, visits: Visits, infectious: Infections, day: int) -> Ints:
        """Target, instant, infector and place of everybody infected in a room (shape 4, n)."""
        met = find_room_meetings(self.town, visits, infectious, day=day)
        struck = np.flatnonzero(self.is_susceptible(met.target) & strikes(dice, self.kernel.room_dose(met)))
        since = np.maximum(met.source_from_s, met.target_from_s)[struck]
        until = met.target_until_s[struck]
        if not self.kernel.lingers:
            until = np.minimum(until, met.source_until_s[struck])
        at = day * DAY_S + since + (dice.random(struck.size) * (until - since)).astype(np.int64)
        return np.stack([met.target[struck], at, met.source[struck], self.town.rooms.place[met.room[struck]]])

    def strike_at_home(self, dice: np.random.Generator, visits: Visits, infectious: Infections, day: int) -> Ints:
        """Target, instant, infector and place of everybody infected at home (shape 4, n)."""
        met, spans = find_home_meetings(self.town, visits, infectious, isolated_at=self.isolated_at, day=day)
        moment = spans.moment((dice.random(met.target.size) * met.together_s).astype(np.int64))
        struck = np.flatnonzero(self.is_susceptible(met.target) & strikes(dice, self.kernel.home_dose(met)))
        at = day * DAY_S + moment[struck]
        return np.stack([met.target[struck], at, met.source[struck], np.full(struck.size, AT_HOME)])

    def is_susceptible(self, person: Ints) -> Flags:
        """Whether each was not infected before."""
        return ~np.isin(person, self.infections.person)


def find_first(target: Ints, at: Ints) -> Ints:
    """The row of each target's earliest instant, in order of target."""
    order = np.lexsort((at, target))
    return order[np.unique(target[order], return_index=True)[1]]


def strikes(dice: np.random.Generator, dose: Floats) -> Flags:
    """Whether each dose infects, with probability 1 - exp(-dose)."""
    has_struck: Flags = dice.random(dose.size) < -np.expm1(-dose)
    return has_struck


def import_cases(town: Town) -> Infections:
    """The imported cases: residents who came home infected before the period, and travellers who arrive infected."""
    dice = town.options.dice("imported")
    people = town.people
    is_grown = people.age >= GROWN_AGE
    returned = np.flatnonzero(is_grown & (people.household >= 0) & (town.occupations.place >= 0))
    arriving = np.flatnonzero(people.is_traveller & (people.arrives <= TRAVELLERS_ARRIVE_BY))
    from_travel = min(town.options.imported_cases // 3, arriving.size)
    person = np.concatenate(
        [
            dice.choice(returned, size=town.options.imported_cases - from_travel, replace=False),
            dice.choice(arriving, size=from_travel, replace=False),
        ]
    )
    ago = (dice.uniform(*IMPORTED_DAYS_AGO, person.size) * DAY_S).astype(np.int64)
    return draw_courses(
        dice,
        KERNELS[town.options.kernel],
        person=person,
        infected_at=people.arrives[person] * DAY_S - ago,
        infector=np.full(person.size, NOBODY),
        place=np.full(person.size, ELSEWHERE),
    )


def run_epidemic(town: Town, *, keep: Callable[[int, Visits], None], progress: Callable[[float], None]) -> Outbreak:
    """The outbreak of the whole period; `keep` is handed each day's visits, `progress` the share that is done."""
    epidemic = Epidemic(town)
    taken_place = 0
    for day in range(town.options.days):
        visits = epidemic.live_through(day)
        taken_place += visits.count
        keep(day, visits)
        progress((day + 1) / town.options.days)
    samples = join_samples(epidemic.samples)
    return Outbreak(epidemic.infections, samples, list_cases(samples, epidemic), taken_place)


def list_cases(samples: Samples, epidemic: Epidemic) -> Cases:
    """Everybody confirmed, in order of report, with the sample that did it."""
    decisive = samples.keep(samples.is_positive & (samples.pool == ALONE))
    person, first = np.unique(decisive.person, return_index=True)
    reported = epidemic.case_reported_at[person]
    order = np.argsort(reported, kind="stable")
    return Cases(
        person=person[order],
        sampled_at=decisive.taken_at[first][order],
        reported_at=reported[order],
        isolated_at=epidemic.isolated_at[person][order],
    )
