"""Cases as episodes: one person, one disease, one time; learning an onset moves their window (policy 2.2)."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pyarrow as pa
from sqlalchemy import Row

from ringfence.access import check_can
from ringfence.errors import NotFound
from ringfence.policy import Permission
from ringfence.store import Act, Desk, Scope
from ringfence.terms import Case, Classification, PersonNo, from_us, to_us

COLUMNS_OF_CASE = """
select case_id, person_no, disease, episode, classification, onset_day, sampled_at, reported_at, isolated_at,
    is_imported, area_path
"""

CASE_BY_KEY = COLUMNS_OF_CASE + "from case_episode where case_key = :case_key"

CASE_BY_ID = COLUMNS_OF_CASE + "from case_episode where case_id = :case_id"

EPISODES = COLUMNS_OF_CASE + "from case_episode where person_no = :person_no and disease = :disease order by episode"

VISIBLE_CASES = COLUMNS_OF_CASE + "from visible_case_episode order by reported_at, case_id"

CASE_KEYS = "select case_key, person_no from visible_case_episode where case_key is not null order by case_key"

INSERT_CASE = """
insert into case_episode (case_key, person_no, disease, episode, classification, onset_day, sampled_at, reported_at,
    isolated_at, is_imported, area_path, batch_no, row_no, recorded_at)
values (:case_key, :person_no, :disease, :episode, :classification, :onset_day, :sampled_at, :reported_at,
    :isolated_at, :is_imported, :area_path, :batch_no, :row_no, :recorded_at)
returning case_id
"""

UPDATE_CASE = """
update case_episode set case_key = coalesce(:case_key, case_key), classification = :classification,
    onset_day = :onset_day, sampled_at = :sampled_at,
    isolated_at = :isolated_at, is_imported = :is_imported, recorded_at = :recorded_at
where case_id = :case_id
"""


@dataclass(frozen=True, kw_only=True)
class CaseReport:
    """What a line of a line list, or a result, says of a case; None is not known, and never erases what was known.

    A result has no `case_key`: only a line list names cases, and other files call them by that name.
    """

    case_key: str | None
    person_no: PersonNo
    disease: str
    classification: Classification
    reported_at: datetime
    area_path: str
    onset_day: int | None = None
    sampled_at: datetime | None = None
    isolated_at: datetime | None = None
    is_imported: bool = False
    batch_no: int | None = None
    row_no: int | None = None


def put_case(act: Act, report: CaseReport, *, episode_days: int) -> Case:
    """The case a report is about, with what is now known of it.

    It is the one of that key, else the person's last episode of the disease if that was reported less than
    `episode_days` before (a positive sample and the line list speak of one case), else the person's next episode.
    """
    check_can(act, Permission.CASE_UPDATE, area_path=report.area_path)
    known = [] if report.case_key is None else act.rows(CASE_BY_KEY, case_key=report.case_key)
    episodes = act.rows(EPISODES, person_no=report.person_no, disease=report.disease)
    since = report.reported_at - timedelta(days=episode_days)
    same = known or [row for row in episodes[-1:] if from_us(row.reported_at) > since]
    case_id = _update(act, _case(same[0]), report) if same else _insert(act, report, episode=len(episodes) + 1)
    return read_case(act, case_id)


def read_case(act: Act, case_id: int) -> Case:
    """A case by number; NotFound when there is none."""
    rows = act.rows(CASE_BY_ID, case_id=case_id)
    if not rows:
        raise NotFound("there is no case {case_id}", case_id=case_id)
    return _case(rows[0])


def read_case_keys(desk: Desk) -> pa.Table:
    """The departments' keys of all cases with their persons (case_key, person_no): what a route may name."""
    rows = desk.rows(CASE_KEYS, scope=Scope.of_system())
    keys = pa.array([row.case_key for row in rows], pa.string())
    return pa.table({"case_key": keys, "person_no": pa.array([row.person_no for row in rows], pa.int64())})


def list_cases(desk: Desk, *, scope: Scope) -> list[Case]:
    """The cases of the reader's areas, in the order they were reported."""
    return [_case(row) for row in desk.rows(VISIBLE_CASES, scope=scope)]


def _insert(act: Act, report: CaseReport, *, episode: int) -> int:
    case_id = act.insert(
        INSERT_CASE,
        person_no=report.person_no,
        episode=episode,
        batch_no=report.batch_no,
        row_no=report.row_no,
        disease=report.disease,
        reported_at=to_us(report.reported_at),
        area_path=report.area_path,
        **_known(act, report, before=None),
    )
    act.note("case.opened", subject=f"case:{case_id}", ids=(report.person_no,), disease=report.disease)
    return case_id


def _update(act: Act, before: Case, report: CaseReport) -> int:
    act.run(UPDATE_CASE, case_id=before.case_id, **_known(act, report, before=before))
    act.note("case.updated", subject=f"case:{before.case_id}", classification=report.classification)
    return before.case_id


def _known(act: Act, report: CaseReport, *, before: Case | None) -> dict[str, object]:
    """The columns that may become known later: the report's value, else what was known before."""
    sampled_at = report.sampled_at or (before and before.sampled_at)
    isolated_at = report.isolated_at or (before and before.isolated_at)
    known_onset = before.onset_day if before else None
    return {
        "case_key": report.case_key,
        "classification": report.classification,
        "onset_day": known_onset if report.onset_day is None else report.onset_day,
        "sampled_at": to_us(sampled_at) if sampled_at else None,
        "isolated_at": to_us(isolated_at) if isolated_at else None,
        "is_imported": report.is_imported or bool(before and before.is_imported),
        "recorded_at": to_us(act.now),
    }


def _case(row: Row[Any]) -> Case:
    return Case(
        case_id=row.case_id,
        person_no=row.person_no,
        disease=row.disease,
        episode=row.episode,
        classification=Classification(row.classification),
        reported_at=from_us(row.reported_at),
        onset_day=row.onset_day,
        sampled_at=None if row.sampled_at is None else from_us(row.sampled_at),
        isolated_at=None if row.isolated_at is None else from_us(row.isolated_at),
        is_imported=bool(row.is_imported),
    )
