"""The calls of users. Made from the description of the API by `tools/docs.py`; do not edit."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from ringfence.client.calls.shared import Count, Done, Reason
from ringfence.client.room import Room, in_path
from ringfence.terms import Role


@dataclass(frozen=True, kw_only=True)
class BookProblem:
    """A row of the workbook that cannot be used, and why."""

    sheet: str
    row: int
    problem: Reason


@dataclass(frozen=True, kw_only=True)
class Grant:
    """One row of the list of grants."""

    grant_id: int
    user_id: str
    role: Role
    area_path: str
    granted_by: str
    recorded_at: datetime
    revoked_at: datetime | None
    revoked_by: str | None


@dataclass(frozen=True, kw_only=True)
class Granted:
    """The number by which a role can be taken back."""

    grant_id: int


@dataclass(frozen=True, kw_only=True)
class LinkMade:
    """The token of a one-time link, said this once."""

    token: str


@dataclass(frozen=True, kw_only=True)
class User:
    """One row of the list of users."""

    user_id: str
    is_active: bool
    recorded_at: datetime


@dataclass(frozen=True, kw_only=True)
class BookArrived:
    """What became of a workbook.

    Where `problems` are, nothing of it was put in. `tokens` are the one-time links of those who have no
    password or PIN yet, said this once.
    """

    units: int
    people: int
    problems: list[BookProblem]
    tokens: dict[str, str]


class UsersCalls(Room):
    """The calls of users."""

    def list_users(
        self, *, sort: Literal["user_id", "-user_id"] = "user_id", active: bool | None = None
    ) -> Iterator[User]:
        """The accounts (GET /users)."""
        return self._walk(User, "/users", {"sort": sort, "active": active})

    def add_user(self, *, user_id: str, password: str | None = None) -> Done:
        """Open an account (POST /users)."""
        return self._ask(Done, "POST", "/users", None, {"user_id": user_id, "password": password})

    def read_user(self, user_id: str) -> User:
        """One account (GET /users/{user_id})."""
        return self._ask(User, "GET", f"/users/{in_path(user_id)}")

    def list_grants(
        self,
        *,
        sort: Literal["grant_id", "-grant_id"] = "grant_id",
        area: str | None = None,
        user: str | None = None,
        role: Role | None = None,
        standing: bool | None = None,
    ) -> Iterator[Grant]:
        """The roles within areas (GET /grants)."""
        return self._walk(
            Grant, "/grants", {"sort": sort, "area": area, "user": user, "role": role, "standing": standing}
        )

    def grant_role(self, *, user_id: str, role: Role, area: str | None = None) -> Granted:
        """Give a role within an area (POST /grants)."""
        return self._ask(Granted, "POST", "/grants", None, {"user_id": user_id, "role": role, "area": area})

    def read_grant(self, grant_id: int) -> Grant:
        """One role (GET /grants/{grant_id})."""
        return self._ask(Grant, "GET", f"/grants/{in_path(grant_id)}")

    def revoke_grant(self, grant_id: int) -> Done:
        """Take a role back (DELETE /grants/{grant_id})."""
        return self._ask(Done, "DELETE", f"/grants/{in_path(grant_id)}")

    def set_password(self, user_id: str, *, password: str) -> Done:
        """Change a password (POST /users/{user_id}/password)."""
        return self._ask(Done, "POST", f"/users/{in_path(user_id)}/password", None, {"password": password})

    def set_active(self, user_id: str, *, is_active: bool) -> Done:
        """Close an account, or open it again (POST /users/{user_id}/activity)."""
        return self._ask(Done, "POST", f"/users/{in_path(user_id)}/activity", None, {"is_active": is_active})

    def import_units(self, content: bytes, *, name: str = "upload.csv") -> BookArrived:
        """Put the units and people of a workbook in, all or none (POST /units/workbooks)."""
        return self._ask(BookArrived, "POST", "/units/workbooks", {"name": name}, None, content)

    def make_link(self, user_id: str) -> LinkMade:
        """Make an account's one-time link to choose a password or PIN with (POST /users/{user_id}/links)."""
        return self._ask(LinkMade, "POST", f"/users/{in_path(user_id)}/links")

    def make_phone_link(self, unit_id: str) -> LinkMade:
        """Make a one-time link that registers a phone shared by a unit (POST /units/{unit_id}/phone-links)."""
        return self._ask(LinkMade, "POST", f"/units/{in_path(unit_id)}/phone-links")

    def sign_out(self, user_id: str) -> Count:
        """End every session of an account (POST /users/{user_id}/sign-out)."""
        return self._ask(Count, "POST", f"/users/{in_path(user_id)}/sign-out")

    def forgive(self, user_id: str) -> Done:
        """Let an account try again at once after wrong passwords or PINs (POST /users/{user_id}/forgiveness)."""
        return self._ask(Done, "POST", f"/users/{in_path(user_id)}/forgiveness")
