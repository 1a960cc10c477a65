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
