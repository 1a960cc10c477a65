"""The manifest: a batch exists from the moment its row does, once, whoever sends it however often (policy 2.1)."""

from dataclasses import dataclass

from ringfence.store.act import Act
from ringfence.store.desk import Desk
from ringfence.terms import to_us

INSERT_BATCH = """
insert into batch (batch_no, batch_id, feed, department, purpose, source_digest, rows_accepted, rows_rejected, status,
    retain_until_day, received_by, recorded_at)
values (:batch_no, :batch_id, :feed, :department, :purpose, :source_digest, :rows_accepted, :rows_rejected, 'committed',
    :retain_until_day, :received_by, :recorded_at)
on conflict (batch_id) do nothing
"""

COLUMNS_OF_BATCH = """
select batch_no, batch_id, feed, department, purpose, source_digest, rows_accepted, rows_rejected, status,
    retain_until_day, received_by, recorded_at
from batch
"""

READ_BATCH = COLUMNS_OF_BATCH + "where batch_id = :batch_id"

READ_BATCHES = COLUMNS_OF_BATCH + "order by recorded_at desc, batch_no desc"

END_BATCH = "update batch set status = :status where batch_no = :batch_no and status = 'committed'"


@dataclass(frozen=True, kw_only=True)
class Batch:
    """What the manifest says of a batch; `batch_id` is the sender's or made from the content, and never used twice."""

    batch_no: int
    batch_id: str
    feed: str
    department: str
    purpose: str
    source_digest: str
    rows_accepted: int
    rows_rejected: int
    retain_until_day: int | None
    status: str = "committed"
    received_by: str = ""
    recorded_at: int = 0


def commit_batch(act: Act, batch: Batch) -> bool:
    """Put a batch into the manifest; False when its id is there already, and then nothing changed."""
    return (
        act.run(
            INSERT_BATCH,
            batch_no=batch.batch_no,
            batch_id=batch.batch_id,
            feed=batch.feed,
            department=batch.department,
            purpose=batch.purpose,
            source_digest=batch.source_digest,
            rows_accepted=batch.rows_accepted,
            rows_rejected=batch.rows_rejected,
            retain_until_day=batch.retain_until_day,
            received_by=act.actor.actor_id,
            recorded_at=to_us(act.now),
        )
        == 1
    )


def read_batch(desk: Desk, batch_id: str) -> Batch | None:
    """The batch with an id, if there is one."""
    rows = desk.rows(READ_BATCH, batch_id=batch_id)
    return Batch(**rows[0]._asdict()) if rows else None


def read_batches(desk: Desk) -> list[Batch]:
    """All batches, newest first."""
    return [Batch(**row._asdict()) for row in desk.rows(READ_BATCHES)]


def end_batch(act: Act, batch_no: int, *, status: str) -> bool:
    """Mark a batch withdrawn or forgotten; False when it was not in force."""
    return act.run(END_BATCH, batch_no=batch_no, status=status) == 1
