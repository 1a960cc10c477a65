"""Who belongs to which unit: the units' people, whose open tasks are theirs to look at (policy 6.4, 7.1).

The table is written here and not with the units, for belonging to one is a right.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ringfence.access.links import put_links
from ringfence.access.rights import check_can
from ringfence.access.sessions import end_sessions
from ringfence.access.users import check_account
from ringfence.errors import NotAllowed, NotFound
from ringfence.policy import Permission
from ringfence.store import Act
from ringfence.terms import Clock, Role, to_us

PUT_MEMBER = """
insert into unit_member (unit_id, user_id, added_by, recorded_at) values (:unit_id, :user_id, :added_by, :now)
on conflict (unit_id, user_id) do update set added_by = excluded.added_by, recorded_at = excluded.recorded_at,
    removed_at = null
"""

REMOVE_MEMBER = """
update unit_member set removed_at = :now where unit_id = :unit_id and user_id = :user_id and removed_at is null
"""

MEMBERS = "select user_id from unit_member where unit_id = :unit_id and removed_at is null order by user_id"

AREAS_OF_UNITS = "select unit_id, area_path from unit"

KNOWN_USERS = "select user_id, password_hash is null and pin_hash is null as is_waiting from user_account"

INSERT_USER = "insert into user_account (user_id, is_active, recorded_at) values (:user_id, true, :now)"

GRANTS_HELD = "select user_id, role, area_path from user_grant where revoked_at is null"

INSERT_GRANT = """
insert into user_grant (user_id, role, area_path, granted_by, recorded_at)
values (:user_id, :role, :area_path, :granted_by, :now)
"""


@dataclass(frozen=True, kw_only=True)
class Member:
    """Somebody of a unit, by the key of their account, with the role they have in the unit's area."""

    user_id: str
    unit_id: str
    role: Role


def put_member(act: Act, unit_id: str, user_id: str) -> None:
    """Say that an account belongs to a unit; NotFound without such a unit or account."""
    area_path = _area_of(act, unit_id)
    check_can(act, Permission.ROSTER_EDIT, area_path=area_path)
    check_account(act, user_id)
    act.run(PUT_MEMBER, unit_id=unit_id, user_id=user_id, added_by=act.actor.actor_id, now=to_us(act.now))
    act.note("member.put", subject=f"unit:{unit_id}", user=user_id)


def remove_member(act: Act, unit_id: str, user_id: str) -> None:
    """Say that an account no longer belongs to a unit; its sessions end, for one may be on the unit's phone."""
    check_can(act, Permission.ROSTER_EDIT, area_path=_area_of(act, unit_id))
    if not act.run(REMOVE_MEMBER, unit_id=unit_id, user_id=user_id, now=to_us(act.now)):
        raise NotFound("{user} does not belong to unit {unit}", user=user_id, unit=unit_id)
    act.note("member.removed", subject=f"unit:{unit_id}", user=user_id)
    end_sessions(act, user_id)


def list_members(act: Act, unit_id: str) -> list[str]:
    """The accounts of a unit."""
    return [row.user_id for row in act.rows(MEMBERS, unit_id=unit_id)]


def check_belongs(act: Act, unit_id: str) -> None:
    """NotAllowed unless the actor belongs to a unit: whoever is on its list is opened to its own people only."""
    if act.actor.actor_id not in list_members(act, unit_id):
        raise NotAllowed(
            "{actor} does not belong to unit {unit}; ask somebody of it", actor=act.actor.actor_id, unit=unit_id
        )


def put_members(act: Act, members: Sequence[Member], *, clock: Clock) -> dict[str, str]:
    """Open the accounts that do not exist yet, with role and unit, and say the activation token of each without secret.

    Whoever has a password or PIN keeps it and gets no token. NotFound for a unit nobody put in, NotAllowed unless the
    actor may grant roles in the area of each unit.
    """
    areas = {row.unit_id: row.area_path for row in act.rows(AREAS_OF_UNITS)}
    for unit_id in sorted({member.unit_id for member in members}):
        if unit_id not in areas:
            raise NotFound("there is no unit {unit}", unit=unit_id)
        check_can(act, Permission.USER_GRANT, area_path=areas[unit_id])
    is_waiting = {row.user_id: row.is_waiting for row in act.rows(KNOWN_USERS)}
    users = sorted({member.user_id for member in members})
    now = to_us(act.now)
    act.run_many(INSERT_USER, [{"user_id": user, "now": now} for user in users if user not in is_waiting])
    act.run_many(INSERT_GRANT, _new_grants(act, members, areas))
    by = {"added_by": act.actor.actor_id, "now": now}
    act.run_many(PUT_MEMBER, [{"unit_id": one.unit_id, "user_id": one.user_id, **by} for one in members])
    for member in members:
        act.note("member.put", subject=f"unit:{member.unit_id}", user=member.user_id, role=member.role)
    return put_links(act, [user for user in users if is_waiting.get(user, True)], clock=clock)


def _new_grants(act: Act, members: Sequence[Member], areas: Mapping[str, str]) -> list[dict[str, object]]:
    held = {(row.user_id, row.role, row.area_path) for row in act.rows(GRANTS_HELD)}
    wanted = {(member.user_id, member.role.value, areas[member.unit_id]) for member in members}
    by = {"granted_by": act.actor.actor_id, "now": to_us(act.now)}
    return [{"user_id": user, "role": role, "area_path": path, **by} for user, role, path in sorted(wanted - held)]


def _area_of(act: Act, unit_id: str) -> str:
    areas = {row.unit_id: row.area_path for row in act.rows(AREAS_OF_UNITS)}
    if unit_id not in areas:
        raise NotFound("there is no unit {unit}", unit=unit_id)
    return str(areas[unit_id])
