"""What a batch rejected, for those who answer for the feed: read from the vault, the look on record (policy 2.1)."""

from dataclasses import dataclass
from datetime import datetime

import pyarrow as pa

from ringfence import areas
from ringfence.access import check_can, read_purpose
from ringfence.errors import NotFound
from ringfence.feeds import REJECTS, Received
from ringfence.policy import Permission
from ringfence.store import Act, Batch, Content, Store, read_batches
from ringfence.terms import Actor

WITHDRAWN = "withdrawn"
"""What the manifest says of a batch that was taken back."""

HEADER, HEADER_LINE = b"header", b"header_line"


@dataclass(frozen=True, eq=False)
class Rejected:
    """The rejected rows of a batch (schema REJECTS), and the header they came under (empty: JSON Lines)."""

    rows: pa.Table
    header: str
    header_line: int


def keep_header(rejects: pa.Table, received: Received) -> pa.Table:
    """Rejected rows that know the header they came under."""
    survey = received.survey
    return rejects.replace_schema_metadata({HEADER: survey.header, HEADER_LINE: str(survey.header_line)})


def read_rejects(store: Store, batch_no: int, *, actor: Actor, now: datetime) -> Rejected:
    """The rejected rows of a batch, as far as the feed's retention keeps them; NotFound where there are none."""
    batch = find_batch(store, batch_no)
    purpose = read_purpose(store.desk, "receiving", now=now)
    hierarchy = areas.read_hierarchy(store.desk)

    def look(act: Act) -> None:
        for path in areas.top_paths(hierarchy):
            check_can(act, Permission.FEED_RECEIVE, area_path=path)
        act.note("rejects.read", purpose=purpose, subject=f"batch:{batch_no}", count=batch.rows_rejected)

    store.act(look, actor=actor, now=now)
    parts = [store.vault.read_part(part) for part in store.vault.parts_of_batch(Content.REJECT, batch_no)]
    if not parts:
        raise NotFound("batch {batch_no} rejected nothing that is still kept", batch_no=batch_no)
    kept = parts[0].schema.metadata or {}
    rows = pa.concat_tables([part.select(REJECTS.names).cast(REJECTS) for part in parts]).sort_by("row")
    return Rejected(rows, kept.get(HEADER, b"").decode(), int(kept.get(HEADER_LINE, b"1")))


def find_batch(store: Store, batch_no: int) -> Batch:
    """A batch by number; NotFound where there is none."""
    found = [batch for batch in read_batches(store.desk) if batch.batch_no == batch_no]
    if not found:
        raise NotFound("there is no batch {batch_no}; `ringfence feeds batches` lists them", batch_no=batch_no)
    return found[0]
