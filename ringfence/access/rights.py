"""What an actor may do and see: role x area path x purpose, asked anew in every act (policy 6.4)."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from ringfence.errors import NotAllowed
from ringfence.policy import Permission, Policy, PolicySet, read_in_force
from ringfence.store import EVERYWHERE, Act, Desk, Scope, Store
from ringfence.terms import Actor, ActorKind, Grant, Purpose, Role, path_end

GRANTS_IN_FORCE = """
select g.role, g.area_path
from user_grant g join user_account u on u.user_id = g.user_id
where g.user_id = :user_id and g.revoked_at is null and u.is_active
order by g.area_path, g.role
"""

BY_ITSELF = frozenset(
    {
        Permission.ACCOUNT_RUN,
        Permission.CASE_UPDATE,
        Permission.FEED_RECEIVE,
        Permission.ORDER_DRAFT,
        Permission.PEOPLE_FORGET,
        Permission.SIGNAL_RAISE,
    }
)
"""What published policy lets the system do without a person: notice, propose and forget; never verify, sign or look."""

_SYSTEM = Scope.of_system()


def check_can(act: Act, permission: Permission, *, area_path: str) -> None:
    """NotAllowed unless a grant in force gives the act's actor the permission over the area."""
    if not may(act, permission, area_path=area_path):
        raise NotAllowed(
            "{actor} may not do {permission} in area '{area}'; ask for the role that may",
            actor=act.actor.actor_id,
            permission=permission,
            area=area_path,
        )


def check_has(act: Act, permission: Permission) -> None:
    """NotAllowed for whose actor has the permission nowhere; asked first, so that nothing is looked up for them."""
    if not read_allowed_paths(act, permission):
        raise NotAllowed(
            "{actor} may not do {permission}; ask for the role that may",
            actor=act.actor.actor_id,
            permission=permission,
        )


def may(act: Act, permission: Permission, *, area_path: str) -> bool:
    """Whether a grant in force gives the act's actor the permission over the area."""
    return any(covers(path, area_path) for path in read_allowed_paths(act, permission))


def read_allowed_paths(act: Act, permission: Permission) -> tuple[str, ...]:
    """The area paths over which the act's actor has a permission; the system's own lie over everything."""
    if act.actor.kind is ActorKind.SYSTEM:
        return (EVERYWHERE,) if permission in BY_ITSELF else ()
    grants = _grants(act.rows(GRANTS_IN_FORCE, user_id=act.actor.actor_id))
    roles = read_in_force(act, now=act.now).roles
    return tuple(grant.area_path for grant in grants if permission in roles[grant.role].acts)


def read_scope(desk: Desk, actor: Actor, purpose: Purpose, *, now: datetime) -> Scope:
    """What an actor sees for a purpose: for each table the areas of the grants whose role reads it for that purpose.

    NotAllowed when the purpose is not declared or none of the actor's roles may name it.
    """
    found = _find_scope(read_in_force(desk, now=now), read_grants(desk, actor), purpose.key)
    if found is None:
        raise _names_no_such(actor, purpose.key)
    return found


def read_look(
    desk: Desk, actor: Actor, keys: Sequence[str], *, opens: str = "", now: datetime
) -> tuple[Purpose, Scope]:
    """The first of some purposes that one of the actor's roles may name, and what they see for it.

    Where `opens` names a table, the first that opens it to them. NotAllowed where there is none, NotFound for a purpose
    nobody declared.
    """
    policy_set, grants = read_in_force(desk, now=now), read_grants(desk, actor)
    refusal: NotAllowed | None = None
    for key in keys:
        purpose = policy_set.purpose(key)
        scope = _find_scope(policy_set, grants, key)
        if scope is None:
            refusal = refusal or _names_no_such(actor, key)
        elif not opens or scope.paths.get(opens):
            return purpose, scope
    raise refusal or NotAllowed("your roles do not open {tables} for this purpose", tables=opens)


def _find_scope(policy_set: PolicySet, grants: Sequence[Grant], key: str) -> Scope | None:
    """What some grants open for a purpose; None where it is not declared or no role may name it."""
    declared = policy_set.purposes.get(key)
    naming = [grant for grant in grants if key in policy_set.roles[grant.role].purposes]
    if declared is None or not naming:
        return None
    return Scope({table: _paths(policy_set, table, naming) for table in declared.tables})


def _names_no_such(actor: Actor, key: str) -> NotAllowed:
    return NotAllowed(
        "{actor} may not look for the purpose '{purpose}'; ask for the role that may",
        actor=actor.actor_id,
        purpose=key,
    )


def read_grants(desk: Desk, actor: Actor) -> list[Grant]:
    """The grants in force of an actor: what each lets them do and see, says the policy."""
    return _grants(desk.rows(GRANTS_OF_READER, scope=_SYSTEM, user_id=actor.actor_id))


GRANTS_OF_READER = """
select g.role, g.area_path
from visible_user_grant g join user_account u on u.user_id = g.user_id
where g.user_id = :user_id and g.revoked_at is null and u.is_active
order by g.area_path, g.role
"""


def read_policy(store: Store, *, now: datetime) -> Policy:
    """The numbers of the policy in force, on the deployment's local day."""
    return Policy(read_in_force(store.desk, now=now), store.clock.day_of(now))


def read_purpose(desk: Desk, key: str, *, now: datetime) -> Purpose:
    """A declared purpose by its key; NotFound for one nobody declared."""
    return read_in_force(desk, now=now).purpose(key)


def covers(path: str, inner: str) -> bool:
    """Whether an area path is another's or lies above it."""
    return path == "" or path <= inner < path_end(path)


def _paths(policy_set: PolicySet, table: str, grants: Iterable[Grant]) -> tuple[str, ...]:
    """The widest paths under which a table is open; what lies inside another is left out."""
    paths = sorted({grant.area_path for grant in grants if table in policy_set.roles[grant.role].tables})
    return tuple(path for path in paths if not any(other != path and covers(other, path) for other in paths))


def _grants(rows: Iterable[object]) -> list[Grant]:
    return [Grant(role=Role(row.role), area_path=row.area_path) for row in rows]  # type: ignore[attr-defined]
