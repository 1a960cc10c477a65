"""Files of hashed lists: written by whoever holds the names, matched by whoever holds the register (policy 6.4)."""

import csv as plain_csv
from pathlib import Path

import pyarrow as pa
from pyarrow import csv

from ringfence.errors import InputRefused
from ringfence.link.files import Progress, numbered_chunks, writing_csv
from ringfence.link.lists import Columns, PeopleList
from ringfence.link.normalise import normalise
from ringfence.link.tokens import TOKENS, hash_people, match_tokens, pseudonyms

MATCHED = pa.schema([("row_id", pa.string()), ("pseudonym", pa.string()), ("token", pa.string())])


def hash_file(
    people: Path, out: Path, *, key: bytes, purpose: str, profile: str, columns: Columns, progress: Progress
) -> int:
    """Write the tokens of a list or register under its own ids, and nothing else of it; how many rows."""
    named = "person_id" if "person_id" in _header(people) else "row_id"
    listed = PeopleList(people, key=named, columns=columns)
    with writing_csv(out, pa.schema([(named, pa.string()), *((token, pa.string()) for token in TOKENS)])) as writer:
        for start, chunk in numbered_chunks(listed, progress, "hashing the rows"):
            tokens = hash_people(normalise(chunk, profile=profile), key=key, purpose=purpose)
            writer.write_table(tokens.add_column(0, named, listed.ids.slice(start, chunk.num_rows)))
    return len(listed.ids)


def match_files(rows: Path, register: Path, out: Path, *, key: bytes, purpose: str) -> tuple[int, int]:
    """Write the matched rows alone (row_id, pseudonym, token) of two hashed files; how many rows, and how many matched.

    The key of the pseudonyms stays with the register; it need not be the one that the lists were hashed with.
    """
    asked = _read_tokens(rows)
    found = match_tokens(asked, _read_tokens(register))
    persons = pseudonyms(found["person_id"], key=key, purpose=purpose)
    with writing_csv(out, MATCHED) as writer:
        writer.write_table(pa.table([found["row_id"], persons, found["token"]], schema=MATCHED))
    return asked.num_rows, found.num_rows


def _header(path: Path) -> list[str]:
    if not path.is_file():
        raise InputRefused("{file} is no file; name a CSV file", file=path.name)
    with path.open(encoding="utf-8-sig", errors="replace", newline="") as file:
        return next(plain_csv.reader(file), [])


def _read_tokens(path: Path) -> pa.Table:
    types = dict.fromkeys(_header(path), pa.string())
    try:
        read = csv.read_csv(path, convert_options=csv.ConvertOptions(column_types=types, strings_can_be_null=True))
    except pa.ArrowInvalid as error:
        raise InputRefused("{file} is no whole CSV file; export it again", file=path.name) from error
    return read
