"""The resident register to people, to the households they belong to, and to where they live (policy 2.1, 2.3)."""

from datetime import date

import pyarrow as pa
import pyarrow.compute as pc

from ringfence.feeds.identities import Distinct, number_distinct
from ringfence.feeds.records.provenance import Provenance, check_persons
from ringfence.store import PEOPLE
from ringfence.terms import GroupKind, RecordKind, Sex, day_number

OPEN_END = day_number(date(9999, 12, 31))
"""The last day of what has not ended: a day like any other, so that no comparison with it needs a second case."""


def find_households(accepted: pa.Table) -> Distinct:
    """The distinct households (column household_id) of rows in the order in which they first appear."""
    keys = accepted["household_id"].combine_chunks()
    numbers, firsts = number_distinct([keys])
    return Distinct(pa.table({"household_id": keys.take(pa.array(firsts))}), pa.array(numbers))


def build_people(accepted: pa.Table, *, persons: pa.Array, households: pa.Array, provenance: Provenance) -> pa.Table:
    """Rows for the vault (schema PEOPLE); the register's own key is kept as `source_key`."""
    check_persons(accepted, persons)
    taken_over = ("name", "birth_date", "id_number", "phone", "address", "area_code")
    return provenance.put_on(
        {
            "person_no": persons,
            "household_no": households,
            "sex": pc.if_else(pc.equal(accepted["sex"], ""), Sex.UNKNOWN.value, accepted["sex"]),
            "source_key": accepted["person_id"],
            **{name: accepted[name] for name in taken_over},
        },
        schema=PEOPLE,
        rows=accepted["row"],
    )


def build_memberships(
    accepted: pa.Table, *, persons: pa.Array, households: pa.Array, from_day: int, provenance: Provenance
) -> pa.Table:
    """Membership records: each person belongs to the household from a local day on, until something else is known."""
    check_persons(accepted, persons)
    return provenance.records(
        RecordKind.MEMBERSHIP,
        {
            "person": persons,
            "group_kind": pa.repeat(GroupKind.HOUSEHOLD.value, accepted.num_rows),
            "group_no": households,
            **_from_then_on(from_day, accepted.num_rows),
        },
        rows=accepted["row"],
    )


def build_residences(accepted: pa.Table, *, persons: pa.Array, from_day: int, provenance: Provenance) -> pa.Table:
    """Residence records: each person lives in the area from a local day on, until something else is known."""
    check_persons(accepted, persons)
    return provenance.records(
        RecordKind.RESIDENCE,
        {"person": persons, "area": accepted["area_code"], **_from_then_on(from_day, accepted.num_rows)},
        rows=accepted["row"],
    )


def _from_then_on(from_day: int, count: int) -> dict[str, pa.Array]:
    return {"from_day": pa.repeat(from_day, count), "to_day": pa.repeat(OPEN_END, count)}
