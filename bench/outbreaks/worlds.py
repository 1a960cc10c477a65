"""Outbreaks of the synthetic city as a trace sees them: records of some completeness, cases, and who infected whom.

What leaves a record: check-ins by the habits of places and persons, with a tenth, or two thirds, of them missing; lists
of households, classes, half of the work groups, and wards; and whom a case names. Nothing here looks at how a kernel
works.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from ringfence.city.departments.case_line_list import tell_onset
from ringfence.city.departments.check_ins import record
from ringfence.city.epidemic import Outbreak, run_epidemic
from ringfence.city.natural_history import DAY_S, NEVER
from ringfence.city.options import CityOptions
from ringfence.city.settings import FACTS, SCHOOLS, Setting
from ringfence.city.stays import Visits
from ringfence.city.town import Town, build_town
from ringfence.city.truth import History
from ringfence.policy import CaseDays, Policy, infectious_window, read_defaults
from ringfence.terms import LAYOUTS, Clock, GroupKind, RecordKind, cell, day_number
from ringfence.trace import PLACES, SOURCES

Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

RESIDENTS, DAYS, IMPORTED = 10_000, 14, 24
CLOCK = Clock(ZoneInfo("Asia/Shanghai"))
ASSUMED_STAY_S = 3_600
LISTED_WORK_GROUPS = 0.5
REMEMBERED, REMEMBERED_FROM_S = 0.2, 3_600
WARDS = (Setting.HOSPITAL, Setting.CARE_HOME)


@dataclass(frozen=True)
class KeptVisits:
    """Every day's true visits in memory, read as the departments read them."""

    days: list[Visits]

    def read(self, day: int) -> Visits:
        """A day's visits."""
        return self.days[day]


