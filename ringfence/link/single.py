"""One row in, one answer out: for the gate and the forms, in milliseconds at a city's size (policy 2.1).

Who shares a key with the row is looked up in a sorted index; those few people then stand for the register, in the very
steps that answer a batch, written as one statement. Frequencies and the size are the whole register's, so the answer is
the batch's (`tests/property/test_link_single.py`).
"""

from collections.abc import Mapping
from operator import itemgetter
from threading import Lock
from typing import Any

import duckdb
import numpy as np
import numpy.typing as npt
import pyarrow as pa

from ringfence.link.answers import How
from ringfence.link.known import KnownPeople, key_columns, unpivoted_keys
from ringfence.link.model import CERTAINTY_SCHEMA, Model
from ringfence.link.normalise import NARROW, READINGS, WRITTEN
from ringfence.link.rows import link_steps
from ringfence.link.score import POPULATION
from ringfence.link.steps import prepare
from ringfence.link.tables import IDENTITY_SCHEMA, LINK_SCHEMA, NAME_PARTS
from ringfence.link.tiers import TIERS
from ringfence.link.weights import frequency_columns

TABLES = """
create temp table arrived (name text, given_name text, surname text, sex text, birth_date text, id_number text,
    phone text, address text);
create temp table name_read (written text, name text, given text, surname text, letters text, sounds text);
create temp table arrival (place bigint, row_id bigint, identity bigint);
create temp table candidate (unique_id bigint);
create temp table population (people double);
insert into arrival values (1, 1, 1);
"""

EMPTY_LIKE_KNOWN = "create temp table {table} as select {columns} from memory.main.known limit 0"

SOUGHT = "select 1::bigint as unique_id, {columns}, {keys} from normal"

TAKE_CANDIDATES = """
insert into temp.known
select known.* from memory.main.known as known
semi join candidate using (unique_id)
"""

FORGET = "delete from frequency_of_{column}"

COUNTED = "insert into frequency_of_{column} values (?, ?)"

READ_SOUGHT = "prepare read_sought as select *, {hashes} from sought"

DECIDED = """
select known_id, household_id, tier from tier_link join known on known.unique_id = tier_link.known_id
"""

ANSWER = "select answer, person_id, household_id, probability, weight, margin, how, model from link"

VALUES = "select hash({column}) as value, count(*) as people from known where {column} is not null group by value"

Numbers = npt.NDArray[np.int64]
Hashes = npt.NDArray[np.uint64]


class SingleLinker:
    """Links rows one at a time to known people; made anew, in seconds, when people were taken in since."""

    def __init__(self, known: KnownPeople) -> None:
        """For a model without further columns."""
        self._model = known.model
        self._lock = Lock()  # the statement's tables hold one row at a time
        self._memory = known.connect()
        self._keys, self._persons = _read_keys(self._memory, self._model)
        self._values = {column: _read_values(self._memory, column) for column in frequency_columns(self._model)}
        _prepare(self._memory, self._model)

    def link(self, row: Mapping[str, str | None]) -> dict[str, Any]:
        """The link of a row (columns of LINK_SCHEMA but row_id), from what is written under our column names."""
        with self._lock:
            if not self._gather(self._read(row)):
                return self._say("none", None, None, How.SPLINK)
            decided = self._memory.execute("execute decide_row").fetchall()
            if decided:  # by a rule: then nothing is weighed, in a batch neither
                [(person, household, tier)] = decided
                return self._say("person", person, household, tier)
            [found] = self._memory.execute("execute link_row").fetchall()
        return dict(zip(LINK_SCHEMA.names[1:], found, strict=True))

    def _say(self, answer: str, person: int | None, household: int | None, how: str) -> dict[str, Any]:
        """The link of a row that nothing was weighed for."""
        shares = [line for line in self._model.certainty if (line["how"], line["answer"]) == (how, answer)]
        share = max((line for line in shares if line["from_odds"] <= 0), key=itemgetter("from_odds"), default=None)
        said = (answer, person, household, share and share["probability"], None, None, how, self._model.version)
        return dict(zip(LINK_SCHEMA.names[1:], said, strict=True))

    def _read(self, row: Mapping[str, str | None]) -> dict[str, Any]:
        """The row in normal form with its keys; it stands in `sought` too."""
        memory = self._memory
        columns = (IDENTITY_SCHEMA.names[0], *NAME_PARTS, *IDENTITY_SCHEMA.names[1:])
        memory.execute("delete from arrived; delete from name_read; delete from sought")
        memory.execute("insert into arrived values (?, ?, ?, ?, ?, ?, ?, ?)", [row.get(column) for column in columns])
        [(name,)] = memory.execute("execute read_written").fetchall()
        read = READINGS[self._model.profile].read_names(pa.array([name or ""]))
        for parts in zip(*read.to_pydict().values(), strict=True):
            memory.execute("insert into name_read values (?, ?, ?, ?, ?, ?)", list(parts))
        memory.execute("execute read_row")
        found = memory.execute("execute read_sought")
        names = [column[0] for column in found.description]
        [values] = found.fetchall()
        return dict(zip(names, values, strict=True))

    def _gather(self, sought: Mapping[str, Any]) -> bool:
        """Everybody who shares a key with the row, and how frequent its values are; whether there is anybody."""
        memory = self._memory
        memory.execute("delete from candidate; delete from temp.known")
        keys = [key for column, key in sought.items() if column.startswith("key_") and key is not None]
        persons = self._find(np.array(keys, dtype=np.uint64))
        if not persons:
            return False
        memory.execute("insert into candidate select unnest(?)", [persons])
        memory.execute("execute take_candidates")
        for column, (values, counts) in self._values.items():
            memory.execute(FORGET.format(column=column))
            value = sought[f"hash_{column}"]
            place = None if value is None else int(np.searchsorted(values, np.uint64(value)))
            if place is not None and place < values.size and values[place] == value:
                memory.execute(COUNTED.format(column=column), [sought[column], int(counts[place])])
        return True

    def _find(self, keys: Hashes) -> list[int]:
        first, last = (np.searchsorted(self._keys, keys, side) for side in ("left", "right"))
        found = [self._persons[start:end] for start, end in zip(first, last, strict=True)]
        return np.unique(np.concatenate(found)).tolist() if found else []


