"""What a file brings that is not in yet: all its rows, or those that named what was not known before (policy 2.1).

The same file twice is the same batch. But a row that was rejected, for its place was not registered yet or its case on
no line list, may be right today: sent again, the file brings the rows that are accepted now, as a further batch.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count

import pyarrow as pa
import pyarrow.compute as pc

from ringfence.access import read_purpose
from ringfence.feeds import Part, Received, read_file
from ringfence.intake.arrivals import Reception
from ringfence.intake.known_records import leans_on_withdrawn
from ringfence.intake.rejects import WITHDRAWN
from ringfence.intake.turns import Expected
from ringfence.store import Act, Batch, Content, Store, read_batch


@dataclass(frozen=True, eq=False)
class Reading:
    """A file as it was surveyed now; `key` is the batch it is whenever it is sent, `batch_id` the one it becomes.

    `asked` are the lines that it may bring; None: all of them.
    """

    expected: Expected
    received: Received
    key: str
    batch_id: str
    asked: pa.Array | None = None

    @property
    def is_known(self) -> bool:
        """Whether the file has been received before and brings nothing now."""
        return not self.batch_id

    def read_parts(self) -> Iterator[Part]:
        """What it brings, a block of lines at a time: rows that are accepted and asked for, and every reject."""
        for part in self.received.read_parts():
            if self.asked is None:
                yield part
            else:
                yield Part(part.accepted.filter(pc.is_in(part.accepted["row"], value_set=self.asked)), part.rejects)


def read_delivery(reception: Reception, one: Expected) -> Reading:
    """What a file is, and whether it brings anything; FeedRejected where it cannot be read."""
    clock = reception.store.clock
    today = clock.day_of(reception.now)
    received = read_file(one.delivery.path, one.feed, known=reception.known, clock=clock, today=today)
    # A file without a row says that there was nothing, and says it anew each day.
    key = received.batch_id if received.row_count else f"{received.batch_id}-{today}"
    before = read_rounds(reception.store, key)
    again = Reading(one, received, key, _name_round(key, len(before) + 1))
    if before:
        return _read_again(reception, again, before[-1]) or Reading(one, received, key, "")
    return again


def read_rounds(store: Store, key: str) -> list[Batch]:
    """The batches a file became, one for each time it was sent and brought something."""
    return list(_find_rounds(store, key))


def _find_rounds(store: Store, key: str) -> Iterator[Batch]:
    for number in count(1):
        batch = read_batch(store.desk, _name_round(key, number))
        if batch is None:
            return
        yield batch


def _name_round(key: str, number: int) -> str:
    return key if number == 1 else f"{key}/{number}"


def _read_again(reception: Reception, again: Reading, last: Batch) -> Reading | None:
    """The rows that were rejected the last time, or left out; None where none of them is accepted now."""
    if last.status == WITHDRAWN:
        return None  # whoever withdrew it knew why; what replaces it is another file
    if leans_on_withdrawn(reception.store.desk, last.batch_no):
        return again
    if not last.rows_rejected:
        return None
    rejected = _read_rejected_rows(reception, last)
    mended = Reading(again.expected, again.received, again.key, again.batch_id, asked=rejected)
    return mended if any(part.accepted.num_rows for part in mended.read_parts()) else None


def _read_rejected_rows(reception: Reception, last: Batch) -> pa.Array:
    """The lines a batch rejected, as far as the feed's retention keeps them; the look is on record."""
    store, purpose = reception.store, read_purpose(reception.store.desk, "receiving", now=reception.now)

    def look(act: Act) -> None:
        act.note("rejects.read", purpose=purpose, subject=f"batch:{last.batch_no}", count=last.rows_rejected)

    store.act(look, actor=reception.actor, now=reception.now)
    parts = store.vault.parts_of_batch(Content.REJECT, last.batch_no)
    rows = [chunk for part in parts for chunk in store.vault.read_part(part)["row"].chunks]
    return pa.chunked_array(rows, pa.int32()).combine_chunks()
