"""The resident register: people for the vault, and who lives where and with whom for the lake (policy 2.1, 2.3)."""

import duckdb
import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from ringfence.access import read_purpose
from ringfence.feeds import build_memberships, build_people, build_residences, find_households
from ringfence.intake.arrivals import Arrival, Effects
from ringfence.store import PEOPLE
from ringfence.terms import FIRST_DAY, RecordKind

# Who is known by the register's own key keeps the number, and a household that of most of its known members.
KNOWN = """
with known as (
    select source_key, max_by(person_no, recorded_at) as person_no, max_by(household_no, recorded_at) as household_no
    from people
    where source_key is not null
    group by source_key
),
claimed as (
    select r.household, k.household_no, count(*) as members
    from arrived r join known k on k.source_key = r.person_id
    where k.household_no is not null
    group by r.household, k.household_no
),
kept as (
    select household, household_no from claimed
    qualify row_number() over (partition by household_no order by members desc, household) = 1
        and row_number() over (partition by household order by members desc, household_no) = 1
)
select r.place, k.person_no, h.household_no
from arrived r
left join known k on k.source_key = r.person_id
left join kept h on h.household = r.household
order by r.place
"""


Numbers = npt.NDArray[np.int64]


def take_in(arrival: Arrival) -> Effects:
    """People with their numbers, their households and residences; a register sent anew keeps every number it can."""
    count = arrival.rows.num_rows
    of_household = np.asarray(find_households(arrival.rows).of_rows)
    known = _read_known(arrival, of_household)
    persons = _number(arrival, "person", known["person_no"], things=np.arange(count))
    households = _number(arrival, "household", known["household_no"], things=of_household)
    people = build_people(arrival.rows, persons=persons, households=households, provenance=arrival.provenance)
    # The register says how it is, not since when: so it was on every day that may be asked about.
    memberships = build_memberships(
        arrival.rows, persons=persons, households=households, from_day=FIRST_DAY, provenance=arrival.provenance
    )
    residences = build_residences(arrival.rows, persons=persons, from_day=FIRST_DAY, provenance=arrival.provenance)
    return Effects(records={RecordKind.MEMBERSHIP: memberships, RecordKind.RESIDENCE: residences}, people=people)


def _read_known(arrival: Arrival, household: Numbers) -> pa.Table:
    """The numbers of each row's person and household, in the order of the rows; empty for who is new."""
    desk, now = arrival.store.desk, arrival.now
    purpose = read_purpose(desk, "linking", now=now)
    batches = arrival.store.read_register(purpose=purpose, actor=arrival.actor, now=now)
    place = np.arange(arrival.rows.num_rows)
    with duckdb.connect(":memory:", config={"temp_directory": ""}) as memory:
        memory.register("people", pa.Table.from_batches(batches, schema=PEOPLE))
        memory.register(
            "arrived", pa.table({"place": place, "person_id": arrival.rows["person_id"], "household": household})
        )
        return memory.sql(KNOWN).to_arrow_table()


def _number(arrival: Arrival, name: str, known: pa.ChunkedArray, *, things: Numbers) -> pa.Array:
    """The known numbers, and new ones for what is not known: one for each of the things the rows are about."""
    numbers = np.asarray(pc.fill_null(known, 0)).astype(np.int64)
    is_new = np.asarray(pc.is_null(known))
    distinct, which = np.unique(things[is_new], return_inverse=True)
    numbers[is_new] = arrival.take_numbers(name, distinct.size) + which
    return pa.array(numbers)
