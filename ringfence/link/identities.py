"""The distinct identities behind rows: what says the same of a person is read, weighed and answered once."""

import duckdb
import pyarrow as pa

from ringfence.link.normalise import normalise
from ringfence.link.tables import NORMAL_SCHEMA, ROWS_SCHEMA, read_columns

ARRIVAL = """
create table arrival as
select
    row_number() over () as place,
    dense_rank() over (order by name, sex, birth_date, id_number, phone, address) as identity,
    row_id, name, sex, birth_date, id_number, phone, address
from arrived
"""

IDENTITIES = """
select distinct identity as row_id, name, sex, birth_date, id_number, phone, address
from arrival
"""

EACH_ARRIVAL = """
create table arrival as
select row_number() over () as place, row_number() over () as identity, row_id from arrived
"""

EACH_IDENTITY = "select row_number() over () as row_id, arrived.* exclude (row_id) from arrived"

SOUGHT = """
create table sought as
select
    row_id as unique_id,
    name, surname_pinyin, pinyin, sounds, sex, birth_date, id_number, is_id_valid, phone, county, community, address_key
from identities
"""


def read_identities(memory: duckdb.DuckDBPyConnection, rows: pa.Table) -> None:
    """Fill `arrival` (place, row_id and identity of each row) and `sought` (each identity in normal form).

    `rows` may come as `normalise` returned them: then each is taken for an identity of its own. InputRefused for a
    missing column or a repeated row number.
    """
    if set(NORMAL_SCHEMA.names) <= set(rows.column_names):
        memory.register("arrived", rows)
        memory.execute(EACH_ARRIVAL)
        memory.register("identities", memory.sql(EACH_IDENTITY).to_arrow_table())
    else:
        memory.register("arrived", read_columns(rows, ROWS_SCHEMA, key="row_id"))
        memory.execute(ARRIVAL)
        memory.register("identities", normalise(memory.sql(IDENTITIES).to_arrow_table()))
    memory.execute(SOUGHT)
