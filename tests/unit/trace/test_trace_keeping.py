"""Keeping what was found: found = listed + below the cut + retracted, by id, however often a signal is traced."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta

import pyarrow as pa

from ringfence.account import read_overview
from ringfence.signals import raise_signal
from ringfence.store import Act, Batch, Scope, Store, commit_batch
from ringfence.terms import SYSTEM, Reason, ReasonCode, RecordKind, SignalKind, Subject, SubjectKind, to_us
from ringfence.trace import (
    EXPOSURES,
    REASONS,
    below_cut_rows,
    count_below_cut,
    count_exposures,
    date_below,
    put_exposures,
    read_before,
    retract_exposures,
)

HOUR = timedelta(hours=1)
OWNED = pa.schema([*EXPOSURES, ("area_path", pa.string()), ("is_identified", pa.bool_()), ("owner", pa.string())])
ON_DESK = "select subject_key, status, recorded_at from visible_exposure order by exposure_id"
COUNTED = "select batch_no, found_at, row_count from exposure_below_cut where status = 'counted' order by group_no"
REASONS_OF = """
select e.subject_key, r.direction from visible_exposure e join exposure_reason r on r.exposure_id = e.exposure_id
order by e.subject_key
"""


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
            "is_identified": True,
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


RULES_OF = """
select e.exposure_id, e.forward_rules, e.backward_rules, r.rule, r.direction
from visible_exposure e left join exposure_reason r on r.exposure_id = e.exposure_id
"""


BY_RULE = """
select e.ring, r.rule, e.status, count(distinct e.exposure_id) as n
from visible_exposure e join exposure_reason r on r.exposure_id = e.exposure_id
group by e.ring, r.rule, e.status
order by e.ring, r.rule, e.status
"""


def check_rules(store: Store) -> int:
    """Every exposure names the rules of its own reasons, by direction; how many exposures were compared."""
    kept: dict[int, tuple[str, str]] = {}
    found: dict[tuple[int, str], set[str]] = defaultdict(set)
    for row in store.desk.rows(RULES_OF, scope=Scope.of_system()):
        kept[row.exposure_id] = (row.forward_rules, row.backward_rules)
        if row.rule:
            found[row.exposure_id, row.direction].add(row.rule)
    for number, rules in kept.items():
        assert rules == tuple(",".join(sorted(found[number, way])) for way in ("forward", "backward")), number
    return len(kept)


class Kept:
    """A signal whose exposures are kept trace after trace."""

    def __init__(self, store: Store, now: datetime) -> None:
        self.store, self.now, self.batch_no = store, now, 100
        self.signal = store.act(self._raise, actor=SYSTEM, now=now)

    def trace(
        self,
        *,
        listed: Iterable[int],
        below: Iterable[int],
        after: timedelta = HOUR,
        why: Iterable[tuple[int, str, str]] = (),
    ) -> None:
        """One more trace of the signal, an hour after the one before; `why` names person, rule and direction besides.

        Without it each person listed is there by the same place, forward.
        """
        self.batch_no, self.now = self.batch_no + 1, self.now + after
        self.store.act(lambda act: self._keep(act, [*listed], [*below], [*why]), actor=SYSTEM, now=self.now)

    def counts(self) -> dict[str, int]:
        def count(act: Act) -> dict[str, int]:
            act.note("test.read")
            return count_exposures(act, self.signal)

        return self.store.act(count, actor=SYSTEM, now=self.now)

    def on_desk(self) -> dict[str, str]:
        """The status of everybody the desk has a row of."""
        return {row.subject_key: row.status for row in self.store.desk.rows(ON_DESK, scope=Scope.of_system())}

    def first_found(self) -> dict[str, int]:
        """When everybody listed or below the cut was first found, by subject."""
        batches = {row.batch_no for row in self.store.desk.rows(COUNTED, scope=Scope.of_system())}
        rows = self.store.lake.read(RecordKind.EXPOSURE_BELOW_CUT).to_pylist()
        listed = self.store.desk.rows(ON_DESK, scope=Scope.of_system())
        return {
            **{row.subject_key: row.recorded_at for row in listed if row.status == "listed"},
            **{str(row["subject"]): row["found_at"] for row in rows if row["batch"] in batches},
        }

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

    def _keep(self, act: Act, listed: list[int], below: list[int], why: list[tuple[int, str, str]]) -> None:
        number, under = self.signal, exposures(self.signal, *below)
        before = read_before(act, self.store.lake, signals=[number])
        said = [
            {**row, "rule": rule, "direction": way}
            for person, rule, way in why
            for row in reasons(number, person).to_pylist()
        ]
        found = pa.Table.from_pylist(said, REASONS) if said else reasons(number, *listed)
        put_exposures(act, ranked(exposures(number, *listed)), found, below=under, before=before)
        under = date_below(under, before=before, now=to_us(self.now))
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


def ranked(listed: pa.Table) -> pa.Table:
    """The rows with the place that each has in the list, from 0."""
    return listed.append_column("rank", pa.array(range(listed.num_rows), pa.int64()))


def test_everybody_keeps_the_rank_of_the_last_list_and_0_is_no_rank(staffed: Store, now: datetime) -> None:
    kept = Kept(staffed, now)
    kept.trace(listed=(2, 1), below=(3, 4))
    kept.trace(listed=(4, 2), below=(1,))
    rows = staffed.desk.rows("select subject_key, rank_no from visible_exposure", scope=Scope.of_system())
    assert {row.subject_key: row.rank_no for row in rows} == {"4": 1, "2": 2, "1": 2, "3": 0}


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
    assert kept.on_desk() == {"1": "listed", "2": "retracted", "3": "listed", "4": "retracted"}


def test_who_moves_between_list_and_cut_is_never_in_two_places(staffed: Store, now: datetime) -> None:
    kept = Kept(staffed, now)
    kept.trace(listed=(1, 2), below=(3,))
    kept.trace(listed=(1,), below=(2, 3))
    assert kept.on_desk() == {"1": "listed", "2": "below"}
    assert kept.counts() == {"listed": 1, "below": 2, "retracted": 0}
    kept.trace(listed=(1,), below=(3,))  # 2 is found no more
    assert kept.counts() == {"listed": 1, "below": 1, "retracted": 1}
    kept.trace(listed=(3,), below=(1, 2))  # 2 is found again
    assert kept.on_desk() == {"1": "below", "2": "below", "3": "listed"}
    assert kept.counts() == {"listed": 1, "below": 2, "retracted": 0}
    reason = Reason.of(ReasonCode.SIGNAL_WITHDRAWN, signal=kept.signal)
    staffed.act(lambda act: retract_exposures(act, kept.signal, reason=reason), actor=SYSTEM, now=now)
    assert kept.counts() == {"listed": 0, "below": 0, "retracted": 3}


def test_clocks_run_from_when_somebody_was_first_found_however_often_the_signal_is_traced(
    staffed: Store, now: datetime
) -> None:
    kept = Kept(staffed, now)
    kept.trace(listed=(1, 2), below=(3, 4))
    first = to_us(kept.now)
    kept.trace(listed=(1, 3), below=(2, 4, 5))
    second = to_us(kept.now)
    assert kept.first_found() == {"1": first, "2": first, "3": first, "4": first, "5": second}
    counted = staffed.desk.rows(COUNTED, scope=Scope.of_system())
    assert [(row.found_at, row.row_count) for row in counted] == [(first, 2), (second, 1)]
    kept.trace(listed=(), below=(4,))
    kept.trace(listed=(1,), below=(4,))
    assert kept.first_found() == {"1": to_us(kept.now), "4": first}, "who was retracted and is found is found anew"


def test_a_reason_says_its_direction_and_stays_on_record_when_its_exposure_is_retracted(
    staffed: Store, now: datetime
) -> None:
    kept = Kept(staffed, now)
    kept.trace(listed=(1, 2), below=())
    kept.trace(listed=(1,), below=())
    rows = staffed.desk.rows(REASONS_OF, scope=Scope.of_system())
    assert [tuple(row) for row in rows] == [("1", "forward"), ("2", "forward")]


def test_a_withdrawn_signal_keeps_nobody_listed_or_counted(staffed: Store, now: datetime) -> None:
    kept = Kept(staffed, now)
    kept.trace(listed=(1, 2), below=(3, 4, 5))
    reason = Reason.of(ReasonCode.SIGNAL_WITHDRAWN, signal=kept.signal)
    staffed.act(lambda act: retract_exposures(act, kept.signal, reason=reason), actor=SYSTEM, now=now)
    assert kept.counts() == {"listed": 0, "below": 0, "retracted": 5}


def test_an_exposure_names_the_rules_of_its_reasons_whatever_became_of_it(staffed: Store, now: datetime) -> None:
    kept = Kept(staffed, now)
    table = [(1, "same_place", "forward"), (1, "household", "forward"), (1, "same_place", "backward")]
    kept.trace(listed=(1, 2, 3), below=(), why=[*table, (2, "ward", "backward"), (3, "ward", "forward")])
    assert check_rules(staffed) == 3
    rows = staffed.desk.rows("select forward_rules, backward_rules from visible_exposure", scope=Scope.of_system())
    assert ("household,same_place", "same_place") in [tuple(row) for row in rows]
    kept.trace(listed=(1,), below=(2,), why=[(1, "household", "forward")])
    assert check_rules(staffed) == 3
    kept.trace(listed=(1, 2), below=(), why=[(1, "ward", "forward"), (2, "household", "backward")])
    assert check_rules(staffed) == 3


def test_the_overview_counts_by_rule_what_the_reasons_say(staffed: Store, now: datetime) -> None:
    kept = Kept(staffed, now)
    table = [(1, "same_place", "forward"), (1, "household", "backward"), (2, "same_place", "forward")]
    kept.trace(listed=(1, 2, 3), below=(4, 5), why=[*table, (3, "same_place", "backward")])
    kept.trace(listed=(1, 3), below=(5,), why=[*table[:2], (3, "same_place", "backward")])
    seen = read_overview(staffed.desk, scope=Scope.of_system())
    counted = staffed.desk.rows(BY_RULE, scope=Scope.of_system())
    assert seen.exposures == [row._asdict() for row in counted]
    assert seen.found == kept.counts()
