"""Each row of a list linked to the register: tiers first, Splink for the rest, an answer that says how (policy 2.1)."""

import pyarrow as pa

from ringfence.link.answers import answer_identities
from ringfence.link.identities import read_identities
from ringfence.link.model import CERTAINTY_SCHEMA, Model, read_model
from ringfence.link.normalise import normalise
from ringfence.link.score import score_between
from ringfence.link.tables import LINK_SCHEMA, NORMAL_SCHEMA, REGISTER_SCHEMA, open_memory, read_columns
from ringfence.link.tiers import TIER_LINKS, TIER_PAIRS

KNOWN = """
create table known as
select
    person_id as unique_id, household_id,
    name, surname_pinyin, pinyin, sounds, sex, birth_date, id_number, is_id_valid, phone, county, community, address_key
from register
"""

LINKS = """
select
    arrival.row_id,
    answered.answer,
    answered.person_id,
    answered.household_id,
    coalesce(certainty.probability, answered.probability) as probability,
    answered.weight,
    answered.margin,
    answered.how,
    $version as model
from arrival
join answered on answered.sought_id = arrival.identity
left join certainty on certainty.how = answered.how and certainty.answer = answered.answer
order by arrival.place
"""


def link_rows(rows: pa.Table, register: pa.Table, *, profile: str = "han") -> pa.Table:
    """The link of each row (table of LINK_SCHEMA, in the order of `rows`).

    A row's link depends on the row and the register alone, so batches may be shuffled and split at will; rows that say
    the same of a person are linked once. Both tables may come as `normalise` returned them, to spare doing it again.
    InputRefused for a missing column or a repeated number, NotFound for an unknown profile.
    """
    return link_with(read_model(profile), rows, register)


def link_with(model: Model, rows: pa.Table, register: pa.Table) -> pa.Table:
    """As `link_rows`, with a given model."""
    with open_memory() as memory:
        memory.register("register", _read_register(register))
        memory.register("certainty", pa.Table.from_pylist(model.certainty, CERTAINTY_SCHEMA))
        memory.execute(KNOWN)
        read_identities(memory, rows)
        memory.execute(TIER_PAIRS)
        memory.execute(TIER_LINKS)
        score_between(memory, model=model)
        answer_identities(memory, model=model)
        return memory.sql(LINKS, params={"version": model.version}).to_arrow_table().cast(LINK_SCHEMA)


def _read_register(register: pa.Table) -> pa.Table:
    if set(NORMAL_SCHEMA.names) <= set(register.column_names):
        return register
    return normalise(read_columns(register, REGISTER_SCHEMA, key="person_id"))
