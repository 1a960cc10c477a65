"""How long everything is kept and whom it was collected for; what is not declared is not kept (policy 6.4, 6.5)."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from ringfence.policy.entries import Entry
from ringfence.policy.numbers import DatedNumber
from ringfence.terms import RecordKind


class CollectedFor(StrEnum):
    """Whose data it is: health's, another programme's (policy 8), or what running the city's duties itself leaves."""

    HEALTH = "health"
    PROGRAMME = "programme"
    DUTY = "duty"


class CountedFrom(StrEnum):
    """The day retention counts from: when it happened, when it was received, or when it was closed or replaced."""

    HAPPENED = "happened"
    RECEIVED = "received"
    CLOSED = "closed"


@dataclass(frozen=True, kw_only=True)
class Retention(DatedNumber):
    """How long one holding is kept; its key is `record.KIND`, `table.NAME`, `vault.CONTENT` or `feed.FORMAT`."""

    collected_for: CollectedFor
    counted_from: CountedFrom


def record_key(kind: RecordKind) -> str:
    """The retention key of a lake kind."""
    return f"record.{kind}"


def table_key(table: str) -> str:
    """The retention key of a desk table."""
    return f"table.{table}"


PROMISED = frozenset(
    {
        record_key(RecordKind.VISIT),
        record_key(RecordKind.PASSAGE),
        record_key(RecordKind.SAMPLE),
        record_key(RecordKind.EXPOSURE_BELOW_CUT),
        table_key("exposure"),
        table_key("exposure_reason"),
        table_key("exposure_below_cut"),
        table_key("measure_order"),
    }
)
"""What clause 6.5 names: no draft can declare it anything but health's."""


def check_retention(retention: Mapping[str, Retention], entry: Entry) -> None:
    """PolicyRefused for a record kind without a retention, and for health's data declared somebody else's."""
    for kind in RecordKind:
        if record_key(kind) not in retention:
            raise entry.refuse("{where} says nothing about {key}; add how long it is kept", key=record_key(kind))
    for key in sorted(PROMISED & retention.keys()):
        if retention[key].collected_for is not CollectedFor.HEALTH:
            raise entry.under(key).refuse("{where} was collected for health and stays so (clause 6.5); correct it")
