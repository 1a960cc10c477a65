"""COVID-19 in Korea, 2020, as the files of each day: what a health department would have sent, and nothing else.

Read are only the columns named here. Who infected whom (`infected_by`), in which cluster (`infection_case`) and how
many contacts were found (`contact_number`) are the answers, never an input.

Two things are taken that the published data cannot tell. Everybody's visits are known on their own day, as check-ins:
the data holds them only because these people fell ill later, so nobody else has any. And a check-in lasts one minute,
for the data knows the day and not the hour: no rule that counts minutes together finds anything in it.
"""

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from pathlib import Path

from department_days import NOON, AreaRow, Row, placeholder_number

from ringfence.terms import Classification, PlaceKind

DISEASE = "covid19"
COUNTRY = "KR"
PROVINCE_ONLY = "administrative_area_level_1"
"""A visit to a whole province: its position is no place, so it is left out."""

PLACE_KINDS = {
    "academy": PlaceKind.SCHOOL,
    "airport": PlaceKind.TRANSPORT,
    "bakery": PlaceKind.SHOP,
    "bar": PlaceKind.LEISURE,
    "cafe": PlaceKind.RESTAURANT,
    "church": PlaceKind.WORSHIP,
    "gym": PlaceKind.LEISURE,
    "hospital": PlaceKind.HOSPITAL,
    "karaoke": PlaceKind.LEISURE,
    "lodging": PlaceKind.HOTEL,
    "park": PlaceKind.LEISURE,
    "pc_cafe": PlaceKind.LEISURE,
    "pharmacy": PlaceKind.PHARMACY,
    "public_transportation": PlaceKind.TRANSPORT,
    "restaurant": PlaceKind.RESTAURANT,
    "school": PlaceKind.SCHOOL,
    "store": PlaceKind.SHOP,
    "university": PlaceKind.SCHOOL,
}


@dataclass(frozen=True)
class Confirmed:
    """A confirmed case; `onset` is empty for most."""

    patient_id: str
    confirmed_on: date
    onset_on: date | None


@dataclass(frozen=True)
class Visit:
    """A visit of somebody who fell ill sooner or later; the position is kept as it was printed."""

    patient_id: str
    day: date
    kind: PlaceKind
    area_code: str
    longitude: str
    latitude: str

    @property
    def place_id(self) -> str:
        """A place is its position."""
        return f"{self.longitude},{self.latitude}"


@dataclass(frozen=True)
class Korea2020:
    """The outbreak as far as it was known to departments."""

    cases: tuple[Confirmed, ...]
    visits: tuple[Visit, ...]
    areas: tuple[AreaRow, ...]

    def days(self, *, lag: int) -> list[date]:
        """Every day from the first visit or case to the last case whose routes come out `lag` days later."""
        first = min([case.confirmed_on for case in self.cases] + [visit.day for visit in self.visits])
        last = max(case.confirmed_on for case in self.cases) + timedelta(days=lag)
        return [first + timedelta(days=number) for number in range((last - first).days + 1)]

    def files_of(self, day: date, *, lag: int) -> dict[str, list[Row]]:
        """The rows of one day by format; a case's routes up to then come out `lag` days after its confirmation."""
        today = [visit for visit in self.visits if visit.day == day]
        files = {
            "places": [_place(visit) for visit in self._first_visits if visit.day == day],
            "check_ins": [_check_in(visit) for visit in today],
            "case_line_list": [_line(case, day) for case in self.cases if day in _told_on(case)],
            "case_routes": [_route(visit) for visit in self.routes_of(day, lag=lag)],
        }
        return {name: rows for name, rows in files.items() if rows}

    def routes_of(self, day: date, *, lag: int) -> list[Visit]:
        """The visits that come out on a day: those of the cases confirmed `lag` days before."""
        released = {case.patient_id for case in self.cases if case.confirmed_on + timedelta(days=lag) == day}
        return [visit for visit in self.visits if visit.patient_id in released and visit.day <= day]

    @cached_property
    def _first_visits(self) -> list[Visit]:
        """The first visit to each place: from that day on the place is known."""
        first: dict[str, Visit] = {}
        for visit in sorted(self.visits, key=lambda visit: visit.day):
            first.setdefault(visit.place_id, visit)
        return list(first.values())


