"""Who is under follow-up, in the reader's areas (policy 2.4)."""

from ringfence.store import Desk, Scope
from ringfence.terms import FollowUp, FollowUpStatus

VISIBLE_WATCHED = """
select person_no, disease, from_day, to_day, status, unit_id
from visible_follow_up
where status = 'follow_up'
order by unit_id, person_no
"""


def list_watched(desk: Desk, *, scope: Scope) -> list[FollowUp]:
    """Everybody who is to be seen on the days of follow-up, by unit."""
    return [
        FollowUp(**{**row._asdict(), "status": FollowUpStatus(row.status)})
        for row in desk.rows(VISIBLE_WATCHED, scope=scope)
    ]