@dataclass(frozen=True, eq=False)
class World:
    """A city with its outbreak; persons count from 0 in the truth and from 1 in the records."""

    town: Town
    outbreak: Outbreak
    visits: KeptVisits

    @cached_property
    def first_day(self) -> int:
        """The local day number of the period's first day."""
        return day_number(self.town.options.first_day)

    @cached_property
    def days(self) -> range:
        """The period as local day numbers."""
        return range(self.first_day, self.first_day + self.town.options.days)

    @cached_property
    def cases(self) -> list[tuple[int, CaseDays]]:
        """Person (in the records) and days of each case that was reported and isolated within the period."""
        cases = self.outbreak.cases
        history = History(self.town, self.outbreak, self.visits)  # type: ignore[arg-type]
        onset = tell_onset(history, self.town.options.dice("told"))
        local = [
            (self.first_day + times // DAY_S).tolist()
            for times in (cases.reported_at, cases.sampled_at, cases.isolated_at)
        ]
        told = [None if day == NEVER else self.first_day + int(day) for day in onset.tolist()]
        return [
            (
                person + 1,
                CaseDays(reported_day=reported, sampled_day=sampled, isolated_day=isolated, onset_day=onset_day),
            )
            for person, reported, sampled, isolated, onset_day in zip(cases.person.tolist(), *local, told, strict=True)
            if isolated < self.days.stop
        ]

    @cached_property
    def sources(self) -> pa.Table:
        """The cases' infectious windows by the protocol of the day; signal and case are the person's number."""
        rules = Policy(read_defaults(), self.first_day)
        protocol = rules.protocol("covid19")
        rows = []
        for person, days in self.cases:
            window = infectious_window(days, protocol=protocol).window
            if window is not None and window.last_day >= self.first_day:
                first, last = max(window.first_day, self.first_day), min(window.last_day, self.days.stop - 1)
                rows.append((person, person, person, "forward", first, 0, last, DAY_S))
        return pa.table(list(zip(*rows, strict=True)), schema=SOURCES)

    @cached_property
    def infected(self) -> pa.Table:
        """Who was infected by one of the traced cases (columns signal, subject, infected_at)."""
        infections = self.outbreak.infections
        traced = np.isin(infections.infector + 1, self.sources["person"].to_numpy())
        return pa.table(
            {
                "signal": infections.infector[traced] + 1,
                "subject": infections.person[traced] + 1,
                "infected_at": infections.infected_at[traced],
            }
        )

    @cached_property
    def places(self) -> pa.Table:
        """Every place with its kind."""
        places = self.town.places
        kinds = np.array([FACTS[Setting(one)].kind.value for one in range(len(Setting))])
        columns = [np.arange(places.setting.size) + 1, places.longitude, places.latitude, kinds[places.setting]]
        return pa.table(columns, names=["place_no", "longitude", "latitude", "kind"]).select(PLACES.names).cast(PLACES)

    def records(self, completeness: float) -> dict[str, pa.Table]:
        """What departments know of it, with about that share of visits checked in."""
        kept = self.check_ins(completeness)
        return {
            "visit_by_cell": kept,
            "visit_by_person": kept.sort_by([("person", "ascending"), ("cell", "ascending")]),
            "membership": self.memberships,
            "named_contact": self.named,
        }

    def check_ins(self, completeness: float) -> pa.Table:
        """The check-ins as visits, cell by cell; who did not check out is taken to have stayed an hour."""
        town = replace(self.town, options=replace(self.town.options, check_in_share=completeness))
        history = History(town, self.outbreak, self.visits)  # type: ignore[arg-type]
        parts = []
        for day in range(town.options.days):
            rows = record(history, town.options.dice("check_ins", day), day)
            enter = rows.entered_at - day * DAY_S
            stay = np.where(rows.left_at >= 0, rows.left_at - rows.entered_at, ASSUMED_STAY_S)
            columns = {"cell": cell(self.first_day + day, 0) + rows.place + 1, "person": rows.person + 1}
            parts.append(pa.table(columns | {"enter_s": enter, "stay_s": np.minimum(stay, DAY_S - enter)}))
        return as_records(RecordKind.VISIT, pa.concat_tables(parts)).sort_by(
            [("cell", "ascending"), ("enter_s", "ascending")]
        )

    @cached_property
    def memberships(self) -> pa.Table:
        """Households, classes, the work groups that are listed, and wards with staff and who is cared for there."""
        people, jobs = self.town.people, self.town.occupations
        at_home = np.flatnonzero(people.household >= 0)
        parts = [(at_home, np.full(at_home.size, GroupKind.HOUSEHOLD.value, object), people.household[at_home] + 1)]
        busy = np.flatnonzero(jobs.place >= 0)
        setting = self.town.places.setting[jobs.place[busy]]
        group = (jobs.place[busy] + 1) * 1_000 + jobs.room_in_place[busy]
        listed = self.town.options.dice("lists").random(self.town.places.setting.size) < LISTED_WORK_GROUPS
        is_ward, is_class = np.isin(setting, WARDS), np.isin(setting, SCHOOLS) & jobs.is_pupil[busy]
        kind = np.where(
            is_ward, GroupKind.WARD.value, np.where(is_class, GroupKind.CLASS.value, GroupKind.WORK_GROUP.value)
        )
        is_known = is_ward | is_class | listed[jobs.place[busy]]
        parts.append((busy[is_known], kind[is_known].astype(object), group[is_known]))
        person, kinds, groups = (np.concatenate(column) for column in zip(*parts, strict=True))
        return as_records(
            RecordKind.MEMBERSHIP,
            pa.table({"person": person + 1, "group_kind": pa.array(kinds, pa.string()), "group_no": groups}),
        )

    @cached_property
    def named(self) -> pa.Table:
        """Whom the cases name: some of those with whom they spent an hour of a day in one room."""
        dice = self.town.options.dice("named")
        pairs = np.unique(np.concatenate([np.zeros((0, 2), np.int64), *self.company()]), axis=0)
        pairs = pairs[dice.random(pairs.shape[0]) < REMEMBERED]
        return as_records(RecordKind.NAMED_CONTACT, pa.table({"person": pairs[:, 0] + 1, "contact": pairs[:, 1] + 1}))

    def company(self) -> Iterator[Ints]:
        """Case and whom it spent an hour with in one room, day by day (shape n, 2)."""
        is_case = np.zeros(self.town.people.count, bool)
        is_case[self.sources["person"].to_numpy() - 1] = True
        for visits in self.visits.days:
            order = np.argsort(visits.room, kind="stable")
            room = visits.room[order]
            stays = np.flatnonzero(is_case[visits.person])
            first, end = (np.searchsorted(room, visits.room[stays], side=side) for side in ("left", "right"))
            mine = np.repeat(stays, end - first)
            offset = np.arange(mine.size) - np.repeat(np.cumsum(end - first) - (end - first), end - first)
            other = order[np.repeat(first, end - first) + offset]
            together = np.minimum(visits.leave_s[mine], visits.leave_s[other]) - np.maximum(
                visits.enter_s[mine], visits.enter_s[other]
            )
            is_long = (together >= REMEMBERED_FROM_S) & (visits.person[mine] != visits.person[other])
            yield np.column_stack([visits.person[mine][is_long], visits.person[other][is_long]])


def as_records(kind: RecordKind, rows: pa.Table) -> pa.Table:
    """Rows with every column of their kind; what is not given is empty."""
    empty = pa.nulls(rows.num_rows)
    schema = LAYOUTS[kind].schema
    return pa.table([rows[n] if n in rows.column_names else empty for n in schema.names], names=schema.names).cast(
        schema
    )


def make_world(kernel: str, *, seed: int, residents: int = RESIDENTS) -> World:
    """A city of its own, and an outbreak in it by one kernel."""
    imported = residents * IMPORTED // RESIDENTS
    options = CityOptions(residents=residents, days=DAYS, kernel=kernel, imported_cases=imported, seed=seed)
    town = build_town(options, areas_file=None)
    days: list[Visits] = []
    outbreak = run_epidemic(town, keep=lambda _, visits: days.append(visits), progress=lambda _: None)
    return World(town, outbreak, KeptVisits(days))
