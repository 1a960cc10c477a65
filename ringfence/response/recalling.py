"""A positive tube: every held member is asked for a sample of their own, and none is traced (policy 2.4)."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

import pyarrow as pa

from ringfence import areas, policy, signals, trace, work
from ringfence.access import check_can, read_purpose
from ringfence.policy import Permission, Policy
from ringfence.store import Act, Store
from ringfence.terms import Actor, Reason, ReasonCode, SubjectKind, TaskKind, to_us


def recall(store: Store, signal_ids: Sequence[int], *, actor: Actor, now: datetime) -> int:
    """Ask every held member of positive tubes for a sample of their own, within the retest clock; how many tasks.

    Each is asked by the unit where they live; where nobody knows that, by the one where the tube is worked on.
    """
    if not signal_ids:
        return 0
    rules = Policy(policy.read_in_force(store.desk, now=now), store.clock.day_of(now))
    due_at = to_us(now + rules.hours("pool.retest_within_hours"))
    persons = store.act(lambda act: _begin(act, signal_ids), actor=actor, now=now)
    homes = _read_homes(store, persons, actor=actor, now=now) if persons else {}

    def ask(act: Act) -> int:
        roster = work.read_roster(act, clock=store.clock)
        asked = [row for number in signal_ids for row in _ask_members(act, number, homes, roster=roster)]
        rows = [{**row, "due_at": due_at} for row in asked]
        tasks = work.open_tasks(act, pa.Table.from_pylist(rows, schema=work.ASKED), clock=store.clock)
        signals.mark_responded(act, signal_ids)
        return len(set(tasks.tolist()))

    return store.act(ask, actor=actor, now=now)


def _begin(act: Act, signal_ids: Sequence[int]) -> list[int]:
    """Whom the tubes hold, after asking rights."""
    for signal_id in signal_ids:
        check_can(act, Permission.SIGNAL_RESPOND, area_path=signals.read_signal(act, signal_id).area_path)
    act.note("recall.begun", count=len(signal_ids))
    return [one.person_no for signal_id in signal_ids for one in signals.read_held(act, signal_id)]


def _ask_members(
    act: Act, signal_id: int, homes: Mapping[int, str], *, roster: work.Roster
) -> Iterator[dict[str, object]]:
    signal, held = signals.read_signal(act, signal_id), signals.read_held(act, signal_id)
    paths = [homes.get(one.person_no, signal.area_path) for one in held]
    owners = work.find_owners(paths, kind=TaskKind.RETEST, roster=roster)
    for one, owner, path in zip(held, owners, paths, strict=True):
        yield {**_retest(one), "signal": signal_id, "owner": owner, "area_path": path}


def _read_homes(store: Store, persons: Sequence[int], *, actor: Actor, now: datetime) -> dict[int, str]:
    """The area path of each person's home, where anybody knows it; the look is on record."""
    purpose, today = read_purpose(store.desk, "tracing", now=now), store.clock.day_of(now)
    hierarchy = areas.read_hierarchy(store.desk)
    with trace.look(store, days=range(today, today + 1), purpose=purpose, actor=actor, now=now) as visible:
        none = trace.REASONS.empty_table()
        facts = trace.read_facts(visible, pa.array(persons, pa.int64()), reasons=none).to_pylist()
    return {one["person"]: hierarchy[one["area"]].path for one in facts if one["area"] in hierarchy}


def _retest(held: signals.HeldMember) -> dict[str, object]:
    return {
        "subject_kind": SubjectKind.PERSON.value,
        "subject": held.person_no,
        "kind": TaskKind.RETEST.value,
        "weight": float(held.members),
        "reason": Reason.of(ReasonCode.POOL_MEMBER, members=held.members, pool=held.pool_id).to_json(),
    }
