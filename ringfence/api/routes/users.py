"""Accounts by key, never by name, and their roles within areas (policy 6.4)."""

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Response
from pydantic import BaseModel, Field

from ringfence import access
from ringfence.access import GRANTS, USERS
from ringfence.api.caller import CallerNow, Look, looks_for, purposes_of
from ringfence.api.lists import add_list
from ringfence.api.once import Said, act_once, flow_once
from ringfence.api.reach import reach_area
from ringfence.api.routes.bodies import Done, shown
from ringfence.api.rows import Key, Number
from ringfence.policy import Permission
from ringfence.store import EVERYWHERE, Act
from ringfence.terms import Grant, Role

router = APIRouter(tags=["users"])

Administering = Annotated[Look, Depends(looks_for("administration"))]
UserId = Annotated[Key, Path(alias="user_id")]
NewPassword = Annotated[str, Field(min_length=10, max_length=1_000, pattern=r"^[^\x00]+$", examples=["correct horse"])]

add_list(router, "/users", USERS, purposes=("administration", "audit"), summary="The accounts", single="One account")
add_list(
    router, "/grants", GRANTS, purposes=("administration", "audit"), summary="The roles within areas", single="One role"
)


class NewUser(BaseModel):
    """An account's key, such as officer-0012 and never a name; without a password nobody signs in as it."""

    model_config = shown(user_id="officer-0012", password=None)

    user_id: Annotated[str, Field(min_length=1, max_length=100, pattern=r"^[\w\-.@]+$")]
    password: NewPassword | None = None


class PasswordChange(BaseModel):
    """A new password."""

    model_config = shown(password="correct horse battery")  # noqa: S106 - an example opens nothing

    password: NewPassword


class Activity(BaseModel):
    """Whether an account is open; its roles sleep while it is closed."""

    model_config = shown(is_active=False)

    is_active: bool


class NewGrant(BaseModel):
    """A role within an area; everywhere where none is named."""

    model_config = shown(user_id="officer-0012", role="grid_worker", area="140211")

    user_id: Key
    role: Role
    area: Key | None = None


class Granted(BaseModel):
    """The number by which a role can be taken back."""

    model_config = shown(grant_id=8)

    grant_id: int


@router.post("/users", response_model=Done, status_code=201, summary="Open an account")
def add_user(caller: CallerNow, new: NewUser) -> Response:
    """Roles come with grants."""
    hashed = (
        access.hash_password(caller.store, new.user_id, password=new.password, now=caller.now) if new.password else None
    )

    def add(act: Act) -> Said:
        access.add_user(act, new.user_id, password_hash=hashed)
        return Said({"is_done": True}, 201)

    return act_once(caller, add)


@router.post("/users/{user_id}/password", response_model=Done, summary="Change a password")
def set_password(caller: CallerNow, user_id: UserId, change: PasswordChange) -> Response:
    """One's own, or anybody's for who may grant roles; every session of the account ends."""

    def run() -> Said:
        access.set_password(caller.store, user_id, password=change.password, actor=caller.actor, now=caller.now)
        return Said({"is_done": True})

    return flow_once(caller, run)


@router.post("/users/{user_id}/activity", response_model=Done, summary="Close an account, or open it again")
def set_active(caller: CallerNow, user_id: UserId, wanted: Activity) -> Response:
    """Its grants sleep while it is closed."""

    def change(act: Act) -> Said:
        access.set_active(act, user_id, is_active=wanted.is_active)
        return Said({"is_done": True})

    return act_once(caller, change)


@router.post("/grants", response_model=Granted, status_code=201, summary="Give a role within an area")
def grant_role(caller: CallerNow, new: NewGrant) -> Response:
    """It holds from the next request on."""
    path = reach_area(caller, new.area, permission=Permission.USER_GRANT) if new.area else EVERYWHERE

    def give(act: Act) -> Said:
        grant_id = access.grant_role(act, new.user_id, Grant(role=new.role, area_path=path))
        return Said({"grant_id": grant_id}, 201)

    return act_once(caller, give)


@router.delete(
    "/grants/{grant_id}", response_model=Done, summary="Take a role back", openapi_extra=purposes_of("administration")
)
def revoke_grant(look: Administering, grant_id: Annotated[Number, Path(alias="grant_id")]) -> Response:
    """It is gone from the next request on."""

    def take_back(act: Act) -> Said:
        access.revoke_grant(act, grant_id)
        return Said({"is_done": True})

    return act_once(look.caller, take_back)
