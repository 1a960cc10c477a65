"""Rows of text to typed rows, accepted or rejected by what their format declares (policy 2.1)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from ringfence.feeds.declarations import Column, Format, Order, Period
from ringfence.feeds.feed import Feed
from ringfence.feeds.known import Known
from ringfence.feeds.repeats import Repeats
from ringfence.feeds.rows import Rows
from ringfence.feeds.values import Reader
from ringfence.feeds.verdicts import Verdicts
from ringfence.terms import Clock, ReasonCode

IDENTIFIERS = ("name", "id_number", "phone")
"""Without any of these nobody can say whom a row is about."""

_KEPT = {Order.AFTER: pc.greater, Order.NOT_BEFORE: pc.greater_equal, Order.DIFFERENT: pc.not_equal}
_MICROSECOND = timedelta(microseconds=1)

Values = Mapping[str, pa.Array]


@dataclass(frozen=True)
class Part:
    """Some rows of a file: the accepted ones (schema of the format) and the rejects (schema REJECTS), by line."""

    accepted: pa.Table
    rejects: pa.Table


@dataclass(frozen=True, kw_only=True)
class Check:
    """What rows are checked against: their feed, what is known, and where and when it is; `today` is a day number."""

    feed: Feed
    known: Known
    clock: Clock
    today: int

    @property
    def declared(self) -> Format:
        """The format of the rows."""
        return self.feed.declared

    def check_rows(self, rows: Rows, repeats: Repeats) -> Part:
        """The rows, typed or rejected for the first reason there is: a repeat, then columns in order, then rules."""
        lines = rows.lines
        verdicts = Verdicts(lines.count)
        are_repeats, firsts = repeats.find(lines.numbers)
        verdicts.reject(are_repeats, ReasonCode.DUPLICATE_ROW, first=pa.array(firsts))
        texts = {column.name: self._read_texts(column, rows) for column in self.declared.columns}
        clock = self.clock if self.feed.zone is None else Clock(self.feed.zone)
        values = {}
        for column in self.declared.columns:
            reader = Reader(column, verdicts, known=self.known, clock=clock, today=self.today)
            values[column.name] = reader.read(texts[column.name])
        for period in self.declared.periods:
            _check_period(period, values, texts, verdicts)
        _check_identifiers(values, verdicts)
        typed = pa.table({"row": lines.numbers.astype(np.int32), **values}, schema=self.declared.schema)
        return Part(typed.filter(pa.array(verdicts.are_accepted)), verdicts.list_rejects(lines))

    def _read_texts(self, column: Column, rows: Rows) -> pa.StringArray:
        """The texts of a column as the format means them: the department's words and layouts are ours from here on."""
        feed, name = self.feed, column.name
        if name not in feed.headers:
            return pa.repeat(feed.constants.get(name, ""), rows.lines.count)
        written = [pc.utf8_trim_whitespace(rows.texts[part].combine_chunks()) for part in feed.parts(name)]
        texts = written[0]
        if len(written) > 1:
            texts = pc.utf8_trim_whitespace(pc.binary_join_element_wise(*written, " "))
        if name in feed.words:
            places = pc.index_in(texts, value_set=pa.array(list(feed.words[name]), pa.string()))
            texts = pc.coalesce(pa.array(list(feed.words[name].values()), pa.string()).take(places), texts)
        return feed.layouts[name].rewrite(texts) if name in feed.layouts else texts


def _check_period(period: Period, values: Values, texts: Values, verdicts: Verdicts) -> None:
    """Speak against ends that do not follow their starts, or follow too late; what is open is not judged."""
    starts, ends = values[period.starts], values[period.ends]
    is_kept = pc.fill_null(_KEPT[period.order](ends, starts), fill_value=True)
    verdicts.reject(
        ~np.asarray(is_kept), ReasonCode.ENDS_BEFORE_START, column=period.ends, starts=period.starts, ends=period.ends
    )
    if period.longest is not None:
        is_longer = pc.greater(pc.subtract(ends, starts), period.longest // _MICROSECOND)
        verdicts.reject(
            np.asarray(pc.fill_null(is_longer, fill_value=False)),
            ReasonCode.DATE_OUT_OF_RANGE,
            column=period.ends,
            found=texts[period.ends],
        )


def _check_identifiers(values: Values, verdicts: Verdicts) -> None:
    """Speak against rows that are about a person and say nothing of whom."""
    if not values.keys() >= set(IDENTIFIERS):
        return
    is_nobody = np.ones(len(values["name"]), dtype=bool)
    for name in IDENTIFIERS:
        is_nobody &= np.asarray(pc.equal(values[name], ""))
    verdicts.reject(is_nobody, ReasonCode.NO_IDENTIFIER)
