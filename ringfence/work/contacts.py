"""Contact details of people with an open task: sealed under a key of the task's own, shredded when it closes (6.4)."""

import json
from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

from sqlalchemy import Row

from ringfence.access import check_belongs, check_can, covers, read_scope
from ringfence.errors import InputRefused, NotAllowed, NotFound
from ringfence.policy import Permission, read_in_force
from ringfence.store import Act, Store, seal, unseal
from ringfence.terms import Purpose, SubjectKind, Task, TaskStatus, to_us
from ringfence.work.tasks import read_task

INSERT_CONTACT = """
insert into contact_detail (task_id, key_id, sealed, recorded_at) values (:task_id, :key_id, :sealed, :now)
"""

READ_CONTACT = "select task_id, key_id, sealed from contact_detail where task_id = :task_id"

CONTACTS_OF_CLOSED = """
select c.task_id, c.key_id from contact_detail c join task t on t.task_id = c.task_id
where t.status in ('done', 'withdrawn')
order by c.task_id
"""

DELETE_CONTACT = "delete from contact_detail where task_id = :task_id"

KEY_USE = "contact detail"

Contact: TypeAlias = Mapping[str, str]
"""What somebody needs to reach a person: name, phone, address."""


def put_contact(act: Act, task_id: int, contact: Contact, *, store: Store) -> None:
    """Keep what is needed to reach the person of an open task, in place of what was kept before.

    InputRefused for a task that is closed: nothing is kept of whom nobody needs to reach any more.
    """
    task = read_task(act, task_id)
    check_can(act, Permission.PEOPLE_READ, area_path=task.area_path)
    if task.status not in {TaskStatus.OPEN, TaskStatus.ACKNOWLEDGED}:
        raise InputRefused("task {task_id} is {found}; it keeps no contact details", task_id=task_id, found=task.status)
    _shred(act, act.rows(READ_CONTACT, task_id=task_id), store=store)
    key = store.keys.make(act, KEY_USE)
    sealed = seal(key.key, json.dumps(dict(contact), ensure_ascii=False).encode(), place=_place(task_id))
    act.run(INSERT_CONTACT, task_id=task_id, key_id=key.key_id, sealed=sealed, now=to_us(act.now))
    act.note("contact.put", subject=f"task:{task_id}")


def read_contact(act: Act, task_id: int, *, purpose: Purpose, store: Store) -> Contact:
    """What is needed to reach the person of an open task; the look is on record. NotFound where nothing is kept."""
    task = read_task(act, task_id)
    _check_may_look(act, task, purpose=purpose, store=store)
    rows = act.rows(READ_CONTACT, task_id=task_id)
    if not rows:
        raise NotFound("task {task_id} keeps no contact details; put them in first", task_id=task_id)
    whom = (int(task.subject.key),) if task.subject.kind is SubjectKind.PERSON else ()
    act.note("contact.read", subject=f"task:{task_id}", purpose=purpose, ids=whom)
    opened = unseal(store.keys.read(rows[0].key_id), bytes(rows[0].sealed), place=_place(task_id))
    contact: dict[str, str] = json.loads(opened)
    return contact


def shred_contacts(act: Act, *, store: Store) -> int:
    """Make the contact details of every task that is closed unreadable, in every copy; of how many there were any."""
    kept = act.rows(CONTACTS_OF_CLOSED)
    _shred(act, kept, store=store)
    return len(kept)


def _shred(act: Act, kept: Sequence[Row[Any]], *, store: Store) -> None:
    for row in kept:
        act.run(DELETE_CONTACT, task_id=row.task_id)
        store.keys.destroy(act, row.key_id)
    if kept:
        act.note("contacts.shredded", count=len(kept), ids=[row.task_id for row in kept])


def _check_may_look(act: Act, task: Task, *, purpose: Purpose, store: Store) -> None:
    """NotAllowed unless the task is of the reader's own unit and a role opens contact details there for the purpose."""
    check_can(act, Permission.PEOPLE_READ, area_path=task.area_path)
    check_belongs(act, task.owner)
    paths = read_scope(store.desk, act.actor, purpose, now=act.now).paths.get("task", ())
    opens = "contact_detail" in read_in_force(act, now=act.now).purpose(purpose.key).tables
    if not (opens and any(covers(path, task.area_path) for path in paths)):
        raise NotAllowed(
            "the purpose '{purpose}' opens no contact details here; name one that does", purpose=purpose.key
        )


def _place(task_id: int) -> str:
    return f"contact_detail/{task_id}"
