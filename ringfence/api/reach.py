"""An area that a caller names: one beyond their reach is answered like one that is not there (policy 6.4)."""

from ringfence import access, areas
from ringfence.api.caller import Caller, Look
from ringfence.errors import NotFound
from ringfence.policy import Permission
from ringfence.store import Act, Scope


def reach_area(caller: Caller, code: str, *, permission: Permission) -> str:
    """The path of an area over which the caller has a permission.

    NotAllowed for who has it nowhere, whatever they name; NotFound for an area that is another's, or nobody's.
    """
    hierarchy = areas.read_hierarchy(caller.store.desk)

    def find(act: Act) -> str:
        access.check_has(act, permission)
        if code in hierarchy and access.may(act, permission, area_path=hierarchy[code].path):
            return hierarchy[code].path
        raise _no_such(code)

    return caller.store.act(find, actor=caller.actor, now=caller.now)


def stay_within(look: Look, code: str | None, *, table: str) -> Scope:
    """What of a look lies within an area; all of it where none is named, NotFound where nothing of the table does."""
    if code is None:
        return look.scope
    hierarchy = areas.read_hierarchy(look.caller.store.desk)
    scope = look.scope.within(hierarchy[code].path) if code in hierarchy else Scope({})
    if not scope.paths.get(table):
        raise _no_such(code)
    return scope


def _no_such(code: str) -> NotFound:
    return NotFound("there is no area {code} for you here; name one of yours", code=code)
