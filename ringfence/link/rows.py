"""Each row of a list linked to the register: tiers first, weights for the rest, and an answer with its how (2.1)."""

import duckdb
import pyarrow as pa

from ringfence.link.answers import answer_steps
from ringfence.link.identities import read_identities
from ringfence.link.known import KnownPeople
from ringfence.link.model import CERTAINTY_SCHEMA, Model, read_model
from ringfence.link.normalise import normalise
from ringfence.link.score import count_steps, part_steps, score_steps
from ringfence.link.steps import Steps, take
from ringfence.link.tables import LINK_SCHEMA, NORMAL_SCHEMA, REGISTER_SCHEMA, read_columns
from ringfence.link.tiers import TIERS

LINKS = """
with stated as (
    select
        sought_id, answer, person_id, household_id, weight, margin, how,
        coalesce(weight - log2(1 + case when margin is null then 0 else pow(2, weight - margin) end), 0) as odds
    from answered
)
select
    arrival.place,
    arrival.row_id,
    stated.answer,
    stated.person_id,
    stated.household_id,
    certainty.probability,
    stated.weight,
    stated.margin,
    stated.how,
    '{version}' as model,
    parted.weights
from arrival
join stated on stated.sought_id = arrival.identity
left join parted on parted.sought_id = arrival.identity
asof left join certainty
    on certainty.how = stated.how and certainty.answer = stated.answer and certainty.from_odds <= stated.odds
"""
"""The odds are those of the best candidate against there being none and against the second best, in bits."""


def link_rows(rows: pa.Table, register: pa.Table, *, profile: str = "han") -> pa.Table:
    """The link of each row (table of LINK_SCHEMA, in the order of `rows`).

    A row's link depends on the row and the register alone, so batches may be shuffled and split at will; rows that say
    the same of a person are linked once. Both tables may come as `normalise` returned them, to spare doing it again.
    InputRefused for a missing column or a repeated number, NotFound for an unknown profile.
    """
    return link_with(read_model(profile), rows, register)


def link_with(model: Model, rows: pa.Table, register: pa.Table) -> pa.Table:
    """As `link_rows`, with a given model."""
    if not set(NORMAL_SCHEMA.names) <= set(register.column_names):
        register = normalise(read_register(register, model), profile=model.profile, extra=model.extra)
    return link_to(KnownPeople(model).put(register), rows)


def link_to(known: KnownPeople, rows: pa.Table) -> pa.Table:
    """As `link_rows`, to people who were made ready before."""
    with known.asking() as memory:
        read_identities(memory, rows, model=known.model)
        return link_sought(memory, known.model)


def link_sought(memory: duckdb.DuckDBPyConnection, model: Model) -> pa.Table:
    """The links of a connection's `arrival` and `sought` to its `known`."""
    memory.register("certainty", pa.Table.from_pylist(model.certainty, CERTAINTY_SCHEMA))
    take(memory, {**count_steps(model), **link_steps(model)})
    return memory.sql("from link order by place").to_arrow_table().select(LINK_SCHEMA.names).cast(LINK_SCHEMA)


def link_steps(model: Model) -> Steps:
    """What makes `link` of `arrival`, `sought`, `known` and the counts of `count_steps`."""
    links = LINKS.format(version=model.version)
    return {**TIERS, **score_steps(model), **answer_steps(model), **part_steps(model), "link": links}


def read_register(register: pa.Table, model: Model) -> pa.Table:
    """The columns of a register that the model reads; InputRefused for a missing column or a repeated number."""
    if model.profile == "latin":
        return register
    return read_columns(register, REGISTER_SCHEMA, key="person_id")
