"""Messages to those below the cut: proposed at once, so that nobody found goes untold; sent by nobody yet (policy 2.2).

Who is meant stands in the lake, beside the instant of the proposal; the desk counts them by signal and by the unit that
answers for them.
"""

from dataclasses import dataclass
from datetime import datetime

import pyarrow as pa
import pyarrow.compute as pc

from ringfence.store import Desk, Scope
from ringfence.terms import SubjectKind, from_us, to_us

PROPOSED = """
select b.signal_id, b.owner, min(b.message_proposed_at) as proposed_at, cast(sum(b.row_count) as bigint) as people
from exposure_below_cut b join visible_unit u on u.unit_id = b.owner
where b.status = 'counted' and b.message_proposed_at is not null
group by b.signal_id, b.owner
order by proposed_at, b.signal_id, b.owner
"""


@dataclass(frozen=True, kw_only=True)
class ProposedMessages:
    """What a unit is to tell how many people because of one signal, proposed since `proposed_at`."""

    signal_id: int
    owner: str
    people: int
    proposed_at: datetime


def propose_messages(below: pa.Table, *, now: datetime) -> pa.Table:
    """Those below the cut with `message_proposed_at`: now, or as it stood; empty for whom no message may be meant.

    Where the link to a person is not certain a message could tell a stranger, and where no unit answers nobody could
    send it: these stay untold, and are counted so.
    """
    is_person = pc.equal(below["subject_kind"], SubjectKind.PERSON)
    may_be_told = pc.and_(pc.and_(is_person, below["is_identified"]), pc.is_valid(below["owner"]))
    since = pc.fill_null(below["message_proposed_at"], to_us(now))
    proposed_at = pc.if_else(may_be_told, since, pa.scalar(None, pa.int64()))
    place = below.column_names.index("message_proposed_at")
    return below.set_column(place, "message_proposed_at", proposed_at)


def list_proposed_messages(desk: Desk, *, scope: Scope) -> list[ProposedMessages]:
    """What the units of the reader's areas are to tell, the oldest proposal first."""
    return [
        ProposedMessages(
            signal_id=row.signal_id, owner=row.owner, people=row.people, proposed_at=from_us(row.proposed_at)
        )
        for row in desk.rows(PROPOSED, scope=scope)
    ]
