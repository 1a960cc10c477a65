"""Opening a person's details: for one's own open task on that person, or by two people's decision (policy 6.4).

A role and a purpose let somebody look at people at all; whom, says the work they have. Numbers that lead to the same
person count as that person. What is opened are the fields that the purpose declares, and no others.
"""

from collections.abc import Collection, Sequence
from datetime import datetime

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from ringfence.access.break_glass import read_opened
from ringfence.access.rights import read_grants, read_policy, read_scope
from ringfence.errors import NotAllowed
from ringfence.policy import Permission, read_in_force
from ringfence.store import Aliases, Scope, Store
from ringfence.terms import Actor, PersonNo, Purpose

# A person is on one's list while a task on them is not ended, or while they are followed up, by a unit of one's own.
OWN_TASKS = """
select t.subject_key
from visible_task t join unit_member m on m.unit_id = t.owner
where m.user_id = :user_id and m.removed_at is null
    and t.subject_kind = 'person' and t.status in ('open', 'acknowledged')
"""

OWN_FOLLOW_UPS = """
select f.person_no
from visible_follow_up f join unit_member m on m.unit_id = f.unit_id
where m.user_id = :user_id and m.removed_at is null and f.status = 'follow_up'
"""

Numbers = npt.NDArray[np.int64]


def check_may_open(
    store: Store, people: Collection[PersonNo], *, purpose: Purpose, actor: Actor, now: datetime
) -> None:
    """NotAllowed unless the actor may open the details of every one of some people for a purpose.

    A role must read people for the purpose; and each person must be on an open task or follow-up of a unit of the
    actor's, in an area of that role, or be opened by two (`ask_break_glass`).
    """
    _check_role(store, actor, purpose, now=now)
    aliases = Aliases(store.desk)
    wanted = _home(aliases, people)
    scope = read_scope(store.desk, actor, purpose, now=now)
    on_list = _home(aliases, _own_people(store, scope, actor))
    missing = np.setdiff1d(wanted, on_list)
    if missing.size:
        opened = read_opened(store.desk, actor, purpose, policy=read_policy(store, now=now), now=now)
        missing = np.setdiff1d(missing, _home(aliases, opened))
    if missing.size:
        raise NotAllowed(
            "{count} of these {total} people are on no open task of your units; ask a second person to open them",
            count=int(missing.size),
            total=int(wanted.size),
        )


def open_people(store: Store, people: Sequence[PersonNo], *, purpose: Purpose, actor: Actor, now: datetime) -> pa.Table:
    """The details of some people that a purpose declares, a row each; the look is on the ledger before any is opened.

    Errors as of `check_may_open`. Schema PEOPLE, cut to the purpose's fields.
    """
    check_may_open(store, people, purpose=purpose, actor=actor, now=now)
    fields = read_in_force(store.desk, now=now).purpose(purpose.key).people
    found = store.read_people(people, purpose=purpose, actor=actor, now=now)
    return found.select([name for name in found.column_names if name in fields])


def _check_role(store: Store, actor: Actor, purpose: Purpose, *, now: datetime) -> None:
    policy_set = read_in_force(store.desk, now=now)
    rights = [policy_set.roles[grant.role] for grant in read_grants(store.desk, actor)]
    opens = any(Permission.PEOPLE_READ in each.acts and purpose.key in each.purposes for each in rights)
    if not (opens and policy_set.purpose(purpose.key).people):
        raise NotAllowed(
            "{actor} may not open people for the purpose '{purpose}'; ask for the role that may",
            actor=actor.actor_id,
            purpose=purpose.key,
        )


def _own_people(store: Store, scope: Scope, actor: Actor) -> list[PersonNo]:
    """Everybody on a list of the actor's units, as far as the purpose reads such lists."""
    people: list[PersonNo] = []
    if scope.paths.get("task"):
        rows = store.desk.rows(OWN_TASKS, scope=scope, user_id=actor.actor_id)
        people.extend(int(row.subject_key) for row in rows)
    if scope.paths.get("follow_up"):
        rows = store.desk.rows(OWN_FOLLOW_UPS, scope=scope, user_id=actor.actor_id)
        people.extend(row.person_no for row in rows)
    return people


def _home(aliases: Aliases, people: Collection[PersonNo]) -> Numbers:
    return np.unique(aliases.resolve(np.array(sorted(people), dtype=np.int64)))
