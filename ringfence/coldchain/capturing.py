"""Capture: files of EPCIS events into the store, each event once, what is wrong kept with its rule (policy 3.2).

An event is named by its hash (CBV 2.0, 8.9.2), so the same event is the same whoever sends it in whatever form. What
the chain needs goes to the lake; the events as they were sent, and those refused, go to the vault.
"""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import duckdb
import msgspec
import pyarrow as pa

from ringfence import areas
from ringfence.access import check_can, read_policy
from ringfence.coldchain.checking import SHAPE, Problem, look
from ringfence.coldchain.documents import Document, read_document, without_collector
from ringfence.coldchain.hashing import hash_event
from ringfence.coldchain.movements import Named, build_records, number_of
from ringfence.coldchain.rules import RULES, Level
from ringfence.coldchain.sightings import Sighting
from ringfence.errors import InputRefused
from ringfence.feeds import REJECTS
from ringfence.policy import Permission
from ringfence.store import Act, Batch, Content, LakeFile, StagedPart, Store, commit_batch, read_batch
from ringfence.terms import Actor, Reason, ReasonCode, RecordKind, to_us

FEED, DEPARTMENT, PURPOSE = "epcis", "cold_chain", "cold_chain"

KNOWN = """
select distinct e.event, e.is_declared_wrong
from read_parquet($files) e join asked a on a.event = e.event
"""

_encoder = msgspec.json.Encoder()


@dataclass(frozen=True, kw_only=True)
class Captured:
    """What became of one file.

    `known` events were in already, `declared` are declarations that an event was wrong, `declared_unknown` those of
    events nobody had sent; `is_known` says that this very file had been captured before, `is_kept` that its sound
    events are in.
    """

    batch_no: int
    events: int
    accepted: int
    rejected: int
    known: int = 0
    declared: int = 0
    declared_unknown: int = 0
    is_known: bool = False
    is_kept: bool = True
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, eq=False)
class _Sorted:
    """The events of a document by what becomes of them."""

    named: list[Named]
    refused: dict[int, Problem]  # the first error of each event that has one, by its place


def capture(store: Store, content: bytes, *, is_whole: bool, actor: Actor, now: datetime) -> Captured:
    """Take one file in; where it must come whole (`is_whole`), one error keeps all of it out.

    InputRefused for what is no EPCIS document, NotAllowed without the right to record movements.
    """
    batch_no = store.act(lambda act: _begin(act, store), actor=actor, now=now)
    digest = hashlib.sha256(content).hexdigest()
    before = read_batch(store.desk, f"{FEED}:{digest}")
    if before is not None:
        return _say_known(before)
    with without_collector():
        return _capture(store, content, batch_no=batch_no, digest=digest, is_whole=is_whole, actor=actor, now=now)


def _capture(
    store: Store, content: bytes, *, batch_no: int, digest: str, is_whole: bool, actor: Actor, now: datetime
) -> Captured:
    document = read_document(content)
    found = look(document, now=now)
    if any(problem.event is None and problem.rule.level is Level.ERROR for problem in found.problems):
        raise InputRefused("the document holds no event")
    sorted_out = sort_out(document, found.problems, found.sightings)
    events, rejected = len(document.events), len(sorted_out.refused)
    problems = tuple(found.problems) or tuple(sorted_out.refused.values())
    if is_whole and rejected:
        return Captured(batch_no=0, events=events, accepted=0, rejected=rejected, is_kept=False, problems=problems)
    new, known = _leave_out_known(store, sorted_out.named)
    batch = _batch(batch_no, digest, accepted=len(new), rejected=rejected, retain_until_day=_retain_until(store, now))
    staged = _stage(store, document, sorted_out.refused, new, batch=batch, now=now)
    if not _commit(store, staged, batch, actor=actor, now=now):
        return _say_known(read_batch(store.desk, batch.batch_id) or batch)
    declared = [one for one in new if one.seen.error]
    return Captured(
        batch_no=batch_no,
        events=events,
        accepted=len(new),
        rejected=rejected,
        known=len(sorted_out.named) - len(new),
        declared=len(declared),
        declared_unknown=_count_unknown(declared, new, known),
        problems=problems,
    )


def sort_out(document: Document, problems: Sequence[Problem], sightings: Sequence[tuple[int, Sighting]]) -> _Sorted:
    """The events that keep every rule, with their hashes, and the first error of each that does not."""
    refused: dict[int, Problem] = {}
    for problem in problems:
        if problem.event is not None and problem.rule.level is Level.ERROR:
            refused.setdefault(problem.event, problem)
    named = []
    for place, seen in sightings:
        if place in refused:
            continue
        raw = document.events[place]
        try:
            name = hash_event(raw, namespaces=document.names_of(raw), ignored=document.ignored)
        except InputRefused as error:
            refused[place] = Problem(RULES[SHAPE], place, seen.event_id or None, document.path_of(place), str(error))
            continue
        named.append(Named(place + 1, name, seen))
    return _Sorted(named, refused)


def _begin(act: Act, store: Store) -> int:
    for path in areas.top_paths(areas.read_hierarchy(store.desk)):
        check_can(act, Permission.MOVEMENT_RECORD, area_path=path)
    act.note("numbers.taken", subject="batch")
    return act.take_numbers("batch", 1)


