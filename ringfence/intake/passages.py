"""Passages after the gate acknowledged them: linked to persons, then laid in the lake (policy 1.3, 2.2).

Admitting never waits for this. What waits is linked together, for each linking leaves a part in the vault.
"""

import hashlib
from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

import pyarrow as pa

from ringfence import areas
from ringfence.access import read_policy, read_purpose
from ringfence.errors import RingfenceError, Unusable
from ringfence.feeds import Identities, Provenance
from ringfence.gate import FEED, Waiting, lay_passages, put_persons, read_waiting, stage_passages
from ringfence.intake.persons import Linked, number_newcomers
from ringfence.intake.register import read_register
from ringfence.intake.staging import build_links, build_newcomers
from ringfence.link import put_reviews, read_denials
from ringfence.policy import Policy
from ringfence.signals import put_observations
from ringfence.store import Act, Batch, Content, Store, commit_batch
from ringfence.terms import Actor, RecordKind, RiskArea, RiskLevel, to_us

MOST_AT_ONCE = 10_000

_WRITTEN = ("name", "sex", "birth_date", "id_number", "phone", "address")
_LEVELS = list(RiskLevel)


def link_waiting(store: Store, *, due_at: datetime, actor: Actor, now: datetime) -> int:
    """Link everybody who waits, once somebody has waited since `due_at`; how many were linked.

    A newcomer gets a number at once; an uncertain link is put before somebody. Killed in between, whoever waited still
    waits. Unusable where another process linked them meanwhile.
    """
    purpose = read_purpose(store.desk, "linking", now=now)
    count = 0
    while waiting := store.act(
        lambda act: read_waiting(act, due_at=due_at, limit=MOST_AT_ONCE, purpose=purpose, store=store),
        actor=actor,
        now=now,
    ):
        _link(store, waiting, actor=actor, now=now)
        count += len(waiting)
    return count


def lay_waiting(store: Store, *, actor: Actor, now: datetime) -> int:
    """Lay in the lake what is linked, and keep who came from a risk area as observed, in one act; how many people."""
    policy, at_risk = read_policy(store, now=now), find_at_risk(store, now=now)
    ready = stage_passages(store, policy=policy, at_risk=at_risk, actor=actor, now=now)
    if ready is None:
        return 0

    def lay(act: Act) -> None:
        lay_passages(act, ready, store=store)
        if ready.observations:
            put_observations(act, ready.observations, origin=f"batch:{ready.batch.batch_no}")

    try:
        store.act(lay, actor=actor, now=now)
    except RingfenceError:
        store.lake.remove(ready.files)
        raise
    return ready.rows


def find_at_risk(store: Store, *, now: datetime) -> dict[str, RiskLevel]:
    """The highest level of the risk areas in force today that each area of the hierarchy lies in, by code."""
    today = store.clock.day_of(now)
    in_force = {one.risk_area_id: one for one in areas.list_risk_areas(store.desk) if _holds_on(one, today)}
    inside, _ = areas.find_inside(store.desk, list(in_force.values()), areas=areas.read_hierarchy(store.desk))
    levels: dict[str, list[RiskLevel]] = defaultdict(list)
    for row in inside.to_pylist():
        levels[row["area"]].append(in_force[row["risk_area"]].fence.level)
    return {area: max(found, key=_LEVELS.index) for area, found in levels.items()}


def _holds_on(risk_area: RiskArea, day: int) -> bool:
    fence = risk_area.fence
    return not risk_area.is_lifted and fence.from_day <= day and (fence.to_day is None or day <= fence.to_day)


def _link(store: Store, waiting: Sequence[Waiting], *, actor: Actor, now: datetime) -> None:
    identities = Identities()
    of_rows = identities.add(_written(waiting), file=0)
    denials = read_denials(store, actor=actor, now=now)
    linked = read_register(store, actor=actor, now=now).link(identities, denials=denials).spread(of_rows)

    def take(act: Act) -> tuple[int, int]:
        act.note("numbers.taken", subject="person", count=linked.newcomers.num_rows)
        return act.take_numbers("person", linked.newcomers.num_rows), act.take_numbers("batch", 1)

    first, batch_no = store.act(take, actor=actor, now=now)
    numbered = number_newcomers(linked, first)
    batch = _batch(waiting, batch_no=batch_no, policy=read_policy(store, now=now))
    _commit(store, waiting, numbered, batch, actor=actor, now=now)


def _written(waiting: Sequence[Waiting]) -> pa.Table:
    """What they said of themselves, as linking asks for it."""
    said = {name: pa.array([one.identity.get(name, "") for one in waiting], pa.string()) for name in _WRITTEN}
    return pa.table({"row": _lines(waiting), **said})


def _lines(waiting: Sequence[Waiting]) -> pa.Array:
    return pa.array(range(1, len(waiting) + 1), pa.int32())


def _batch(waiting: Sequence[Waiting], *, batch_no: int, policy: Policy) -> Batch:
    keys = "\n".join(f"{one.passage_id} {one.occupant_no}" for one in waiting)
    digest = hashlib.sha256(keys.encode()).hexdigest()
    return Batch(
        batch_no=batch_no,
        batch_id=f"{FEED} links:{digest}",
        feed=FEED,
        department=FEED,
        purpose="linking",
        source_digest=digest,
        rows_accepted=len(waiting),
        rows_rejected=0,
        retain_until_day=policy.day + policy.days("retention.record.link"),
    )


def _commit(
    store: Store, waiting: Sequence[Waiting], linked: Linked, batch: Batch, *, actor: Actor, now: datetime
) -> None:
    """The newcomers, why each is who they are, what is uncertain, and the numbers: all of it or nothing."""
    provenance = Provenance(batch_no=batch.batch_no, recorded_at=to_us(now))
    rows = pa.chunked_array([_lines(waiting)])
    files = store.lake.stage(
        RecordKind.LINK, build_links(linked, rows=rows, provenance=provenance), batch_no=batch.batch_no
    )
    parts = store.vault.stage(
        Content.PEOPLE, build_newcomers(linked.newcomers, provenance=provenance), batch_no=batch.batch_no
    )

    def commit(act: Act) -> None:
        persons = [int(number) for number in linked.persons]
        if not commit_batch(act, batch) or put_persons(act, list(zip(waiting, persons, strict=True))) != len(waiting):
            raise Unusable("these passages were linked by another step in the meantime; repeat this one")
        store.lake.commit(act, files)
        store.vault.commit(act, parts)
        put_reviews(act, linked.reviews, batch_no=batch.batch_no)

    try:
        store.act(commit, actor=actor, now=now)
    except RingfenceError:
        store.lake.remove(files)
        store.vault.discard(parts)
        raise
