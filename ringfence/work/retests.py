"""Retests of whoever was held with a positive tube: over as soon as their own result is in (policy 2.4)."""

from collections.abc import Iterable

from ringfence.store import Act, Store
from ringfence.terms import PersonNo, to_us
from ringfence.work.contacts import shred_contacts
from ringfence.work.task_life import WITHDRAW

RETESTS = """
select task_id from task
where kind = 'retest' and status in ('open', 'acknowledged') and subject_kind = 'person' and subject_key in :among
order by task_id
"""


def withdraw_retests(act: Act, persons: Iterable[PersonNo], *, store: Store) -> list[int]:
    """Withdraw the retests of some persons, whom nobody needs to go and sample any more; the tasks' numbers.

    To be called when their results came in: nobody decides, so nobody is asked for a right.
    """
    tasks = [row.task_id for row in act.rows_among(RETESTS, [str(person) for person in persons])]
    if tasks:
        ended = {"actor": act.actor.actor_id, "now": to_us(act.now)}
        act.run_many(WITHDRAW, [{"task_id": task_id, **ended} for task_id in tasks])
        act.note("retests.withdrawn", count=len(tasks), ids=tasks)
        shred_contacts(act, store=store)
    return tasks
