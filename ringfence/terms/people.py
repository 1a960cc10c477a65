"""Who may need help: persons, households, and the groups and trips that put people beside each other."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TypeAlias

PersonNo: TypeAlias = int
"""A person's number in lake and desk; it says nothing about the person and names never stand beside it there."""

HouseholdNo: TypeAlias = int


class Sex(StrEnum):
    """Administrative sex as registers carry it (ISO/IEC 5218 in words)."""

    FEMALE = "female"
    MALE = "male"
    UNKNOWN = "unknown"


@dataclass(frozen=True, kw_only=True)
class Person:
    """A person as the vault knows them; opened only for a declared purpose (policy 6.4)."""

    person_no: PersonNo
    household_no: HouseholdNo | None = None
    name: str = ""
    sex: Sex = Sex.UNKNOWN
    birth_date: date | None = None
    id_number: str = ""
    phone: str = ""
    address: str = ""
    area_code: str = ""


@dataclass(frozen=True, kw_only=True)
class Household:
    """People behind one door: what door-knocking reaches even where the person is uncertain (policy 2.3)."""

    household_no: HouseholdNo
    area_code: str
    place_no: int | None = None


class LinkAnswer(StrEnum):
    """What linking says about a row: only `person` is certain enough to act on a person."""

    PERSON = "person"
    HOUSEHOLD = "household"
    REVIEW = "review"
    NONE = "none"


class AliasKind(StrEnum):
    """Why two person numbers are one, or one is two."""

    PROVISIONAL = "provisional"
    MERGED = "merged"
    SPLIT = "split"


class GroupKind(StrEnum):
    """Groups whose members share rooms for longer than a visit; kept as intervals, not as visits."""

    HOUSEHOLD = "household"
    HOTEL_ROOM = "hotel_room"
    HOTEL_FLOOR = "hotel_floor"
    WARD = "ward"
    WORK_GROUP = "work_group"
    CLASS = "class"
    ANTENATAL = "antenatal"


@dataclass(frozen=True, kw_only=True)
class Group:
    """A group with its kind; its members stand in the lake as `membership` records."""

    group_no: int
    kind: GroupKind
    place_no: int | None = None


class TripKind(StrEnum):
    """How a trip travels."""

    RAIL = "rail"
    AIR = "air"
    ROAD = "road"


@dataclass(frozen=True, kw_only=True)
class Trip:
    """One run of a train, flight or coach; its passengers stand in the lake as `leg` records."""

    trip_no: int
    kind: TripKind
    number: str
    departs_on: date
    stops: tuple[str, ...] = ()
