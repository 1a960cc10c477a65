"""Lines of a line list become cases, and a confirmed or probable one a signal (policy 2.2)."""

from dataclasses import asdict

from ringfence.feeds import CaseRow, build_cases
from ringfence.intake.arrivals import Arrival, Effects
from ringfence.intake.homes import read_homes
from ringfence.signals import CaseReport, put_case, raise_signal
from ringfence.store import Act
from ringfence.terms import (
    Classification,
    Reason,
    ReasonCode,
    SignalKind,
    Subject,
    SubjectKind,
)

RAISING = {Classification.CONFIRMED, Classification.PROBABLE}


def take_in(arrival: Arrival) -> Effects:
    """Cases and signals on the desk; a line about a case that is known tells what has become known of it."""
    rows = build_cases(arrival.rows, persons=arrival.persons)
    homes = read_homes(arrival, [row.person_no for row in rows])

    def put(act: Act) -> None:
        for row in rows:
            _put(act, arrival, row, area_path=homes[row.person_no])

    return Effects(on_desk=put)


def _put(act: Act, arrival: Arrival, row: CaseRow, *, area_path: str) -> None:
    fields = {name: value for name, value in asdict(row).items() if name != "row"}
    report = CaseReport(**fields, area_path=area_path, batch_no=arrival.batch_no, row_no=row.row)
    case = put_case(act, report, episode_days=arrival.today.days("case.episode_days"))
    if case.classification not in RAISING or not arrival.feed.may_raise_signals:
        return
    raise_signal(
        act,
        kind=SignalKind.POSITIVE_TEST,
        subject=Subject(SubjectKind.PERSON, str(case.person_no)),
        disease=case.disease,
        area_path=area_path,
        reason=Reason.of(ReasonCode.CASE_REPORTED, classification=case.classification),
        origin=f"case:{case.case_id}",
        case_id=case.case_id,
        batch_no=arrival.batch_no,
        row_no=row.row,
    )
