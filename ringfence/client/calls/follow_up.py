"""The calls of follow up. Made from the description of the API by `tools/docs.py`; do not edit."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Literal

from ringfence.client.room import Room, in_path
from ringfence.terms import DayStatus, FollowUpStatus


@dataclass(frozen=True, kw_only=True)
class DayBegun:
    """Who was due, who is released or lost, how many tasks rose a level, how many orders ended."""

    due: int
    completed: int
    lost: int
    risen: int
    expired: int


@dataclass(frozen=True, kw_only=True)
class DaysKept:
    """How many days were put on record, and how many observations followed from them."""

    count: int
    observations: int


@dataclass(frozen=True, kw_only=True)
class FollowUp:
    """One row of the list of follow-ups."""

    follow_up_id: int
    person_no: int
    disease: str
    ring: int
    day_zero: date
    from_day: date
    to_day: date
    status: FollowUpStatus
    unit_id: str
    area_path: str


@dataclass(frozen=True, kw_only=True)
class Seen:
    """What one person's day came to; `follow_up_id` is the number on the list."""

    follow_up_id: int
    status: DayStatus


class FollowUpCalls(Room):
    """The calls of follow up."""

    def list_follow_ups(
        self,
        *,
        sort: Literal["to_day", "-to_day"] = "to_day",
        area: str | None = None,
        status: FollowUpStatus | None = None,
        disease: str | None = None,
        unit: str | None = None,
        person: int | None = None,
    ) -> Iterator[FollowUp]:
        """Who is watched in your areas, the next to be released first (GET /follow-ups)."""
        return self._walk(
            FollowUp,
            "/follow-ups",
            {"sort": sort, "area": area, "status": status, "disease": disease, "unit": unit, "person": person},
        )

    def read_follow_up(self, follow_up_id: int) -> FollowUp:
        """One person's follow-up (GET /follow-ups/{follow_up_id})."""
        return self._ask(FollowUp, "GET", f"/follow-ups/{in_path(follow_up_id)}")

    def begin_day(self, *, day: date | None = None) -> DayBegun:
        """Begin a day: who is due, released or lost (POST /follow-up-days)."""
        return self._ask(DayBegun, "POST", "/follow-up-days", None, {"day": day})

    def record_days(self, *, day: date | None = None, seen: list[Seen]) -> DaysKept:
        """Record what a day came to (POST /follow-ups/records)."""
        return self._ask(DaysKept, "POST", "/follow-ups/records", None, {"day": day, "seen": seen})
