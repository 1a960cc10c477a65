"""How a batch differs from those of its feed before it: in size, in what is empty, in unknown codes (6.1)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from ringfence.feeds.checking import Part
from ringfence.feeds.declarations import Format, Kind
from ringfence.policy import Policy
from ringfence.store import Act, Desk
from ringfence.terms import Observation, Reason, ReasonCode, Subject, SubjectKind, to_us

INSERT_FILL = """
insert into batch_fill (batch_no, column_name, row_count, empty_count, unknown_count, recorded_at)
values (:batch_no, :column_name, :row_count, :empty_count, :unknown_count, :recorded_at)
"""

SIZES = """
select batch_no, feed, rows_accepted + rows_rejected as row_count
from batch
where feed = (select feed from batch where batch_no = :batch_no) and status = 'committed' and batch_no <= :batch_no
order by batch_no desc
limit :most
"""

FILLS = """
select f.batch_no, f.column_name, f.row_count, f.empty_count, f.unknown_count
from batch_fill f join batch b on b.batch_no = f.batch_no
where b.feed = :feed and b.status = 'committed' and b.batch_no >= :first and b.batch_no <= :last
"""

_WATCHED = frozenset({"name", "id_number", "phone"})


@dataclass(frozen=True, kw_only=True)
class Fill:
    """Of a column in a batch: its rows, how many leave it empty, and in how many stands a code nobody knows."""

    column: str
    row_count: int
    empty_count: int
    unknown_count: int


def count_fill(part: Part, declared: Format) -> list[Fill]:
    """How the columns that say who somebody is, and those of codes, are filled."""
    unknown = part.rejects.filter(pc.equal(part.rejects["code"], ReasonCode.UNKNOWN_CODE.value))["column"]
    refused = {one["values"]: one["counts"] for one in unknown.value_counts().to_pylist()}
    return [
        Fill(
            column=column.name,
            row_count=part.accepted.num_rows + refused.get(column.name, 0),
            empty_count=_count_empty(part.accepted[column.name]),
            unknown_count=refused.get(column.name, 0),
        )
        for column in declared.columns
        if column.name in _WATCHED or column.kind is Kind.CODE
    ]


def add_fills(fills: Iterable[Sequence[Fill]]) -> list[Fill]:
    """How the columns of a file are filled, from how those of its parts are."""
    return [
        Fill(
            column=of_column[0].column,
            row_count=sum(one.row_count for one in of_column),
            empty_count=sum(one.empty_count for one in of_column),
            unknown_count=sum(one.unknown_count for one in of_column),
        )
        for of_column in zip(*fills, strict=True)
    ]


def put_fill(act: Act, fills: Sequence[Fill], *, batch_no: int) -> None:
    """Keep how a batch is filled."""
    act.run_many(
        INSERT_FILL,
        [
            {
                "batch_no": batch_no,
                "column_name": fill.column,
                "row_count": fill.row_count,
                "empty_count": fill.empty_count,
                "unknown_count": fill.unknown_count,
                "recorded_at": to_us(act.now),
            }
            for fill in fills
        ],
    )


def find_changes(ask: Desk | Act, batch_no: int, *, policy: Policy, area_path: str, now: datetime) -> list[Observation]:
    """What is noticed of a batch beside those of its feed before it; nothing until there are enough of them."""
    most = policy.integer("feed.compared_files")
    rows = ask.rows(SIZES, batch_no=batch_no, most=most + 1)
    if len(rows) <= most or rows[0].batch_no != batch_no:
        return []
    feed, usual = rows[0].feed, float(np.median([row.row_count for row in rows[1:]]))
    reasons = _compare_size(rows[0].row_count, usual, policy)
    fills = ask.rows(FILLS, feed=feed, first=rows[-1].batch_no, last=batch_no)
    drift = policy.number("feed.drift_share")
    reasons += _compare_fill([row._asdict() for row in fills], batch_no, drift)
    return [
        Observation(
            subject=Subject(SubjectKind.FEED, feed),
            reason=Reason.of(reason.code, feed=feed, batch=batch_no, **reason.values),
            observed_at=now,
            area_path=area_path,
        )
        for reason in reasons
    ]


def _compare_size(count: int, usual: float, policy: Policy) -> list[Reason]:
    if count < usual * policy.number("feed.shrunken_share"):
        return [Reason.of(ReasonCode.FEED_SHRUNKEN, rows=count, usual=round(usual))]
    if usual and count > usual * policy.integer("feed.swollen_times"):
        return [Reason.of(ReasonCode.FEED_SWOLLEN, rows=count, usual=round(usual))]
    return []


def _compare_fill(fills: Sequence[Mapping[str, int | str]], batch_no: int, drift: float) -> list[Reason]:
    """What share of empty fields, or of unknown codes, rose by more than a share: in which columns, the most first."""
    reasons = []
    for measure, code in (("empty_count", ReasonCode.FEED_EMPTIER), ("unknown_count", ReasonCode.FEED_NEW_CODES)):
        risen = []
        for fill in (fill for fill in fills if fill["batch_no"] == batch_no):
            before = [one for one in fills if one["column_name"] == fill["column_name"] and one is not fill]
            share, usual = _share([fill], measure), _share(before, measure)
            if share > usual + drift:
                risen.append((share, usual, str(fill["column_name"])))
        if risen:
            columns = ", ".join(column for *_, column in sorted(risen, reverse=True))
            share, usual, _ = max(risen)
            reasons.append(Reason.of(code, column=columns, percent=round(100 * share), usual=round(100 * usual)))
    return reasons


def _share(fills: Sequence[Mapping[str, int | str]], measure: str) -> float:
    rows = sum(int(fill["row_count"]) for fill in fills)
    return sum(int(fill[measure]) for fill in fills) / rows if rows else 0.0


def _count_empty(values: pa.ChunkedArray) -> int:
    if pa.types.is_string(values.type):
        return int(pc.sum(pc.equal(values, "")).as_py() or 0)
    return int(values.null_count)
