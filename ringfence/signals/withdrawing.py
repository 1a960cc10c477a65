"""What stood on a batch alone, when that batch is withdrawn: signals named to be taken back, cases taken back (2.1)."""

from dataclasses import dataclass

from ringfence.store import Act
from ringfence.terms import SignalStatus, to_us

INSERT_REPORT = """
insert into case_report (case_id, batch_no, row_no, recorded_at)
values (:case_id, :batch_no, :row_no, :recorded_at)
on conflict (case_id, batch_no, row_no) do nothing
"""

# A signal about a case stands as long as any batch in force reports the case; another one stands on its own batch.
SIGNALS_ON_BATCH = """
with alone as (
    select r.case_id
    from case_report r
    where r.batch_no = :batch_no
        and not exists (
            select 1 from case_report o join batch b on b.batch_no = o.batch_no
            where o.case_id = r.case_id and o.batch_no <> :batch_no and b.status = 'committed'
        )
)
select s.signal_id, s.status, s.area_path
from signal s
where s.status in ('raised', 'verified')
    and (s.case_id in (select case_id from alone) or (s.case_id is null and s.batch_no = :batch_no))
order by s.signal_id
"""

CASES_ON_BATCH = """
select distinct c.case_id
from case_episode c join case_report r on r.case_id = c.case_id
where r.batch_no = :batch_no and c.withdrawn_at is null
    and not exists (
        select 1 from case_report o join batch b on b.batch_no = o.batch_no
        where o.case_id = c.case_id and o.batch_no <> :batch_no and b.status = 'committed'
    )
order by c.case_id
"""

WITHDRAW_CASE = """
update case_episode set withdrawn_at = :now, case_key = null, recorded_at = :now
where case_id = :case_id and withdrawn_at is null
"""

LET_KEYS_GO = "delete from case_other_key where case_id = :case_id"


@dataclass(frozen=True)
class StandingSignal:
    """A signal that stands on one batch, with where it is worked on."""

    signal_id: int
    status: SignalStatus
    area_path: str


def put_report(act: Act, case_id: int, *, batch_no: int, row_no: int) -> None:
    """Keep which row of which batch reports a case."""
    act.run(INSERT_REPORT, case_id=case_id, batch_no=batch_no, row_no=row_no, recorded_at=to_us(act.now))


def find_signals_on(act: Act, batch_no: int) -> list[StandingSignal]:
    """The open signals that nothing in force justifies but a batch."""
    return [
        StandingSignal(row.signal_id, SignalStatus(row.status), row.area_path)
        for row in act.rows(SIGNALS_ON_BATCH, batch_no=batch_no)
    ]


def withdraw_cases_on(act: Act, batch_no: int) -> list[int]:
    """Take back the cases that only a batch reports; their keys are free for whoever is meant by them."""
    cases = [row.case_id for row in act.rows(CASES_ON_BATCH, batch_no=batch_no)]
    for case_id in cases:
        act.run(WITHDRAW_CASE, case_id=case_id, now=to_us(act.now))
        act.run(LET_KEYS_GO, case_id=case_id)
        act.note("case.withdrawn", subject=f"case:{case_id}")
    return cases
