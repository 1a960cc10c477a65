"""How long passages stay: refusals two days and nowhere else, the rest until its retention ends (policy 1.5, 6.4)."""

from collections.abc import Collection
from datetime import datetime

from ringfence.access import check_can
from ringfence.policy import Permission, Policy
from ringfence.store import EVERYWHERE, Act, Store
from ringfence.terms import PersonNo, to_us

# The first two are asked every minute: each goes by an index of its own.
REFUSALS_PAST = """
select distinct o.passage_id
from passage_occupant o join passage p on p.passage_id = o.passage_id
where o.verdict <> 'admit' and p.passed_at <= :before
"""

PASSAGES_PAST = "select passage_id from passage where passed_at < :kept_since"

PASSAGES_OF = "select distinct passage_id from passage_occupant where person in :among order by passage_id"

DELETE_OCCUPANT = "delete from passage_occupant where person = :person"

UNUSED_KEYS = """
select k.key_id
from data_key k
where (k.used_for like 'gate identity %' or k.used_for like 'gate known tests %')
    and k.destroyed_at is null and k.made_at <= :before
    and not exists (select 1 from passage_occupant o where o.key_id = k.key_id)
order by k.key_id
"""

DELETE_REFUSALS = "delete from passage_occupant where passage_id = :passage_id and verdict <> 'admit'"

DELETE_OCCUPANTS = "delete from passage_occupant where passage_id = :passage_id"

DELETE_EMPTY = """
delete from passage
where passage_id = :passage_id
    and not exists (select 1 from passage_occupant o where o.passage_id = passage.passage_id)
"""


def forget_passages(act: Act, *, before: datetime | None, people: Collection[PersonNo]) -> int:
    """Let go of every passage before an instant, or of those of some people; how many occupants are gone."""
    check_can(act, Permission.PEOPLE_FORGET, area_path=EVERYWHERE)
    past = [] if before is None else act.rows(PASSAGES_PAST, kept_since=to_us(before))
    touched = [{"passage_id": row.passage_id} for row in [*past, *act.rows_among(PASSAGES_OF, people)]]
    gone = act.run_many(DELETE_OCCUPANTS, touched[: len(past)])
    gone += act.run_many(DELETE_OCCUPANT, [{"person": person} for person in people])
    act.run_many(DELETE_EMPTY, touched)
    act.note("passages.forgotten", count=gone, ids=people)
    return gone


def purge_passages(act: Act, *, policy: Policy, store: Store) -> int:
    """Take away what was kept long enough; how many occupants are gone. Ask as often as you like.

    Whoever was not let through leaves no trace two days on: not on the desk, and the lake never had it. The keys of
    days on which nobody waits any more are destroyed, so that no backup opens what was sealed under them.
    """
    check_can(act, Permission.PEOPLE_FORGET, area_path=EVERYWHERE)
    before = to_us(act.now - policy.hours("retention.record.passage.refused"))
    kept_since = to_us(store.clock.midnight(policy.day - policy.days("retention.table.passage")))
    refusals = [{"passage_id": row.passage_id} for row in act.rows(REFUSALS_PAST, before=before)]
    past = [{"passage_id": row.passage_id} for row in act.rows(PASSAGES_PAST, kept_since=kept_since)]
    gone = act.run_many(DELETE_REFUSALS, refusals) + act.run_many(DELETE_OCCUPANTS, past)
    act.run_many(DELETE_EMPTY, [*refusals, *past])
    unused = [row.key_id for row in act.rows(UNUSED_KEYS, before=before)]
    for key_id in unused:
        store.keys.destroy(act, key_id)
    if gone or unused:
        act.note("passages.purged", count=gone, keys=len(unused))
    return gone
