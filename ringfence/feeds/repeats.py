"""Rows that stand in a file twice, letter by letter, found in bounded memory however long the file (policy 2.1).

What is kept of a line is its salted MD5: 128 bits, so that no two lines are taken for one by chance, and under a salt
that is thrown away, so that DuckDB may spill it to disk when memory runs short. The lines themselves are never kept.
"""

import secrets
from dataclasses import dataclass
from tempfile import TemporaryDirectory
from typing import Self

import duckdb
import numpy as np
import pyarrow as pa

from ringfence.feeds.lines import Flags, Integers, Lines

MEMORY = "400MB"
"""What DuckDB may take before it spills: with the blocks of a file beside it, far below a machine's smallest share."""

CREATE_DIGESTS = "create table line_digest (number integer, digest uhugeint)"

INSERT_DIGESTS = "insert into line_digest select number, md5_number($salt || text) from arrived"

FIND_REPEATS = """
with doubled as (
    select digest, min(number) as first_number
    from line_digest
    group by digest
    having count(*) > 1
)
select l.number, d.first_number
from line_digest l
join doubled d on d.digest = l.digest
where l.number > d.first_number
order by l.number
"""


@dataclass(frozen=True)
class Repeats:
    """Line numbers in rising order (shape n), and where the same line stood first (shape n)."""

    numbers: Integers
    firsts: Integers

    def find(self, numbers: Integers) -> tuple[Flags, Integers]:
        """Which of some lines are repeats (shape of the numbers), and where each stood first, 0 for the others."""
        firsts = np.zeros(numbers.size, dtype=np.int64)
        if self.numbers.size:
            place = np.searchsorted(self.numbers, numbers).clip(max=self.numbers.size - 1)
            firsts = np.where(self.numbers[place] == numbers, self.firsts[place], 0)
        return firsts > 0, firsts


class LineDigests:
    """A table of line digests, open while a file is read through."""

    def __init__(self) -> None:
        self._salt = secrets.token_hex(16)
        self._folder = TemporaryDirectory(prefix="ringfence-")
        self._table = duckdb.connect(config={"temp_directory": self._folder.name, "memory_limit": MEMORY})
        self._table.execute(CREATE_DIGESTS)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._table.close()
        self._folder.cleanup()

    def add(self, lines: Lines) -> None:
        """Remember some lines."""
        self._table.register("arrived", pa.table({"number": lines.numbers, "text": lines.texts}))
        self._table.execute(INSERT_DIGESTS, {"salt": self._salt})
        self._table.unregister("arrived")

    def find(self) -> Repeats:
        """The lines that stood there before."""
        found = self._table.sql(FIND_REPEATS).to_arrow_table()
        return Repeats(*(np.asarray(column) for column in found.columns))
