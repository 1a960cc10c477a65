"""The whole policy as one thing that cannot change, named by its digest."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from ringfence.errors import NotFound
from ringfence.policy.entries import Entry
from ringfence.policy.numbers import DatedNumber
from ringfence.policy.protocol import Disease, Protocol
from ringfence.policy.purposes import DeclaredPurpose, check_purposes
from ringfence.policy.retention import Retention, check_retention
from ringfence.policy.roles import RoleRights, check_roles
from ringfence.policy.rules import RuleDeclaration, check_uses
from ringfence.policy.schema import to_plain
from ringfence.terms import Role


@dataclass(frozen=True, kw_only=True)
class PolicySet:
    """Clauses, dated numbers, retention, rules, protocols, purposes and roles, checked against each other when read."""

    clauses: Mapping[str, str]
    numbers: Mapping[str, DatedNumber]
    retention: Mapping[str, Retention]
    rules: Mapping[str, RuleDeclaration]
    protocols: Mapping[str, Disease]
    purposes: Mapping[str, DeclaredPurpose]
    roles: Mapping[Role, RoleRights]

    def __hash__(self) -> int:
        return hash(self.digest)

    @cached_property
    def text(self) -> str:
        """The one canonical text, JSON with sorted names: what is published, and what `read_text` reads back."""
        return json.dumps(to_plain(self), ensure_ascii=False, sort_keys=True, separators=(",", ":"))

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the text: the same for every way of writing the same policy down."""
        return hashlib.sha256(self.text.encode()).hexdigest()

    def number(self, key: str) -> DatedNumber:
        """A dated number or, as `retention.KEY`, a retention; NotFound for a key nobody declared."""
        found = (
            self.retention.get(key.removeprefix("retention."))
            if key.startswith("retention.")
            else self.numbers.get(key)
        )
        if found is None:
            raise NotFound("no policy number is called {key}; `ringfence policy show` lists them", key=key)
        return found

    def protocol_on(self, disease: str, day: int) -> Protocol:
        """The edition of a protocol on a local day; NotFound for a disease without one, and before the first."""
        if disease not in self.protocols:
            raise NotFound("there is no protocol for {disease}; publish protocols/{disease}.yaml", disease=disease)
        return self.protocols[disease].on(day)

    def purpose(self, key: str) -> DeclaredPurpose:
        """A declared purpose, ready to be handed to a store; NotFound for one nobody declared."""
        if key not in self.purposes:
            raise NotFound("{key} is no declared purpose; purposes.yaml lists them", key=key)
        return self.purposes[key]

    def check(self, entry: Entry) -> None:
        """PolicyRefused where one part contradicts another; `entry` is what the set was read from."""
        for where, clause in self._citations(entry):
            if clause not in self.clauses:
                raise where.refuse(
                    "{where} cites clause {clause}, which clauses.yaml does not list; correct it", clause=clause
                )
        check_retention(self.retention, entry.under("retention"))
        check_purposes(self.purposes, entry.under("purposes"), retention=self.retention)
        check_roles(self.roles, entry.under("roles"), purposes=self.purposes)
        for key, disease in self.protocols.items():
            editions = entry.under("protocols").under(key).under("editions")
            for day, edition in disease.editions.items():
                check_uses(edition.rules, editions.under(day.isoformat()).under("rules"), declared=self.rules)

    def _citations(self, entry: Entry) -> Iterator[tuple[Entry, str]]:
        for section in ("numbers", "retention", "rules", "protocols", "purposes", "roles"):
            for key, part in getattr(self, section).items():
                yield entry.under(section).under(key), part.clause
