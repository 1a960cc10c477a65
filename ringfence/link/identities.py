"""The distinct identities behind rows: what says the same of a person is read, weighed and answered once."""

import duckdb
import pyarrow as pa

from ringfence.link.known import key_columns
from ringfence.link.model import Model
from ringfence.link.normalise import normalise
from ringfence.link.steps import take
from ringfence.link.tables import IDENTITY_SCHEMA, NAME_PARTS, NORMAL_SCHEMA, add_missing, read_columns

ARRIVAL = """
create temp table arrival as
select row_number() over () as place, dense_rank() over (order by {columns}) as identity, row_id, {columns}
from arrived
"""

IDENTITIES = "select distinct identity as row_id, {columns} from arrival"

EACH_ARRIVAL = """
create temp table arrival as
select row_number() over () as place, row_number() over () as identity, row_id from arrived
"""

EACH_IDENTITY = "select row_number() over () as row_id, arrived.* exclude (row_id) from arrived"

SOUGHT = "select row_id as unique_id, {columns}, {keys} from identities"


def read_identities(memory: duckdb.DuckDBPyConnection, rows: pa.Table, *, model: Model) -> None:
    """Fill `arrival` (place, row_id and identity of each row) and `sought` (each identity in normal form).

    `rows` may come as `normalise` returned them: then each is taken for an identity of its own. InputRefused for a
    missing column or a repeated row number.
    """
    if set(NORMAL_SCHEMA.names) <= set(rows.column_names):
        memory.register("arrived", rows)
        memory.execute(EACH_ARRIVAL)
        memory.register("identities", memory.sql(EACH_IDENTITY).to_arrow_table())
    else:
        memory.register("identities", _read_distinct(memory, rows, model))
    take(memory, {"sought": SOUGHT.format(columns=", ".join(model.compared), keys=key_columns(model))})


def _read_distinct(memory: duckdb.DuckDBPyConnection, rows: pa.Table, model: Model) -> pa.Table:
    parts = NAME_PARTS if model.profile == "latin" else ()
    names = [*IDENTITY_SCHEMA.names, *parts, *model.extra]
    schema = pa.schema([("row_id", pa.int64()), *((name, pa.string()) for name in names)])
    optional = ("name", *parts) if parts else ()
    memory.register("arrived", read_columns(add_missing(rows, optional), schema, key="row_id"))
    columns = ", ".join(names)
    memory.execute(ARRIVAL.format(columns=columns))
    distinct = memory.sql(IDENTITIES.format(columns=columns)).to_arrow_table()
    return normalise(distinct, profile=model.profile, extra=model.extra)
