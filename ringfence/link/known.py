"""The known people made ready: in memory only, found by the keys they share with a row (policy 2.1, 6.4).

Making a city ready takes a while, linking a list to it does not: so what was made ready can be kept, and extended by
whoever is new, while list after list is linked to it. A key is what two records must share to be compared at all.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Self

import duckdb
import pyarrow as pa

from ringfence.link.model import Model, read_model
from ringfence.link.tables import open_memory

EXTENDED = """
insert into known
select person_id as unique_id, household_id, {columns}, {keys}
from people
"""

REPLACED = "delete from known using people where known.unique_id = people.person_id"

Memory = duckdb.DuckDBPyConnection


def key_columns(model: Model) -> str:
    """The columns key_0, key_1, ... of a record: what it shares with another exactly where the model's blocks agree."""
    return ", ".join(
        f"case when ({block}) is not null then hash({number}, {block}) end as key_{number}"
        for number, block in enumerate(model.blocks)
    )


def unpivoted_keys(model: Model, table: str) -> str:
    """One line (unique_id, key) for each key a record of a table has."""
    return " union all ".join(
        f"select unique_id, key_{number} as key from {table} where key_{number} is not null"  # noqa: S608 - our tables
        for number in range(len(model.blocks))
    )


class KnownPeople:
    """Known people in an in-memory DuckDB: the table `known` of every connection that `asking` opens."""

    def __init__(self, model: Model) -> None:
        self.model = model
        self._memory = open_memory()
        fields = [f"{name} {'boolean' if name == 'is_id_valid' else 'text'}" for name in model.compared]
        fields += [f"key_{number} ubigint" for number in range(len(model.blocks))]
        self._memory.execute(f"create table known (unique_id bigint, household_id bigint, {', '.join(fields)})")

    @classmethod
    def of_profile(cls, profile: str) -> Self:
        """Nobody yet, for linking with the current model of a name profile."""
        return cls(read_model(profile))

    def put(self, people: pa.Table) -> Self:
        """Take people in, as `normalise` returned them; whoever is known already is replaced."""
        with self.asking() as memory:
            memory.register("people", people)
            memory.execute(REPLACED)
            columns = ", ".join(self.model.compared)
            memory.execute(EXTENDED.format(columns=columns, keys=key_columns(self.model)))
        return self

    @property
    def size(self) -> int:
        """How many people there are."""
        [(people,)] = self._memory.execute("select count(*) from known").fetchall()
        return int(people)

    def connect(self) -> Memory:
        """A further connection to the same people; whoever asks closes it."""
        return self._memory.cursor()

    @contextmanager
    def asking(self) -> Iterator[Memory]:
        """A connection whose temporary tables are nobody else's."""
        memory = self.connect()
        try:
            yield memory
        finally:
            memory.close()
