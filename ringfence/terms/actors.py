"""Who acts and what for: every look at a person needs a purpose and an actor, every write an actor (policy 6.4)."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Role(StrEnum):
    """Duties that come with rights; which rights, says the published `roles` policy."""

    ADMINISTRATOR = "administrator"
    CITY_OFFICER = "city_officer"
    COUNTY_OFFICER = "county_officer"
    TOWNSHIP_OFFICER = "township_officer"
    EPIDEMIOLOGIST = "epidemiologist"
    GRID_WORKER = "grid_worker"
    GATE_STAFF = "gate_staff"
    CLINIC = "clinic"
    WAREHOUSE = "warehouse"
    INSPECTOR = "inspector"
    AUDITOR = "auditor"
    DATA_STEWARD = "data_steward"


class ActorKind(StrEnum):
    """A named person, or the system doing what a published policy tells it to do by itself."""

    USER = "user"
    SYSTEM = "system"


@dataclass(frozen=True)
class Actor:
    """Who does it; `actor_id` is an account's key, never a person's name."""

    actor_id: str
    kind: ActorKind = ActorKind.USER


SYSTEM = Actor("ringfence", ActorKind.SYSTEM)
"""Expiry, escalation and retention act under this name; it can look at nobody and sign nothing."""


@dataclass(frozen=True)
class Purpose:
    """A declared purpose of looking: a key checked against the published `purposes` policy, with its clause."""

    key: str
    clause: str


@dataclass(frozen=True, kw_only=True)
class Grant:
    """A role within an area: the account may do what the role allows to whatever lies under `area_path`."""

    role: Role
    area_path: str


@dataclass(frozen=True, kw_only=True)
class Approval:
    """A second person's yes to exactly one plan, by the plan's digest."""

    approval_id: int
    plan_kind: str
    plan_digest: str
    proposed_by: str
    approved_by: str
    approved_at: datetime