def _read_keys(memory: duckdb.DuckDBPyConnection, model: Model) -> tuple[Hashes, Numbers]:
    """Every key of every known person, sorted, and the person beside it."""
    read = memory.sql(unpivoted_keys(model, "known")).to_arrow_table()
    keys, persons = read["key"].to_numpy(), read["unique_id"].to_numpy()
    order = np.argsort(keys)
    return keys[order], persons[order]


def _read_values(memory: duckdb.DuckDBPyConnection, column: str) -> tuple[Hashes, Numbers]:
    read = memory.sql(VALUES.format(column=column)).to_arrow_table()
    order = np.argsort(read["value"].to_numpy())
    return read["value"].to_numpy()[order], read["people"].to_numpy()[order]


def _prepare(memory: duckdb.DuckDBPyConnection, model: Model) -> None:
    """The tables that hold one row, and every step planned."""
    reading = READINGS[model.profile]
    memory.execute(TABLES)
    memory.execute("insert into population " + POPULATION.format(background=model.background))
    memory.execute(NARROW)
    memory.register("certainty_shares", pa.Table.from_pylist(model.certainty, CERTAINTY_SCHEMA))
    memory.execute("create temp table certainty as from certainty_shares")
    keys = ", ".join(f"key_{number}" for number in range(len(model.blocks)))
    columns = ", ".join(model.compared)
    memory.execute(EMPTY_LIKE_KNOWN.format(table="known", columns="*"))
    memory.execute(EMPTY_LIKE_KNOWN.format(table="sought", columns=f"unique_id, {columns}, {keys}"))
    for column in frequency_columns(model):
        memory.execute(f"create temp table frequency_of_{column} ({column} text, people_{column} bigint)")
    written = WRITTEN.format(name=reading.name)
    sought = SOUGHT.format(columns=columns, keys=key_columns(model))
    hashes = ", ".join(f"hash({column}) as hash_{column}" for column in frequency_columns(model))
    prepare(memory, "read_written", {"written": written, "name": "select name from written"})
    prepare(memory, "read_row", {"written": written, **reading.steps, "sought": sought}, into="sought")
    memory.execute(READ_SOUGHT.format(hashes=hashes))
    memory.execute(f"prepare take_candidates as {TAKE_CANDIDATES}")
    prepare(memory, "decide_row", {**TIERS, "decided": DECIDED})
    prepare(memory, "link_row", {**link_steps(model), "answer": ANSWER})
    memory.execute("pragma disable_optimizer")  # what it would spare for one row is less than it takes
