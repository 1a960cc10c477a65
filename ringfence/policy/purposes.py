"""Declared purposes: what may be looked at for what; health's data serves health only (policy 6.4, 6.5)."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from enum import StrEnum

from ringfence.policy.entries import Entry
from ringfence.policy.retention import CollectedFor, Retention, record_key, table_key
from ringfence.policy.schema import NAMED
from ringfence.terms import Person, Purpose, RecordKind

PERSON_FIELDS = tuple(each.name for each in fields(Person))


class Family(StrEnum):
    """Whose purpose it is: health's, or another programme's (policy 8)."""

    HEALTH = "health"
    PROGRAMME = "programme"


@dataclass(frozen=True, kw_only=True)
class DeclaredPurpose(Purpose):
    """A purpose with the lake kinds, desk tables and fields of a person it may read, and no others."""

    key: str = field(metadata=NAMED)
    family: Family
    records: frozenset[RecordKind] = frozenset()
    tables: frozenset[str] = frozenset()
    people: frozenset[str] = frozenset()

    @property
    def holdings(self) -> frozenset[str]:
        """The retention keys of everything it reads."""
        return frozenset(map(record_key, self.records)) | frozenset(map(table_key, self.tables))


def check_purposes(
    purposes: Mapping[str, DeclaredPurpose], entry: Entry, *, retention: Mapping[str, Retention]
) -> None:
    """PolicyRefused for a holding or field nobody declared, and for a programme that reads health's data."""
    for key, purpose in purposes.items():
        where = entry.under(key)
        for holding in sorted(purpose.holdings):
            if holding not in retention:
                raise where.refuse(
                    "{where} reads {key}, of which retention.yaml says nothing; declare it there", key=holding
                )
        unknown = sorted(purpose.people - set(PERSON_FIELDS))
        if unknown:
            raise where.refuse("{where} reads {field}, which is no field of a person; correct it", field=unknown[0])
        if purpose.family is Family.PROGRAMME:
            _check_programme(purpose, where, retention)


def _check_programme(purpose: DeclaredPurpose, where: Entry, retention: Mapping[str, Retention]) -> None:
    collected = [key for key in sorted(purpose.holdings) if retention[key].collected_for is CollectedFor.HEALTH]
    if purpose.people:
        collected.append("vault.people")
    if collected:
        raise where.refuse(
            "{where} is a programme's and reads {key}, collected for health; that serves health only (clause 6.5)",
            key=collected[0],
        )
