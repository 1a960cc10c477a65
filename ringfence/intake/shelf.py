"""Files that are read and checked, set aside encrypted until it is known who their rows are about (policy 2.1, 6.4).

People are linked once all files of a turn have been read, for somebody new may stand in several of them. What was read
is not held until then: it lies in the vault, as parts that do not exist yet, and is read from there a part at a time.
"""

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from tempfile import TemporaryFile
from types import TracebackType
from typing import IO, Self

import numpy as np
import pyarrow as pa

from ringfence.feeds import IDENTITIES, Fill, Format, Identities, Part, add_fills, count_fill
from ringfence.intake.arrivals import Reception, Refused
from ringfence.intake.persons import Numbers
from ringfence.intake.reading import Reading
from ringfence.intake.rejects import keep_header
from ringfence.store import Content, StagedPart, Vault
from ringfence.terms import ReasonCode

PART_ROWS = 1_000_000
"""Rows that are taken in at a time: some hundreds of megabytes, and files of the lake that are not too many."""

_NUMBER = np.dtype(np.int32)


@dataclass(eq=False, kw_only=True)
class Shelved:
    """A file set aside: what it brings, counted, and its parts in the vault; `place` is its number on the shelf.

    `counts` has, by code and column of a reason, how many rows were rejected and the first of them.
    """

    reading: Reading
    batch_no: int
    place: int
    retain_until_day: int
    vault: Vault
    raw: list[StagedPart] = field(default_factory=list)
    rejects: list[StagedPart] = field(default_factory=list)
    counts: dict[tuple[str, str], tuple[int, int]] = field(default_factory=dict)
    fills: list[Fill] = field(default_factory=list)
    numbers: IO[bytes] = field(default_factory=TemporaryFile)

    @property
    def declared(self) -> Format:
        """The format of the rows, under the feed's contract."""
        return self.reading.expected.declared

    @property
    def accepted(self) -> int:
        """How many rows it brings."""
        return sum(one.part.row_count for one in self.raw)

    @property
    def rejected(self) -> int:
        """How many rows were rejected."""
        return sum(one.part.row_count for one in self.rejects)

    @property
    def refused(self) -> tuple[Refused, ...]:
        """Why rows were rejected, in the order in which each reason first came."""
        in_order = sorted(self.counts.items(), key=lambda one: one[1][1])
        return tuple(
            Refused(code=ReasonCode(code), column=column, rows=rows, first_row=first)
            for (code, column), (rows, first) in in_order
        )

    def read_parts(self, columns: Sequence[str] | None = None) -> Iterator[pa.Table]:
        """The accepted rows, or some of their columns, PART_ROWS or a little more at a time."""
        names = self.declared.schema.names if columns is None else columns
        schema = pa.schema([self.declared.schema.field(name) for name in names])
        together: list[pa.Table] = []
        for staged in self.raw:
            together.append(self.vault.read_staged(staged, names).cast(schema))
            if sum(rows.num_rows for rows in together) >= PART_ROWS:
                yield pa.concat_tables(together)
                together = []
        if together:
            yield pa.concat_tables(together)

    def keep_numbers(self, parts: Iterator[Numbers]) -> None:
        """Keep the number of each row's identity, in a file without a name: numbers say nothing of anybody."""
        self.numbers.seek(0)
        for numbers in parts:
            self.numbers.write(numbers.astype(_NUMBER).tobytes())

    def read_numbered(self) -> Iterator[tuple[pa.Table, Numbers]]:
        """The accepted rows, so many at a time, with the number of each row's identity."""
        self.numbers.seek(0)
        for rows in self.read_parts():
            written = self.numbers.read(_NUMBER.itemsize * rows.num_rows)
            yield rows, np.frombuffer(written, dtype=_NUMBER).astype(np.int64)

    def discard(self) -> None:
        """Take its parts off the disk, which will not come to exist."""
        self.vault.discard([*self.raw, *self.rejects])


class Shelf:
    """The files of a turn on their way in; what still waits when it is closed is gone."""

    def __init__(self, reception: Reception) -> None:
        self._reception = reception
        self._files: list[Shelved] = []
        self._waiting: list[Shelved] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for one in self._waiting:
            one.discard()
        for one in self._files:
            one.numbers.close()

    def put(self, reading: Reading) -> Shelved:
        """Read and check a file and set its rows aside; FeedRejected when it is not the one that was surveyed."""
        reception, contract = self._reception, reading.expected.declared.contract
        shelved = Shelved(
            reading=reading,
            batch_no=reception.take_numbers("batch", 1),
            place=len(self._files),
            retain_until_day=reception.today.day + reception.today.days(f"retention.{contract.retention}"),
            vault=reception.store.vault,
        )
        self._files.append(shelved)
        self._waiting.append(shelved)
        with ThreadPoolExecutor(1) as writer:
            before = writer.submit(lambda: None)
            for part in reading.read_parts():
                _count(shelved, part)
                before.result()  # one part is written while the next is read, and no more are held
                before = writer.submit(_write, shelved, part)
            before.result()
        return shelved

    def take(self, shelved: Shelved) -> None:
        """Take a file off the shelf: whether its parts exist is from now on for the desk to say."""
        self._waiting.remove(shelved)


def number_identities(files: Sequence[Shelved]) -> Identities:
    """Who stands in some files, numbered over all of them; each file keeps the numbers of its rows."""
    identities = Identities()
    for one in files:
        asked = [name for name in one.declared.schema.names if name == "row" or name in IDENTITIES.names]
        one.keep_numbers(identities.add(rows, file=one.place) for rows in one.read_parts(asked))
    return identities


def _write(shelved: Shelved, part: Part) -> None:
    rejects = keep_header(part.rejects, shelved.reading.received)
    kept = ((Content.RAW, part.accepted, shelved.raw), (Content.REJECT, rejects, shelved.rejects))
    until = shelved.retain_until_day
    for content, rows, parts in kept:
        parts.extend(shelved.vault.stage(content, rows, batch_no=shelved.batch_no, retain_until_day=until))


def _count(shelved: Shelved, part: Part) -> None:
    fills = count_fill(part, shelved.declared)
    shelved.fills = add_fills([shelved.fills, fills]) if shelved.fills else fills
    counted = part.rejects.group_by(["code", "column"]).aggregate([("row", "count"), ("row", "min")])
    for one in counted.to_pylist():
        reason = one["code"], one["column"]
        rows, first = shelved.counts.get(reason, (0, one["row_min"]))
        shelved.counts[reason] = rows + one["row_count"], min(first, one["row_min"])
