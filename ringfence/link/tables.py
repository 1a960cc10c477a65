"""What goes into linking and what comes out, as typed tables; names stay in memory (policy 2.1, 6.4)."""

from collections.abc import Iterable

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

from ringfence.errors import InputRefused

_TEXT, _I64, _F64, _FLAG = pa.string(), pa.int64(), pa.float64(), pa.bool_()

IDENTITY_SCHEMA = pa.schema(
    [
        ("name", _TEXT),
        ("sex", _TEXT),
        ("birth_date", _TEXT),
        ("id_number", _TEXT),
        ("phone", _TEXT),
        ("address", _TEXT),
    ]
)
"""What is written about a person; `birth_date` as YYYY-MM-DD, all of it may be empty."""

NAME_PARTS = ("given_name", "surname")
"""What profile `latin` takes as well as, or instead of, a name."""

KEYS = ("row_id", "person_id", "household_id")
REGISTER_SCHEMA = pa.schema([("person_id", _I64), ("household_id", _I64), *IDENTITY_SCHEMA])
ROWS_SCHEMA = pa.schema([("row_id", _I64), *IDENTITY_SCHEMA])

NORMAL_SCHEMA = pa.schema(
    [
        ("name", _TEXT),
        ("given", _TEXT),
        ("surname", _TEXT),
        ("letters", _TEXT),
        ("sounds", _TEXT),
        ("sex", _TEXT),
        ("birth_date", _TEXT),
        ("id_number", _TEXT),
        ("is_id_valid", _FLAG),
        ("phone", _TEXT),
        ("county", _TEXT),
        ("community", _TEXT),
        ("address_key", _TEXT),
    ]
)
"""What linking compares, as `normalise` makes it of the identity columns."""

LINK_SCHEMA = pa.schema(
    [
        ("row_id", _I64),
        ("answer", _TEXT),
        ("person_id", _I64),
        ("household_id", _I64),
        ("probability", _F64),
        ("weight", _F64),
        ("margin", _F64),
        ("how", _TEXT),
        ("model", _TEXT),
        ("weights", pa.list_(_F64)),
    ]
)
"""One link a row.

`answer` is a LinkAnswer: `person` and `review` name a person and their household, `household` a household only. `how`
is what it rests on (a Tier or a How), `model` the version it was made with. `weight` is that of the best candidate and
`margin` its lead over the second, both in bits, null where a rule decided. `weights` are the parts of a reviewed
pair's weight in the order of `weight_parts`: what holds before any comparison, then comparison by comparison.
`probability` is that the answer is right;
for `none`, that the row is about nobody in the register.
"""

CLUSTER_SCHEMA = pa.schema([("row_id", _I64), ("cluster_id", _I64)])
"""Rows of one person share a `cluster_id`: the smallest `row_id` among them."""


def open_memory() -> duckdb.DuckDBPyConnection:
    """A DuckDB connection that never writes to disk: under memory pressure it fails instead of spilling names."""
    return duckdb.connect(":memory:", config={"temp_directory": ""})


def add_missing(table: pa.Table, columns: Iterable[str]) -> pa.Table:
    """The table with those of some columns that it lacks, empty."""
    for column in columns:
        if column not in table.column_names:
            table = table.append_column(column, pa.nulls(table.num_rows, _TEXT))
    return table


def read_columns(table: pa.Table, schema: pa.Schema, *, key: str | None = None) -> pa.Table:
    """The columns of `schema` in its types, any others left out.

    InputRefused where one is missing, doubled or of another type, or where `key` has an empty or repeated number.
    """
    columns = {field.name: _read_column(table, field) for field in schema}
    if key is not None:
        numbers = columns[key]
        if numbers.null_count or pc.count_distinct(numbers).as_py() != len(numbers):
            raise InputRefused("linking needs a different number in every {column}; number the rows anew", column=key)
    return pa.table(columns, schema=schema)


def _read_column(table: pa.Table, field: pa.Field) -> pa.ChunkedArray:
    if table.column_names.count(field.name) != 1:
        raise InputRefused("linking needs exactly one column {column}; name the columns anew", column=field.name)
    try:
        return table.column(field.name).cast(field.type)
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError) as mismatch:
        raise InputRefused(
            "linking needs {type} in column {column}; convert it", type=str(field.type), column=field.name
        ) from mismatch
