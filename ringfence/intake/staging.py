"""Making a file exist: everything is written and synced first, then one act puts it all in, or nothing (2.1, 6.4)."""

import pyarrow as pa

from ringfence.feeds import Part, Provenance, count_fill, put_fill
from ringfence.intake.arrivals import Arrival, Effects
from ringfence.intake.known_records import leave_out_known, put_overlap
from ringfence.intake.persons import Linked
from ringfence.intake.reading import Reading
from ringfence.intake.rejects import keep_header
from ringfence.link import put_reviews
from ringfence.store import PEOPLE, Act, Batch, Content, StagedPart, commit_batch
from ringfence.terms import RecordKind


def stage_and_commit(arrival: Arrival, effects: Effects, reading: Reading, linked: Linked | None) -> bool:
    """Write a file's records, people, raw rows and rejects, then make them exist; False when the batch was in."""
    store = arrival.store
    records, overlap = leave_out_known(store.lake, effects.records)
    people = [] if effects.people is None else [effects.people]
    if linked is not None:
        records[RecordKind.LINK] = build_links(linked, rows=arrival.rows["row"], provenance=arrival.provenance)
        people.append(build_newcomers(linked, rows=arrival.rows["row"], provenance=arrival.provenance))
    files = [file for kind, rows in records.items() for file in store.lake.stage(kind, rows, batch_no=arrival.batch_no)]
    batch = _batch(arrival, reading)
    given_back = Part(reading.rows, keep_header(reading.brings.rejects, reading.received))
    parts = _stage_vault(arrival, people, given_back, retain_until_day=batch.retain_until_day)

    def commit(act: Act) -> bool:
        if not commit_batch(act, batch):
            act.note("batch.known", subject=f"batch:{batch.batch_no}")
            return False
        store.lake.commit(act, files)
        store.vault.commit(act, parts)
        put_fill(act, count_fill(reading.brings, arrival.feed.declared), batch_no=batch.batch_no)
        put_overlap(act, overlap, batch_no=batch.batch_no)
        if linked is not None:
            put_reviews(act, linked.reviews, batch_no=batch.batch_no)
        act.note("batch.received", subject=f"batch:{batch.batch_no}", count=batch.rows_accepted, feed=batch.feed)
        if effects.on_desk:
            effects.on_desk(act)
        return True

    is_new = store.act(commit, actor=arrival.actor, now=arrival.now)
    if not is_new:
        store.lake.remove(files)
        store.vault.discard(parts)
    return is_new


def _batch(arrival: Arrival, reading: Reading) -> Batch:
    contract = arrival.feed.declared.contract
    return Batch(
        batch_no=arrival.batch_no,
        batch_id=reading.batch_id,
        feed=arrival.feed.name,
        department=contract.department,
        purpose=contract.purpose,
        source_digest=reading.received.digest,
        rows_accepted=reading.rows.num_rows,
        rows_rejected=reading.brings.rejects.num_rows,
        retain_until_day=arrival.today.day + arrival.today.days(f"retention.{contract.retention}"),
    )


def _stage_vault(
    arrival: Arrival, people: list[pa.Table], part: Part, *, retain_until_day: int | None
) -> list[StagedPart]:
    vault, batch_no = arrival.store.vault, arrival.batch_no
    staged: list[StagedPart] = []
    for rows in people:
        staged += vault.stage(Content.PEOPLE, rows, batch_no=batch_no)
    for content, rows in ((Content.RAW, part.accepted), (Content.REJECT, part.rejects)):
        staged += vault.stage(content, rows, batch_no=batch_no, retain_until_day=retain_until_day)
    return staged


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
    }
    return provenance.records(RecordKind.LINK, columns, rows=rows)


def build_newcomers(linked: Linked, *, rows: pa.ChunkedArray, provenance: Provenance) -> pa.Table:
    """The people nobody knew, as the vault keeps them."""
    new = linked.newcomers
    columns = {
        field.name: new[field.name] if field.name in new.column_names else pa.nulls(new.num_rows, field.type)
        for field in PEOPLE
    }
    return provenance.put_on(columns, schema=PEOPLE, rows=rows.take(new["place"]))
