"""What every record ends in, so that it can be corrected, withdrawn and forgotten (policy 6.4)."""

from collections.abc import Mapping
from dataclasses import dataclass

import pyarrow as pa

from ringfence.errors import InputRefused
from ringfence.terms import LAYOUTS, RecordKind

Columns = Mapping[str, pa.Array | pa.ChunkedArray]


@dataclass(frozen=True, kw_only=True)
class Provenance:
    """The batch that rows came in (the manifest's number), and when that was (microseconds since 1970-01-01 UTC)."""

    batch_no: int
    recorded_at: int

    def put_on(self, columns: Columns, *, schema: pa.Schema, rows: pa.Array | pa.ChunkedArray) -> pa.Table:
        """A table of a schema that ends in batch, row and recorded_at; `rows` are the lines the records came from."""
        count = len(rows)
        ends = {
            "batch": pa.repeat(self.batch_no, count),
            "row": rows,
            "recorded_at": pa.repeat(self.recorded_at, count),
        }
        return pa.table({name: {**columns, **ends}[name] for name in schema.names}).cast(schema)

    def records(self, kind: RecordKind, columns: Columns, *, rows: pa.Array | pa.ChunkedArray) -> pa.Table:
        """Records of a kind as the lake takes them."""
        return self.put_on(columns, schema=LAYOUTS[kind].schema, rows=rows)


def check_persons(accepted: pa.Table, persons: pa.Array | pa.ChunkedArray) -> None:
    """InputRefused unless there is a number for each row: what nobody is said to have done would be nobody's record."""
    if len(persons) != accepted.num_rows or persons.null_count:
        raise InputRefused(
            "{given} person numbers came for {rows} rows; link the rows first",
            given=len(persons) - persons.null_count,
            rows=accepted.num_rows,
        )
