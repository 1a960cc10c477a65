"""Tables as files, each row with the number of its export and the file with its mark (policy 6.4)."""

import json
from collections.abc import Callable, Iterator, Mapping
from itertools import chain
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import pyarrow.parquet

from ringfence.errors import InputRefused
from ringfence.feeds import write_workbook

_ROWS_OF_A_PART = 10_000
_FORMULA = r"^[=+\-@\t]"


def write_table(path: Path, rows: pa.Table, *, mark: str, number: int) -> None:
    """Write a table as the path's suffix says (`check_suffix`).

    The last column, `export`, is the number on every row; workbook and Parquet carry the mark besides.
    """
    WRITERS[path.suffix](path, rows.append_column("export", pa.repeat(number, rows.num_rows)), mark)


def check_suffix(path: Path) -> None:
    """InputRefused for a file that no writer writes."""
    if path.suffix not in WRITERS:
        raise InputRefused(
            "an export cannot be written as '{suffix}'; name a file that ends in {suffixes}",
            suffix=path.suffix,
            suffixes=", ".join(WRITERS),
        )


def _write_csv(path: Path, rows: pa.Table, _mark: str) -> None:
    """With a byte order mark, so that Excel reads Chinese; what would begin a formula there stands behind a quote."""
    with path.open("wb") as file:
        file.write(b"\xef\xbb\xbf")
        with pyarrow.csv.CSVWriter(file, _plain_schema(rows)) as writer:
            for part in _plain_parts(rows):
                writer.write_table(_without_formulas(part))


def _write_workbook(path: Path, rows: pa.Table, mark: str) -> None:
    whole = (zip(*(column.to_pylist() for column in part.columns), strict=True) for part in _plain_parts(rows))
    write_workbook(path, chain([rows.column_names], chain.from_iterable(whole)), name="export", mark=mark)


def _write_json_lines(path: Path, rows: pa.Table, _mark: str) -> None:
    with path.open("w", encoding="utf-8") as file:
        for part in _plain_parts(rows):
            file.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in part.to_pylist())


def _write_parquet(path: Path, rows: pa.Table, mark: str) -> None:
    schema = _plain_schema(rows).with_metadata({"mark": mark})
    with pyarrow.parquet.ParquetWriter(path, schema, compression="zstd") as writer:
        for part in _plain_parts(rows):
            writer.write_table(part.replace_schema_metadata(schema.metadata))


WRITERS: Mapping[str, Callable[[Path, pa.Table, str], None]] = {
    ".csv": _write_csv,
    ".xlsx": _write_workbook,
    ".jsonl": _write_json_lines,
    ".parquet": _write_parquet,
}


def _plain_schema(rows: pa.Table) -> pa.Schema:
    return pa.schema([(field.name, getattr(field.type, "value_type", field.type)) for field in rows.schema])


def _plain_parts(rows: pa.Table) -> Iterator[pa.Table]:
    """The rows a part at a time, with texts as texts: held as what is written, they would be many times as large."""
    schema = _plain_schema(rows)
    for first in range(0, rows.num_rows, _ROWS_OF_A_PART):
        yield rows.slice(first, _ROWS_OF_A_PART).cast(schema)


def _without_formulas(rows: pa.Table) -> pa.Table:
    for place, field in enumerate(rows.schema):
        if pa.types.is_string(field.type):
            texts = rows.column(place)
            quoted = pc.binary_join_element_wise("'", texts, "")
            safe = pc.if_else(pc.fill_null(pc.match_substring_regex(texts, _FORMULA), fill_value=False), quoted, texts)
            rows = rows.set_column(place, field, safe)
    return rows
