"""Rows about people in no register, gathered into persons: the same newcomer is one person at once (policy 2.1)."""

import duckdb
import pyarrow as pa

from ringfence.link.groups import gather_connected
from ringfence.link.identities import read_identities
from ringfence.link.model import Model, read_model
from ringfence.link.score import count_steps, score_steps
from ringfence.link.steps import take
from ringfence.link.tables import CLUSTER_SCHEMA, open_memory
from ringfence.link.tiers import TIER_PAIRS

KNOWN = """
select *
from sought
where is_id_valid
    or (id_number is not null and birth_date is not null)
    or (name is not null and coalesce(id_number, phone, birth_date, address_key) is not null)
"""
"""The identities that say enough to be recognised again; of the others each row stays by itself."""

NO_TIERS = "select null::bigint as sought_id limit 0"

EDGES = """
select known_id as one, sought_id as other
from tier_pair
where known_id < sought_id
union
select known_id, sought_id
from scored
where weight >= $person_weight and is_near and not has_other_id
"""

CLUSTERS = """
with contested as (
    select component.cluster_id
    from component
    join sought using (unique_id)
    where sought.is_id_valid
    group by component.cluster_id
    having min(sought.id_number) <> max(sought.id_number)
),
person as (
    select
        component.unique_id,
        case
            when contested.cluster_id is null then 'component ' || component.cluster_id
            when sought.is_id_valid then 'number ' || sought.id_number || coalesce(sought.sounds, '')
            else 'identity ' || component.unique_id
        end as person
    from component
    join sought using (unique_id)
    left join contested on contested.cluster_id = component.cluster_id
)
select
    arrival.row_id,
    min(arrival.row_id) over (partition by coalesce(person.person, 'row ' || arrival.row_id)) as cluster_id
from arrival
left join person on person.unique_id = arrival.identity
order by arrival.place
"""
"""Where rows without an ID number would tie two valid numbers together, only the number itself makes a person."""


def cluster_new(rows: pa.Table, *, profile: str = "han") -> pa.Table:
    """Which rows are about one person (table of CLUSTER_SCHEMA, in the order of `rows`).

    Rows that say too little to be recognised again (no valid ID number, no document with a birth date, no name with a
    document, phone, birth date or door) stay alone even where they say the same. The order of the rows does not
    matter. InputRefused for a missing column or a repeated number, NotFound for an unknown profile.
    """
    return cluster_with(read_model(profile), rows)


def cluster_with(model: Model, rows: pa.Table) -> pa.Table:
    """As `cluster_new`, with a given model."""
    with open_memory() as memory:
        read_identities(memory, rows, model=model)
        take(memory, {"known": KNOWN, "tier_pair": TIER_PAIRS, "tier_link": NO_TIERS})
        take(memory, {**count_steps(model), **score_steps(model, within=True)})
        memory.register("component", _gather(memory, model))
        return memory.sql(CLUSTERS).to_arrow_table().cast(CLUSTER_SCHEMA)


def _gather(memory: duckdb.DuckDBPyConnection, model: Model) -> pa.Table:
    """The group (cluster_id) of each of the `known` (unique_id)."""
    edges = memory.sql(EDGES, params={"person_weight": model.person_weight}).to_arrow_table()
    members = memory.sql("select unique_id from known").to_arrow_table()["unique_id"]
    groups = gather_connected(members.to_numpy(), edges["one"].to_numpy(), edges["other"].to_numpy())
    return pa.table({"unique_id": members, "cluster_id": groups})
