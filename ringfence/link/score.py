"""Pairs of people who share a key, weighed by the model: known with sought people, or the known among themselves."""

import duckdb

from ringfence.link.known import unpivoted_keys
from ringfence.link.model import Model
from ringfence.link.weights import compared_columns, frequency_columns, weight_sum

MOST_SHARING = 100
"""A key that more known people have than this proposes no pairs: it no longer tells people apart."""

FREQUENCY = """
create temp table frequency_of_{column} as
select {column}, count(*) as people_{column}
from known
semi join sought using ({column})
group by {column}
"""
"""How often a value of the sought stands among the known, so that no row's weight depends on the rows beside it."""

COUNTED = "create temp table counted as select sought.*, {counts} from sought {joins}"

SOUGHT_KEY = """
create temp table sought_key as
select unique_id, key
from ({sought_keys})
anti join tier_link on tier_link.sought_id = unique_id
"""

HELD = """
create temp table held as
with wanted as (
    select distinct key from sought_key
)
select unique_id, key
from ({known_keys})
semi join wanted using (key)
"""

PAIR = """
create temp table pair as
with telling as (
    select key from held group by key having count(*) <= $most
)
select distinct held.unique_id as known_id, sought_key.unique_id as sought_id
from held
join telling using (key)
join sought_key using (key)
where not $within or held.unique_id < sought_key.unique_id
"""

SCORED = """
create temp table scored as
with compared as (
    select known_id, sought_id, {frequencies}, {levels}
    from pair
    join (select unique_id as known_id, {known_columns} from known) using (known_id)
    join (select unique_id as sought_id, {sought_columns}, {frequencies} from counted) using (sought_id)
),
weighed as (
    select *, {weight} as weight
    from compared
)
select
    known_id,
    sought_id,
    weight,
    {is_near} as is_near,
    {has_other_name} as has_other_name,
    {has_other_id} as has_other_id
from weighed
"""


def score_between(memory: duckdb.DuckDBPyConnection, *, model: Model) -> None:
    """Fill `scored` with the weighed pairs of `known` people and those `sought` whom no tier has linked."""
    _score(memory, model, within=False)


def score_within(memory: duckdb.DuckDBPyConnection, *, model: Model) -> None:
    """Fill `scored` with the weighed pairs of the `known`, who are among the `sought` themselves."""
    _score(memory, model, within=True)


def _score(memory: duckdb.DuckDBPyConnection, model: Model, *, within: bool) -> None:
    [(people,)] = memory.execute("select count(*) from known").fetchall()
    _count_values(memory, frequency_columns(model))
    memory.execute(SOUGHT_KEY.format(sought_keys=unpivoted_keys(model, "sought")))
    memory.execute(HELD.format(known_keys=unpivoted_keys(model, "known")))
    memory.execute(PAIR, {"most": MOST_SHARING, "within": within})
    memory.execute(_compile_scored(model), {"people": float(people + model.background)})


def _count_values(memory: duckdb.DuckDBPyConnection, columns: list[str]) -> None:
    for column in columns:
        memory.execute(FREQUENCY.format(column=column))
    counts = ", ".join(f"people_{column}" for column in columns)
    joins = " ".join(f"left join frequency_of_{column} using ({column})" for column in columns)
    memory.execute(COUNTED.format(counts=counts, joins=joins))


def _compile_scored(model: Model) -> str:
    columns = model.compared
    return SCORED.format(
        frequencies=", ".join(f"people_{column}" for column in frequency_columns(model)),
        levels=", ".join(compared_columns(model)),
        known_columns=", ".join(f"{column} as {column}_l" for column in columns),
        sought_columns=", ".join(f"{column} as {column}_r" for column in columns),
        weight=weight_sum(model),
        is_near=model.is_near,
        has_other_name=model.has_other_name,
        has_other_id=model.has_other_id,
    )
