"""Who stands outside somebody's unit: a second opinion that is none of the first one's own (policy 2.6).

What somebody has in common with a colleague is a unit both are members of, or a grant: the same role in the same area.
"""

from ringfence.access.rights import GRANTS_IN_FORCE, check_can, covers
from ringfence.errors import ApprovalMissing
from ringfence.policy import Permission, read_in_force
from ringfence.store import Act
from ringfence.terms import Grant, Role

COMMON_UNIT = """
select mine.unit_id from unit_member mine join unit_member theirs on theirs.unit_id = mine.unit_id
where mine.user_id = :user_id and theirs.user_id = :other and mine.removed_at is null and theirs.removed_at is null
limit 1
"""


def check_is_outside(act: Act, permission: Permission, *, of: str, area_path: str) -> None:
    """ApprovalMissing unless the actor has the right over the area and works outside the other account's unit."""
    check_can(act, permission, area_path=area_path)
    if not is_outside(act, act.actor.actor_id, permission, of=of, area_path=area_path):
        raise ApprovalMissing(
            "{actor} works in the unit of {other}; ask somebody outside it", actor=act.actor.actor_id, other=of
        )


def check_is_superior(act: Act, permission: Permission, *, of: str, area_path: str) -> None:
    """ApprovalMissing unless the actor stands outside the other account's unit, and in an area no smaller than any."""
    check_is_outside(act, permission, of=of, area_path=area_path)
    theirs = _grants(act, of, permission, area_path)
    own = _grants(act, act.actor.actor_id, permission, area_path) - theirs
    if not any(all(covers(mine.area_path, other.area_path) for other in theirs) for mine in own):
        raise ApprovalMissing("{actor} is no superior of {other}; ask one who is", actor=act.actor.actor_id, other=of)


def is_outside(act: Act, user_id: str, permission: Permission, *, of: str, area_path: str) -> bool:
    """Whether an account has a right over an area by a grant another does not share, and no unit in common with it."""
    if act.rows(COMMON_UNIT, user_id=user_id, other=of):
        return False
    return bool(_grants(act, user_id, permission, area_path) - _grants(act, of, permission, area_path))


def _grants(act: Act, user_id: str, permission: Permission, area_path: str) -> set[Grant]:
    roles = read_in_force(act, now=act.now).roles
    grants = {Grant(role=Role(row.role), area_path=row.area_path) for row in act.rows(GRANTS_IN_FORCE, user_id=user_id)}
    return {one for one in grants if permission in roles[one.role].acts and covers(one.area_path, area_path)}
