"""Pairs weighed by Splink on DuckDB: known people against sought ones, or the known among themselves."""

from typing import Any

import duckdb

from ringfence.link.model import Model

MOST_SHARING = 100
"""A phone or a door that more known people have than this proposes no pairs: it no longer tells people apart."""

FREQUENCY = {
    column: f"""
create table frequency_of_{column} as
select {column}, count(*) / $people as tf_{column}
from known
where {column} is not null
group by {column}
"""  # noqa: S608 - the columns stand in the next line
    for column in ("name", "sounds", "phone", "address_key", "community")
}
"""How frequent a value is among the known people only, so that no row's weight depends on the rows beside it."""

KNOWN_BLOCKS = """
create table known_blocks as
select
    unique_id,
    name, surname_pinyin, pinyin, sounds, sex, birth_date, id_number, is_id_valid, phone,
    county, community, address_key,
    case when frequency_of_phone.tf_phone <= $most then phone end as phone_block,
    case when frequency_of_address_key.tf_address_key <= $most then address_key end as address_block
from known
left join frequency_of_phone using (phone)
left join frequency_of_address_key using (address_key)
"""

SOUGHT_BLOCKS = """
create table sought_blocks as
select
    unique_id,
    name, surname_pinyin, pinyin, sounds, sex, birth_date, id_number, is_id_valid, phone,
    county, community, address_key,
    phone as phone_block, address_key as address_block
from sought
anti join tier_link on tier_link.sought_id = sought.unique_id
"""

SCORED = """
create table scored as
select
    unique_id_l as known_id,
    unique_id_r as sought_id,
    match_weight as weight,
    match_probability as probability,
    gamma_name >= $name_near or (gamma_id_number >= $id_near and gamma_name not between 0 and $name_far) as is_near,
    gamma_id_number = $id_same and gamma_name between 0 and $name_far as has_other_name,
    gamma_id_number = $id_other as has_other_id
from weighed
"""
"""`is_near`: a near name, or a near ID number under no other name. Levels run from 0, different, up; -1 is unknown."""


def score_between(memory: duckdb.DuckDBPyConnection, *, model: Model) -> None:
    """Fill `scored` with the weighed pairs of `known` people and those `sought` whom no tier has linked."""
    memory.execute(SOUGHT_BLOCKS)
    linker, known, sought = _open_linker(memory, model, "known_blocks", "sought_blocks")
    _keep(memory, model, linker.inference.predict_between(known, sought, warning_mode="never"))


def score_within(memory: duckdb.DuckDBPyConnection, *, model: Model) -> None:
    """Fill `scored` with the weighed pairs among the `known`."""
    linker, known = _open_linker(memory, model, "known_blocks")
    _keep(memory, model, linker.inference.predict_within(known, warning_mode="never"))


def gather_connected(memory: duckdb.DuckDBPyConnection) -> None:
    """Fill `component`: the group (cluster_id) of each of the `known` (unique_id) that the rows of `edge` tie."""
    from splink import DuckDBAPI  # noqa: PLC0415 - as below
    from splink.clustering import cluster_pairwise_predictions_at_threshold  # noqa: PLC0415 - as below

    groups = cluster_pairwise_predictions_at_threshold("known", "edge", DuckDBAPI(memory), "unique_id")
    groups.as_duckdbpyrelation().project("unique_id, cluster_id").to_table("component")


def _open_linker(memory: duckdb.DuckDBPyConnection, model: Model, *names: str) -> tuple[Any, ...]:
    from splink import DuckDBAPI, Linker  # noqa: PLC0415 - half a second that whoever links nothing need not wait

    [(people,)] = memory.execute("select count(*) from known").fetchall()
    imagined = float(people + model.background)
    for statement in FREQUENCY.values():
        memory.execute(statement, {"people": imagined})
    memory.execute(KNOWN_BLOCKS, {"most": MOST_SHARING / imagined})
    database = DuckDBAPI(memory)
    tables = [database.register(name, table_name=name) for name in names]
    settings = model.splink | {"probability_two_random_records_match": model.resident_share / imagined}
    linker = Linker(tables[0], settings, log_level=None, validate_settings=False)
    for column in FREQUENCY:
        frequency = database.register(f"frequency_of_{column}")
        linker.table_management.register_term_frequency_lookup(frequency, column)
    return linker, *tables


def _keep(memory: duckdb.DuckDBPyConnection, model: Model, pairs: Any) -> None:  # noqa: ANN401 - Splink is untyped
    pairs.as_duckdbpyrelation().create_view("weighed")
    memory.execute(SCORED, model.levels)