def _leave_out_known(store: Store, named: Sequence[Named]) -> tuple[list[Named], set[tuple[int, bool]]]:
    """Events nobody sent before, each once, and what of these is in the lake: by number, declarations apart."""
    known = _read_known(store, named)
    seen, new = set(known), []
    for one in named:
        key = number_of(one.name), one.seen.error is not None
        if key not in seen:
            seen.add(key)
            new.append(one)
    return new, known


def _read_known(store: Store, named: Sequence[Named]) -> set[tuple[int, bool]]:
    days = [store.clock.day_of(datetime.fromtimestamp(one.seen.at or 0, UTC)) for one in _ends(named)]
    files = store.lake.paths(RecordKind.CHAIN_EVENT, days=(days[0], days[1])) if named else []
    if not files:
        return set()
    asked = pa.table({"event": pa.array([number_of(one.name) for one in named], pa.int64())})
    with duckdb.connect(":memory:", config={"temp_directory": ""}) as memory:
        memory.register("asked", asked)
        return {(event, is_wrong) for event, is_wrong in memory.execute(KNOWN, {"files": files}).fetchall()}


def _ends(named: Sequence[Named]) -> list[Named]:
    """The earliest and the latest event; none of none."""
    return [end(named, key=lambda one: one.seen.at or 0) for end in (min, max)] if named else []


def _count_unknown(declared: Sequence[Named], new: Sequence[Named], known: set[tuple[int, bool]]) -> int:
    """How many declarations speak of events that are neither in the lake nor in the same file."""
    told = {number_of(one.name) for one in new if one.seen.error is None}
    return sum(number_of(one.name) not in told and (number_of(one.name), False) not in known for one in declared)


def _retain_until(store: Store, now: datetime) -> int:
    policy = read_policy(store, now=now)
    return policy.day + policy.days(f"retention.feed.{FEED}")


def _batch(batch_no: int, digest: str, *, accepted: int, rejected: int, retain_until_day: int) -> Batch:
    return Batch(
        batch_no=batch_no,
        batch_id=f"{FEED}:{digest}",
        feed=FEED,
        department=DEPARTMENT,
        purpose=PURPOSE,
        source_digest=digest,
        rows_accepted=accepted,
        rows_rejected=rejected,
        retain_until_day=retain_until_day,
    )


def _stage(
    store: Store,
    document: Document,
    refused: dict[int, Problem],
    new: Sequence[Named],
    *,
    batch: Batch,
    now: datetime,
) -> tuple[list[LakeFile], list[StagedPart]]:
    """Everything a file turned into, written and synced; all gone when one step fails."""
    files: list[LakeFile] = []
    parts: list[StagedPart] = []
    try:
        records = build_records(new, zone=store.clock.zone, batch_no=batch.batch_no, recorded_at=to_us(now))
        for kind, rows in records.items():
            files += store.lake.stage(kind, rows, batch_no=batch.batch_no)
        for content, rows in (
            (Content.RAW, _write_raw(document, [one.line for one in new])),
            (Content.REJECT, _write_rejects(document, refused)),
        ):
            parts += store.vault.stage(content, rows, batch_no=batch.batch_no, retain_until_day=batch.retain_until_day)
    except BaseException:
        store.lake.remove(files)
        store.vault.discard(parts)
        raise
    return files, parts


def _write_raw(document: Document, lines: Sequence[int]) -> pa.Table:
    written = [_encoder.encode(document.events[line - 1]).decode() for line in lines]
    return pa.table({"row": pa.array(lines, pa.int32()), "written": pa.array(written, pa.string())})


def _write_rejects(document: Document, refused: dict[int, Problem]) -> pa.Table:
    return pa.Table.from_pylist(list(_reject_rows(document, refused)), schema=REJECTS)


def _reject_rows(document: Document, refused: dict[int, Problem]) -> Iterator[dict[str, object]]:
    for place, problem in sorted(refused.items()):
        reason = Reason.of(ReasonCode.RULE_BROKEN, path=problem.path, rule=problem.rule.name)
        yield {
            "row": place + 1,
            "column": problem.path,
            "code": reason.code.value,
            "reason": reason.to_json(),
            "written": _encoder.encode(document.events[place]).decode(),
        }


def _commit(
    store: Store, staged: tuple[list[LakeFile], list[StagedPart]], batch: Batch, *, actor: Actor, now: datetime
) -> bool:
    """Make it all exist in one act; False where another process captured the same file meanwhile."""
    files, parts = staged

    def put(act: Act) -> bool:
        if not commit_batch(act, batch):
            act.note("batch.known", subject=f"batch:{batch.batch_no}")
            return False
        store.lake.commit(act, files)
        store.vault.commit(act, parts)
        act.note("batch.captured", subject=f"batch:{batch.batch_no}", count=batch.rows_accepted, feed=FEED)
        return True

    is_new = store.act(put, actor=actor, now=now)
    if not is_new:
        store.lake.remove(files)
        store.vault.discard(parts)
    return is_new


def _say_known(before: Batch) -> Captured:
    return Captured(
        batch_no=before.batch_no,
        events=before.rows_accepted + before.rows_rejected,
        accepted=before.rows_accepted,
        rejected=before.rows_rejected,
        is_known=True,
    )