def read_korea_2020(folder: Path, *, first: date = date.min, last: date = date.max) -> Korea2020:
    """The outbreak from the folder of shared outbreaks, or some days of it: cases confirmed and visits made in them."""
    with (folder / "korea_2020_cases.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    with (folder / "korea_2020_routes.csv").open(encoding="utf-8", newline="") as file:
        routes = list(csv.DictReader(file))
    cases = map(_read_case, rows)
    visits = [_read_visit(row) for row in routes if row["type"] != PROVINCE_ONLY]
    # Twice at one place on one day is one row: of a row that says nothing new a department would hear that it is one.
    distinct = {(visit.patient_id, visit.day, visit.place_id): visit for visit in visits}
    return Korea2020(
        cases=tuple(case for case in cases if first <= case.confirmed_on <= last),
        visits=tuple(visit for visit in distinct.values() if first <= visit.day <= last),
        areas=_read_areas(routes),
    )


def _read_case(row: dict[str, str]) -> Confirmed:
    onset = row["symptom_onset_date"].strip()
    return Confirmed(
        patient_id=row["patient_id"],
        confirmed_on=date.fromisoformat(row["confirmed_date"]),
        onset_on=date.fromisoformat(onset) if onset else None,
    )


def _read_visit(row: dict[str, str]) -> Visit:
    return Visit(
        patient_id=row["patient_id"],
        day=date.fromisoformat(row["date"]),
        kind=PLACE_KINDS.get(row["type"], PlaceKind.OTHER),
        area_code=_city_code(row),
        longitude=row["longitude"],
        latitude=row["latitude"],
    )


def _read_areas(routes: Sequence[dict[str, str]]) -> tuple[AreaRow, ...]:
    provinces = {(row["province"], row["province"], "province", COUNTRY) for row in routes}
    cities = {(_city_code(row), row["city"], "city", row["province"]) for row in routes}
    return ((COUNTRY, "Korea", "country", ""), *sorted(provinces), *sorted(cities))


def _city_code(row: dict[str, str]) -> str:
    """Cities of several provinces share a name."""
    return f"{row['province']}.{row['city']}"


def _told_on(case: Confirmed) -> set[date]:
    """A case is on the line list of the day of its confirmation, and again when its onset becomes known later."""
    return {case.confirmed_on} | ({case.onset_on} if case.onset_on and case.onset_on > case.confirmed_on else set())


def _line(case: Confirmed, day: date) -> Row:
    return {
        "case_id": case.patient_id,
        "id_number": placeholder_number(int(case.patient_id)),
        "disease": DISEASE,
        "classification": Classification.CONFIRMED,
        "onset_date": case.onset_on if case.onset_on and case.onset_on <= day else "",
        "reported_at": f"{case.confirmed_on} {NOON}",
    }


def _place(visit: Visit) -> Row:
    return {
        "place_id": visit.place_id,
        "name": visit.place_id,
        "kind": visit.kind,
        "area_code": visit.area_code,
        "longitude": visit.longitude,
        "latitude": visit.latitude,
    }


def _check_in(visit: Visit) -> Row:
    return {
        "place_id": visit.place_id,
        "entered_at": f"{visit.day} 12:00",
        "left_at": f"{visit.day} 12:01",
        "id_number": placeholder_number(int(visit.patient_id)),
    }


def _route(visit: Visit) -> Row:
    return {
        "case_id": visit.patient_id,
        "date": visit.day,
        "place_kind": visit.kind,
        "longitude": visit.longitude,
        "latitude": visit.latitude,
    }
