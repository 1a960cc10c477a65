"""Keeping what was found: found = listed + below the cut + retracted, by id, however often a signal is traced."""

from datetime import datetime

import pyarrow as pa

from ringfence.signals import raise_signal
from ringfence.store import Act, Batch, Scope, Store, commit_batch
from ringfence.terms import SYSTEM, Reason, ReasonCode, RecordKind, SignalKind, Subject, SubjectKind, to_us
from ringfence.trace import (
    EXPOSURES,
    REASONS,
    below_cut_rows,
    count_below_cut,
    count_exposures,
    put_exposures,
    retract_exposures,
    retract_lost,
)

OWNED = pa.schema([*EXPOSURES, ("area_path", pa.string()), ("owner", pa.string())])
IDS_RETRACTED = "select subject_key from visible_exposure where status = 'retracted' order by subject_key"


def exposures(signal: int, *persons: int) -> pa.Table:
    rows = [
        {
            "signal": signal,
            "subject_kind": "person",
            "subject": person,
            "ring": 1,
            "rules": "same_place",
            "directions": "forward",
            "first_day": 19_050,
            "last_day": 19_051,
            "minutes": 30,
            "weight": 1.0,
            "reasons": 1,
            "is_case": False,
            "area_path": "1/11/111/",
            "owner": "unit-1",
        }
        for person in persons
    ]
    return pa.Table.from_pylist(rows, schema=OWNED)


def reasons(signal: int, *persons: int) -> pa.Table:
    rows = [
        {
            **dict.fromkeys(REASONS.names),
            "signal": signal,
            "subject_kind": "person",
            "subject": person,
            "ring": 1,
            "rule": "same_place",
            "code": "same_place",
            "direction": "forward",
            "case_no": 1,
            "source": 7,
            "first_at": 1,
            "last_at": 2,
            "minutes": 30,
            "weight": 1.0,
        }
        for person in persons
    ]
    return pa.Table.from_pylist(rows, schema=REASONS)


class Kept:
    """A signal whose exposures are kept trace after trace."""

    def __init__(self, store: Store, now: datetime) -> None:
        self.store, self.now, self.batch_no = store, now, 100
        self.signal = store.act(self._raise, actor=SYSTEM, now=now)

    def trace(self, *, listed: tuple[int, ...], below: tuple[int, ...]) -> None:
        self.batch_no += 1
        self.store.act(lambda act: self._keep(act, listed, below), actor=SYSTEM, now=self.now)

    def counts(self) -> dict[str, int]:
        def count(act: Act) -> dict[str, int]:
            act.note("test.read")
            return count_exposures(act, self.signal)

        return self.store.act(count, actor=SYSTEM, now=self.now)

    def _raise(self, act: Act) -> int:
        return raise_signal(
            act,
            kind=SignalKind.REPORT,
            subject=Subject(SubjectKind.PERSON, "7"),
            disease="covid19",
            area_path="1/11/111/",
            reason=Reason.of(ReasonCode.SAID_BY, actor="test"),
            origin="test",
        ).signal_id

    def _keep(self, act: Act, listed: tuple[int, ...], below: tuple[int, ...]) -> None:
        number = self.signal
        put_exposures(act, exposures(number, *listed), reasons(number, *listed), signals=[number])
        retract_lost(act, self.store.lake, exposures(number, *listed, *below), signals=[number])
        under = exposures(number, *below)
        rows = below_cut_rows(under, batch_no=self.batch_no, now=to_us(self.now))
        files = self.store.lake.stage(RecordKind.EXPOSURE_BELOW_CUT, rows, batch_no=self.batch_no)
        commit_batch(
            act,
            Batch(
                batch_no=self.batch_no,
                batch_id=f"below-cut:{self.batch_no}",
                feed="trace",
                department="test",
                purpose="tracing",
                source_digest="",
                rows_accepted=len(below),
                rows_rejected=0,
                retain_until_day=None,
            ),
        )
        self.store.lake.commit(act, files)
        count_below_cut(act, under, signals=[number], batch_no=self.batch_no)


def test_a_first_trace_lists_and_counts_everybody_once(staffed: Store, now: datetime) -> None:
    kept = Kept(staffed, now)
    kept.trace(listed=(1, 2), below=(3, 4, 5))
    assert kept.counts() == {"listed": 2, "below": 3, "retracted": 0}


def test_whoever_a_later_trace_does_not_find_is_retracted_by_id_from_list_and_from_below_the_cut(
    staffed: Store, now: datetime
) -> None:
    kept = Kept(staffed, now)
    kept.trace(listed=(1, 2), below=(3, 4, 5))
    kept.trace(listed=(1, 3), below=(5, 6))
    assert kept.counts() == {"listed": 2, "below": 2, "retracted": 2}  # all of 1 to 6 are somewhere
    rows = staffed.desk.rows(IDS_RETRACTED, scope=Scope.of_system())
    assert [row.subject_key for row in rows] == ["2", "4"]


def test_a_withdrawn_signal_keeps_nobody_listed_or_counted(staffed: Store, now: datetime) -> None:
    kept = Kept(staffed, now)
    kept.trace(listed=(1, 2), below=(3, 4, 5))
    reason = Reason.of(ReasonCode.SIGNAL_WITHDRAWN, signal=kept.signal)
    staffed.act(lambda act: retract_exposures(act, kept.signal, reason=reason), actor=SYSTEM, now=now)
    assert kept.counts() == {"listed": 0, "below": 0, "retracted": 5}
