"""Feeds: what came from whom, what was rejected and why; corrected and sent again (policy 2.1, 6.1)."""

import tempfile
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from ringfence import access, areas, feeds, flow, intake
from ringfence.console.asked import Asked
from ringfence.console.lists import read_list
from ringfence.console.room import Done, Paper, Room, View
from ringfence.console.visitor import Visitor
from ringfence.errors import InputRefused, NotFound
from ringfence.intake import Delivery
from ringfence.policy import Permission
from ringfence.store import BATCHES, Act, Content
from ringfence.terms import to_us

LAST = """
select feed, max(recorded_at) as last_at, count(*) as files, cast(sum(rows_accepted) as bigint) as accepted,
    cast(sum(rows_rejected) as bigint) as rejected
from batch where department <> 'ringfence' and status = 'committed'
group by feed order by feed
"""

ONE_BATCH = "select batch_no, feed, recorded_at, rows_accepted, rows_rejected from batch where batch_no = :number"

CONTAINERS = (".csv", ".xlsx", ".jsonl")
"""What a file may be, by how its name ends."""

LARGEST = 200 << 20
"""Bytes of a file taken in a browser; larger ones go through the command line."""

DAY_US = 86_400_000_000

NO_PROGRESS = lambda _what, _share: None  # noqa: E731 - nobody looks at a bar behind a form


def declare() -> Room:
    """For whoever answers for what departments send."""
    return Room(
        key="feeds",
        title="Feeds",
        clause="2.1",
        place=100,
        purposes=("receiving", "accountability"),
        table="batch",
        pages={"": show, "/{number:int}": show_rejects},
        actions={"/receive": receive, "/{number:int}/rejects": write_rejects},
    )


def show(visitor: Visitor, asked: Asked) -> View:
    """Each feed with when it last came, and the files."""
    scope = visitor.scope("receiving", "accountability")
    found = read_list(visitor, asked, BATCHES, scope=scope)
    midnight = to_us(visitor.store.clock.midnight(visitor.today))
    values = {
        "list": found,
        "last": {row.feed: row for row in visitor.store.desk.rows(LAST)},
        "names": _names(visitor),
        "states": _states(visitor),
        "containers": CONTAINERS,
        "midnight": midnight,
    }
    return View(values=values)


def show_rejects(visitor: Visitor, asked: Asked) -> View:
    """What was rejected of a file: how many rows by reason, and in which lines; the look is on the ledger."""
    number = asked.number("number")
    visitor.scope("receiving")
    rows = visitor.store.desk.rows(ONE_BATCH, number=number)
    if not rows:
        raise NotFound("there is no file {number}", number=number)
    visitor.act(lambda act: _look(act, visitor, number, rows[0].rows_rejected))
    rejects = _read_rejects(visitor, number)
    counts = Counter((row["code"], row["column"]) for row in rejects)
    values = {"batch": rows[0], "rejects": rejects[:200], "counts": counts.most_common()}
    return View(template="rejects.html", values=values)


def receive(visitor: Visitor, asked: Asked) -> Done:
    """A department's file in; a corrected one is received again under its own name."""
    file, name = asked.file("file"), asked.text("format")
    if name not in _names(visitor):
        raise InputRefused("choose the format of the file")
    container = Path(file.filename or "").suffix.lower()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"{name}{container if container in CONTAINERS else '.csv'}"
        path.write_bytes(file.file.read(LARGEST))
        [arrived] = flow.receive(
            visitor.store, [Delivery(name, path)], actor=visitor.actor, now=visitor.now, progress=NO_PROGRESS
        )
    values = {"accepted": arrived.accepted, "rejected": arrived.rejected, "newcomers": arrived.newcomers}
    return Done(
        to=f"/feeds?feed={name}",
        sentence="Received: {accepted} rows accepted, {rejected} rejected, {newcomers} newcomers.",
        values=values,
    )


def write_rejects(visitor: Visitor, asked: Asked) -> Paper:
    """The rejected rows as the department wrote them, the reason before each: to be corrected and sent again."""
    number = asked.number("number")
    rejected = intake.read_rejects(visitor.store, number, actor=visitor.actor, now=visitor.now)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"rejects-{number}.{'csv' if rejected.header else 'jsonl'}"
        feeds.write_rejects(path, rejected.rows, header=rejected.header, header_line=rejected.header_line)
        return Paper(content=path.read_bytes(), name=path.name, media_type="text/csv")


def _names(visitor: Visitor) -> list[str]:
    """The formats, and the feeds that departments declared."""
    return sorted({*feeds.list_formats(), *_declared(visitor)})


def _declared(visitor: Visitor) -> Mapping[str, feeds.DeclaredFeed]:
    return feeds.read_feeds(visitor.store.desk, policy=visitor.policy.policy_set)


def _states(visitor: Visitor) -> Mapping[str, feeds.FeedState]:
    """Of each feed that is due at times: when it was due last, and whether it came."""
    states = feeds.read_states(
        visitor.store.desk, _declared(visitor), policy=visitor.policy, clock=visitor.store.clock, now=visitor.now
    )
    return {state.feed: state for state in states}


def _read_rejects(visitor: Visitor, number: int) -> Sequence[dict[str, Any]]:
    """The rejected rows as far as the feed's retention keeps them: line, column and reason."""
    vault = visitor.store.vault
    parts = vault.parts_of_batch(Content.REJECT, number)
    return [
        row for part in parts for row in vault.read_part(part).select(["row", "column", "code", "reason"]).to_pylist()
    ]


def _look(act: Act, visitor: Visitor, number: int, count: int) -> None:
    for path in areas.top_paths(visitor.hierarchy):
        access.check_can(act, Permission.FEED_RECEIVE, area_path=path)
    act.note("rejects.read", purpose=visitor.purpose("receiving"), subject=f"batch:{number}", count=count)
