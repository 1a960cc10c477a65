"""What each role may look at, what for, and what it may do; `access` adds where and whom (policy 6.4, 7.1)."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from ringfence.policy.entries import Entry
from ringfence.policy.permissions import Permission
from ringfence.policy.purposes import DeclaredPurpose
from ringfence.policy.schema import NAMED
from ringfence.terms import Role


@dataclass(frozen=True, kw_only=True)
class RoleRights:
    """The rights of a role: the purposes it may name, the desk tables it may read for them, what it may do."""

    role: Role = field(metadata=NAMED)
    clause: str
    purposes: frozenset[str] = frozenset()
    tables: frozenset[str] = frozenset()
    acts: frozenset[Permission] = frozenset()


def check_roles(roles: Mapping[Role, RoleRights], entry: Entry, *, purposes: Mapping[str, DeclaredPurpose]) -> None:
    """PolicyRefused for a role left out, an undeclared purpose, or a right that none of the role's purposes covers."""
    for role in Role:
        if role not in roles:
            raise entry.refuse(
                "{where} says nothing about {role}; add it, with empty lists if it may do nothing", role=role
            )
        _check_rights(roles[role], entry.under(role), purposes)


def _check_rights(rights: RoleRights, where: Entry, purposes: Mapping[str, DeclaredPurpose]) -> None:
    undeclared = sorted(rights.purposes - purposes.keys())
    if undeclared:
        raise where.refuse(
            "{where} names the purpose {purpose}, which purposes.yaml does not declare; correct it",
            purpose=undeclared[0],
        )
    own = [purposes[key] for key in rights.purposes]
    uncovered = sorted(rights.tables.difference(*(purpose.tables for purpose in own)))
    if uncovered:
        raise where.refuse("{where} reads {table}, which none of its purposes reads; remove it", table=uncovered[0])
    if Permission.PEOPLE_READ in rights.acts and not any(purpose.people for purpose in own):
        raise where.refuse("{where} may read people, but none of its purposes does; remove it")
