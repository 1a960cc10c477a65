"""Stands in for trace in the tests of work: signals somebody verified, and exposures to them as trace writes them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import pyarrow as pa

from ringfence.signals import raise_signal, verify_signal, withdraw_signal
from ringfence.store import Act, Store
from ringfence.terms import SYSTEM, Actor, Reason, ReasonCode, SignalKind, Subject, SubjectKind, to_us
from ringfence.work import EXPOSED

EPIDEMIOLOGIST = Actor("epidemiologist")
SAID = Reason.of(ReasonCode.SAID_BY, actor="epidemiologist")

INSERT_EXPOSURE = """
insert into exposure (exposure_id, signal_id, subject_kind, subject_key, ring, weight, minutes, first_day, last_day,
    area_path, is_identified, status, recorded_at)
values (:exposure_id, :signal, :subject_kind, :subject_key, :ring, :weight, 30, :last_day, :last_day,
    :area_path, :is_identified, 'listed', :now)
"""

INSERT_REASON = """
insert into exposure_reason (exposure_id, reason_no, rule, direction, source_kind, source_key, first_at, last_at,
    minutes, weight, reason, recorded_at)
values (:exposure_id, 1, :rule, :direction, 'person', '7', :last_at, :last_at, 30, :weight, :reason, :now)
"""

RETRACT = "update exposure set status = 'retracted' where signal_id = :signal_id"


@dataclass(frozen=True, kw_only=True)
class Exposed:
    """One row of a test's table."""

    signal: int
    subject: int
    weight: float = 1.0
    last_day: int = 19_050
    area_path: str = "1/11/111/"
    household: int | None = None
    is_identified: bool = True
    subject_kind: SubjectKind = SubjectKind.PERSON
    ring: int = 1
    rule: str = "household"
    direction: str = "forward"
    priority: float | None = None
    leaves_few_visits: bool = False


def exposures(rows: Sequence[Exposed]) -> pa.Table:
    """The rows as trace hands them on."""
    own = [pa.field("ring", pa.int32()), pa.field("rule", pa.string()), pa.field("direction", pa.string())]
    schema = pa.schema([*EXPOSED, *own])
    return pa.Table.from_pylist(
        [{**vars(row), "priority": row.weight if row.priority is None else row.priority} for row in rows], schema=schema
    )


def verified_signal(
    store: Store,
    *,
    now: datetime,
    origin: str = "test",
    area_path: str = "1/11/111/",
    kind: SignalKind = SignalKind.POSITIVE_TEST,
    disease: str = "covid19",
) -> int:
    """The number of a signal somebody raised and somebody verified."""

    def raise_and_verify(act: Act) -> int:
        signal = raise_signal(
            act,
            kind=kind,
            subject=Subject(SubjectKind.PERSON, "7"),
            disease=disease,
            area_path=area_path,
            reason=Reason.of(ReasonCode.POSITIVE_RESULT, test="rt_pcr"),
            origin=origin,
        )
        return verify_signal(act, signal.signal_id, reason=SAID).signal_id

    return store.act(raise_and_verify, actor=EPIDEMIOLOGIST, now=now)


def put_exposures(act: Act, listed: pa.Table) -> pa.Table:
    """Write exposures and hand the table back with their numbers; exposures known already keep theirs."""
    rows = listed.to_pylist()
    first = act.take_numbers("exposure", len(rows))
    known = {
        (row.signal_id, row.subject_kind, row.subject_key): row.exposure_id
        for row in act.rows("select signal_id, subject_kind, subject_key, exposure_id from exposure")
    }
    keys = [(row["signal"], row["subject_kind"], str(row["subject"])) for row in rows]
    numbers = [known.get(key, first + place) for place, key in enumerate(keys)]
    midnight = {"now": to_us(act.now), "reason": Reason.of(ReasonCode.SAME_HOUSEHOLD).to_json()}
    new = [
        {**row, **midnight, "exposure_id": number, "subject_key": key[2], "last_at": row["last_day"] * 86_400_000_000}
        for row, key, number in zip(rows, keys, numbers, strict=True)
        if key not in known
    ]
    act.run_many(INSERT_EXPOSURE, new)
    act.run_many(INSERT_REASON, new)
    act.note("test.exposures", count=len(new))
    return listed.append_column("exposure", pa.array(numbers, pa.int64()))


def withdraw(act: Act, signal_id: int) -> None:
    """The signal turned out wrong: it is withdrawn and its exposures are retracted."""
    withdraw_signal(act, signal_id, reason=SAID)
    act.run(RETRACT, signal_id=signal_id)


__all__ = ["EPIDEMIOLOGIST", "SAID", "SYSTEM", "Exposed", "exposures", "put_exposures", "verified_signal", "withdraw"]
