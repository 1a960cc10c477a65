"""What others tell of people: named contacts, and stays in areas at risk (policy 2.2)."""

import pyarrow as pa
import pyarrow.compute as pc

from ringfence.feeds.known import Known
from ringfence.feeds.records.people import OPEN_END
from ringfence.feeds.records.provenance import Provenance, check_persons
from ringfence.terms import RecordKind


def build_named_contacts(accepted: pa.Table, *, persons: pa.Array, known: Known, provenance: Provenance) -> pa.Table:
    """Named contact records, one a row: the case's person and the one they named; days nobody remembered are empty."""
    check_persons(accepted, persons)
    cases = known.cases
    found = pc.index_in(accepted["case_id"], value_set=cases["case_key"].combine_chunks())
    return provenance.records(
        RecordKind.NAMED_CONTACT,
        {
            "person": cases["person_no"].combine_chunks().take(found.combine_chunks()),
            "contact": persons,
            "first_day": accepted["first_contact_on"].cast(pa.int32()),
            "last_day": accepted["last_contact_on"].cast(pa.int32()),
            "setting": accepted["setting"],
        },
        rows=accepted["row"],
    )


def build_case_contacts(accepted: pa.Table, *, known: Known, provenance: Provenance) -> pa.Table:
    """Named contact records, one a row: a case's person and another's; nobody says on which days."""
    keys, persons = (known.cases[name].combine_chunks() for name in ("case_key", "person_no"))
    unknown = pa.nulls(accepted.num_rows, pa.int32())
    return provenance.records(
        RecordKind.NAMED_CONTACT,
        {
            "person": persons.take(pc.index_in(accepted["from"], value_set=keys).combine_chunks()),
            "contact": persons.take(pc.index_in(accepted["to"], value_set=keys).combine_chunks()),
            "first_day": unknown,
            "last_day": unknown,
            "setting": pa.repeat("", accepted.num_rows),
        },
        rows=accepted["row"],
    )


def build_stays(accepted: pa.Table, *, persons: pa.Array, provenance: Provenance) -> pa.Table:
    """Stay records, one a row: somebody is said to have been in an area that others call at risk."""
    check_persons(accepted, persons)
    return provenance.records(
        RecordKind.STAY,
        {
            "person": persons,
            "area": accepted["risk_area"],
            "from_day": accepted["from_date"].cast(pa.int32()),
            "to_day": pc.fill_null(accepted["to_date"].cast(pa.int32()), OPEN_END),
            "told_by": accepted["told_by"],
        },
        rows=accepted["row"],
    )
