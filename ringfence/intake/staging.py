"""Making a file exist: everything is written and synced first, then one act puts it all in, or nothing (2.1, 6.4)."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa

from ringfence.feeds import Provenance, put_fill
from ringfence.intake.arrivals import Arrival, Effects, Reception
from ringfence.intake.known_records import leave_out_known, put_overlap
from ringfence.intake.persons import Linked, Numbers
from ringfence.intake.shelf import Shelved
from ringfence.link import put_reviews
from ringfence.plugins import find_plugins
from ringfence.store import PEOPLE, Act, Batch, Content, LakeFile, StagedPart, Store, commit_batch
from ringfence.terms import RecordKind

FORMATS = "ringfence.intake.formats"


@dataclass(eq=False)
class Staged:
    """What a file turned into, on the disk, and what is to be done on the desk in the act that makes it exist."""

    files: list[LakeFile] = field(default_factory=list)
    people: list[StagedPart] = field(default_factory=list)
    overlap: Counter[int] = field(default_factory=Counter)
    on_desk: list[Callable[[Act], None]] = field(default_factory=list)


def stage(reception: Reception, shelved: Shelved, linked: Linked | None) -> Staged:
    """Write a file's records and people, a part at a time where its rows stand alone; all gone when one step fails."""
    staged = Staged()
    try:
        for arrival, own in _read_arrivals(reception, shelved, linked):
            effects: Effects = find_plugins(FORMATS, "take_in")[shelved.declared.name](arrival)
            _stage_records(arrival, effects.records, staged)
            if own is not None:
                links = build_links(own, rows=arrival.rows["row"], provenance=arrival.provenance)
                staged.files += _stage(arrival, RecordKind.LINK, links)
            if effects.people is not None:
                staged.people += reception.store.vault.stage(Content.PEOPLE, effects.people, batch_no=shelved.batch_no)
            if effects.on_desk is not None:
                staged.on_desk.append(effects.on_desk)
        if linked is not None:
            provenance = reception.provenance_of(shelved.batch_no)
            newcomers = build_newcomers(linked.newcomers_of(shelved.place), provenance=provenance)
            staged.people += reception.store.vault.stage(Content.PEOPLE, newcomers, batch_no=shelved.batch_no)
    except BaseException:
        discard(reception.store, staged)
        raise
    return staged


def commit(reception: Reception, shelved: Shelved, staged: Staged, linked: Linked | None) -> bool:
    """Make all of it exist in one act; False when the batch was in."""
    store, batch = reception.store, _batch(shelved)

    def put(act: Act) -> bool:
        if not commit_batch(act, batch):
            act.note("batch.known", subject=f"batch:{batch.batch_no}")
            return False
        store.lake.commit(act, staged.files)
        store.vault.commit(act, [*staged.people, *shelved.raw, *shelved.rejects])
        put_fill(act, shelved.fills, batch_no=batch.batch_no)
        put_overlap(act, staged.overlap, batch_no=batch.batch_no)
        if linked is not None:
            put_reviews(act, linked.reviews_of(shelved.place), batch_no=batch.batch_no)
        act.note("batch.received", subject=f"batch:{batch.batch_no}", count=batch.rows_accepted, feed=batch.feed)
        for on_desk in staged.on_desk:
            on_desk(act)
        return True

    return store.act(put, actor=reception.actor, now=reception.now)


def discard(store: Store, staged: Staged) -> None:
    """Take off the disk what will not come to exist."""
    store.lake.remove(staged.files)
    store.vault.discard(staged.people)


def _read_arrivals(
    reception: Reception, shelved: Shelved, linked: Linked | None
) -> Iterator[tuple[Arrival, Linked | None]]:
    """The file's accepted rows with their persons, and why each is who they are: in parts, or at once."""
    for rows, numbers in _read_numbered(shelved, is_linked=linked is not None):
        own = None if linked is None else linked.spread(numbers)
        arrival = Arrival(
            **vars(reception),
            feed=shelved.reading.expected.feed,
            rows=rows,
            persons=pa.array([] if own is None else own.persons, pa.int64()),
            batch_no=shelved.batch_no,
        )
        yield arrival, own


def _read_numbered(shelved: Shelved, *, is_linked: bool) -> Iterator[tuple[pa.Table, Numbers]]:
    """The accepted rows with the numbers of their identities, if they were asked for: in parts, or all at once."""
    none = np.empty(0, dtype=np.int64)
    parts = shelved.read_numbered() if is_linked else ((rows, none) for rows in shelved.read_parts())
    if shelved.declared.rows_stand_alone:
        yield from parts
        return
    whole = [(shelved.declared.schema.empty_table(), none), *parts]
    yield pa.concat_tables([rows for rows, _ in whole]), np.concatenate([numbers for _, numbers in whole])


def _stage_records(arrival: Arrival, records: Mapping[RecordKind, pa.Table], staged: Staged) -> None:
    new, overlap = leave_out_known(arrival.store.lake, records)
    staged.overlap.update(overlap)
    for kind, rows in new.items():
        staged.files += _stage(arrival, kind, rows)


def _stage(arrival: Arrival, kind: RecordKind, rows: pa.Table) -> list[LakeFile]:
    return arrival.store.lake.stage(kind, rows, batch_no=arrival.batch_no)


def _batch(shelved: Shelved) -> Batch:
    contract = shelved.declared.contract
    return Batch(
        batch_no=shelved.batch_no,
        batch_id=shelved.reading.batch_id,
        feed=shelved.reading.expected.feed.name,
        department=contract.department,
        purpose=contract.purpose,
        source_digest=shelved.reading.received.digest,
        rows_accepted=shelved.accepted,
        rows_rejected=shelved.rejected,
        retain_until_day=shelved.retain_until_day,
    )


def build_links(linked: Linked, *, rows: pa.ChunkedArray, provenance: Provenance) -> pa.Table:
    """Why each row is its person, as records of the lake; `rows` are their lines in the batch."""
    links = linked.links
    taken_over = ("answer", "how", "weight", "probability", "margin", "model")
    columns = {
        "source_batch": pa.repeat(provenance.batch_no, links.num_rows),
        "source_row": rows,
        "person": pa.array(linked.persons, pa.int64()),
        "household": links["household_id"],
        **{name: links[name] for name in taken_over},
        "said": links["said"],
    }
    return provenance.records(RecordKind.LINK, columns, rows=rows)


def build_newcomers(newcomers: pa.Table, *, provenance: Provenance) -> pa.Table:
    """The people nobody knew, as the vault keeps them."""
    columns = {
        field.name: newcomers[field.name]
        if field.name in newcomers.column_names
        else pa.nulls(newcomers.num_rows, field.type)
        for field in PEOPLE
    }
    return provenance.put_on(columns, schema=PEOPLE, rows=newcomers["line"].cast(pa.int32()))
