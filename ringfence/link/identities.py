"""The distinct identities behind rows: what says the same of a person is read, weighed and answered once."""

import duckdb
import pyarrow as pa

from ringfence.link.normalise import normalise
from ringfence.link.tables import ROWS_SCHEMA, read_columns

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

SOUGHT = """
create table sought as
select
    row_id as unique_id,
    name, surname_pinyin, pinyin, sounds, sex, birth_date, id_number, is_id_valid, phone, county, community, address_key
from identities
"""


def read_identities(memory: duckdb.DuckDBPyConnection, rows: pa.Table) -> None:
    """Fill `arrival` (place, row_id and identity of each row) and `sought` (each identity in normal form).

    InputRefused for a missing column or a repeated row number.
    """
    memory.register("arrived", read_columns(rows, ROWS_SCHEMA, key="row_id"))
    memory.execute(ARRIVAL)
    memory.register("identities", normalise(memory.sql(IDENTITIES).to_arrow_table()))
    memory.execute(SOUGHT)
