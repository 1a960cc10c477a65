"""Small records and people for the tests of the stores, and the few steps that put them there."""

import os
import traceback
import warnings
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa

from ringfence.store import Act, Batch, Store, add_people, commit_batch
from ringfence.terms import LAYOUTS, Actor, RecordKind, cell

NOW = datetime(2022, 3, 1, 4, tzinfo=UTC)
OFFICER = Actor("officer-1")
DAY = 19_052  # 2022-03-01


def visits(rows: Sequence[tuple[int, int, int]], *, batch: int = 1) -> pa.Table:
    """Visits of ten minutes from (day, place, person)."""
    return pa.Table.from_pylist(
        [
            {
                "cell": cell(day, place),
                "person": person,
                "enter_s": 3600,
                "stay_s": 600,
                "source": 1,
                "batch": batch,
                "row": row,
                "recorded_at": 1,
            }
            for row, (day, place, person) in enumerate(rows, start=1)
        ],
        schema=LAYOUTS[RecordKind.VISIT].schema,
    )


def records(kind: RecordKind, rows: Sequence[dict[str, Any]], *, batch: int = 1) -> pa.Table:
    """Records of any kind; columns that a row does not name are empty."""
    whole = [{"batch": batch, "row": row, "recorded_at": 1, **fields} for row, fields in enumerate(rows, start=1)]
    return pa.Table.from_pylist(whole, schema=LAYOUTS[kind].schema)


def batch(number: int, *, batch_id: str = "", retain_until_day: int | None = None) -> Batch:
    """What the manifest shall say of a batch."""
    return Batch(
        batch_no=number,
        batch_id=batch_id or f"batch-{number}",
        feed="checkins",
        department="industry",
        purpose="contact_tracing",
        source_digest="0" * 64,
        rows_accepted=1,
        rows_rejected=0,
        retain_until_day=retain_until_day,
    )


def receive(store: Store, kind: RecordKind, rows: pa.Table, one: Batch) -> bool:
    """A batch staged and committed, as a feed does it; False when it is there already."""
    staged = store.lake.stage(kind, rows, batch_no=one.batch_no)

    def commit(act: Act) -> bool:
        is_new = commit_batch(act, one)
        if is_new:
            store.lake.commit(act, staged)
        act.note("batch.received" if is_new else "batch.known", subject=f"batch:{one.batch_no}")
        return is_new

    is_new = store.act(commit, actor=OFFICER, now=NOW)
    if not is_new:
        store.lake.remove(staged)
    return is_new


def add(store: Store, *people: dict[str, Any], now: datetime = NOW) -> int:
    """New people in the inbox; the first of their numbers."""

    def work(act: Act) -> int:
        act.note("people.added", count=len(people))
        return add_people(act, store.keys, people)

    return store.act(work, actor=OFFICER, now=now)


def files_under(folder: Path) -> list[str]:
    """Every file below a folder."""
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def bytes_under(folder: Path) -> bytes:
    """Everything below a folder, one file after the other."""
    return b"".join(path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file())


def fork(work: Callable[[], object]) -> int:
    """A child of this process that does some work and ends: with 0, or with 1 and its error on the error output."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # 3.12: forking beside threads, which is the point here
        child = os.fork()
    if child:
        return child
    try:
        work()
        os._exit(0)
    except BaseException:  # noqa: BLE001 - nothing of the child may reach the parent's test run
        traceback.print_exc()
        os._exit(1)


def exit_code(child: int) -> int:
    """How a child ended; waits for it."""
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
