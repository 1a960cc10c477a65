"""Who stands in a room: an account with its roles, the language it reads, and the moment it asks (policy 6.4)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import TypeVar

from ringfence import access, areas, policy
from ringfence.errors import NotAllowed
from ringfence.policy import Permission, Policy
from ringfence.store import Act, Scope, Store
from ringfence.terms import Actor, Area, Grant, Language, Purpose, Role, say

Answer = TypeVar("Answer")


@dataclass(frozen=True)
class Visitor:
    """One reader at one moment; every look and every act of a room goes through this."""

    store: Store
    actor: Actor
    language: Language
    now: datetime

    @cached_property
    def grants(self) -> list[Grant]:
        """The roles in force, each with its area."""
        return access.read_grants(self.store.desk, self.actor)

    @cached_property
    def roles(self) -> frozenset[Role]:
        """The roles in force, wherever."""
        return frozenset(grant.role for grant in self.grants)

    @cached_property
    def policy(self) -> Policy:
        """The policy of the local day."""
        return Policy(policy.read_in_force(self.store.desk, now=self.now), self.today)

    @cached_property
    def purposes(self) -> frozenset[str]:
        """Every purpose one of the roles may name."""
        rights = policy.read_in_force(self.store.desk, now=self.now).roles
        return frozenset().union(*(rights[role].purposes for role in self.roles))

    @cached_property
    def permissions(self) -> frozenset[Permission]:
        """What the roles may do somewhere; whether here, the act itself asks."""
        rights = policy.read_in_force(self.store.desk, now=self.now).roles
        return frozenset().union(*(rights[role].acts for role in self.roles))

    @cached_property
    def hierarchy(self) -> Mapping[str, Area]:
        """All areas by code."""
        return areas.read_hierarchy(self.store.desk)

    @property
    def today(self) -> int:
        """The local day number."""
        return self.store.clock.day_of(self.now)

    def may(self, permission: str) -> bool:
        """Whether a button is worth showing; the act asks again."""
        return Permission(permission) in self.permissions

    def opens(self, table: str, purpose: str) -> bool:
        """Whether a purpose is open to one of the roles somewhere, and with it a table of the desk if one is named."""
        published = policy.read_in_force(self.store.desk, now=self.now)
        declared = published.purposes.get(purpose)
        return declared is not None and any(
            purpose in published.roles[role].purposes
            and (not table or table in declared.tables & published.roles[role].tables)
            for role in self.roles
        )

    def purpose(self, *keys: str) -> Purpose:
        """The first of some purposes that the visitor may name; NotAllowed when none is."""
        for key in keys:
            if key in self.purposes:
                return access.read_purpose(self.store.desk, key, now=self.now)
        raise NotAllowed(
            "{actor} may not look for the purpose '{purpose}'; ask for the role that may",
            actor=self.actor.actor_id,
            purpose=keys[0],
        )

    def scope(self, *keys: str) -> Scope:
        """What the visitor sees for the first of some purposes that they may name."""
        return access.read_scope(self.store.desk, self.actor, self.purpose(*keys), now=self.now)

    def act(self, work: Callable[[Act], Answer]) -> Answer:
        """One act in the visitor's name."""
        return self.store.act(work, actor=self.actor, now=self.now)

    def say(self, sentence: str, **values: object) -> str:
        """A sentence in the visitor's language."""
        return say(sentence, values, self.language)
