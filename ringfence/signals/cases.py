"""Cases as episodes: one person, one disease, one time; learning an onset moves their window (policy 2.2)."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pyarrow as pa
from sqlalchemy import Row

from ringfence.access import check_can
from ringfence.errors import NotFound
from ringfence.policy import Permission
from ringfence.signals.withdrawing import put_report
from ringfence.store import Act, Desk, Scope
from ringfence.terms import Case, Classification, PersonNo, from_us, to_us

COLUMNS_OF_CASE = """
select case_id, person_no, disease, episode, classification, onset_day, sampled_at, reported_at, isolated_at,
    is_imported, withdrawn_at, area_path
"""

CASE_OF_KEY = """
select case_id from case_episode where case_key = :case_key
union all
select case_id from case_other_key where case_key = :case_key
"""

CASE_BY_ID = COLUMNS_OF_CASE + "from case_episode where case_id = :case_id"

# Every number that whoever a number stands for was ever known by.
KNOWN_AS = """
with home as (
    select coalesce(
        (select home_no from person_home where person_no = :person_no), cast(:person_no as bigint)
    ) as home_no
)
select home_no as person_no from home
union
select p.person_no from person_home p join home h on h.home_no = p.home_no
"""

EPISODES = COLUMNS_OF_CASE + "from case_episode where person_no in :among and disease = :disease order by episode"

VISIBLE_CASES = COLUMNS_OF_CASE + "from visible_case_episode order by reported_at, case_id"

CASE_KEYS = """
select case_key, person_no from visible_case_episode where case_key is not null
union all
select o.case_key, c.person_no from case_other_key o join visible_case_episode c on c.case_id = o.case_id
order by case_key
"""

INSERT_CASE = """
insert into case_episode (case_key, person_no, disease, episode, classification, onset_day, sampled_at, reported_at,
    isolated_at, is_imported, area_path, batch_no, row_no, recorded_at)
values (:case_key, :person_no, :disease, :episode, :classification, :onset_day, :sampled_at, :reported_at,
    :isolated_at, :is_imported, :area_path, :batch_no, :row_no, :recorded_at)
returning case_id
"""

UPDATE_CASE = """
update case_episode set case_key = coalesce(case_key, :case_key), classification = :classification,
    onset_day = :onset_day, sampled_at = :sampled_at,
    isolated_at = :isolated_at, is_imported = :is_imported, recorded_at = :recorded_at
where case_id = :case_id
"""

KEEP_OTHER_KEY = """
insert into case_other_key (case_key, case_id, batch_no, row_no, recorded_at)
select :case_key, case_id, :batch_no, :row_no, :recorded_at from case_episode
where case_id = :case_id and case_key <> :case_key
on conflict (case_key) do nothing
"""

_BY_WEIGHT = [
    Classification.NOT_CLASSIFIED,
    Classification.NO_CASE,
    Classification.SUSPECT,
    Classification.PROBABLE,
    Classification.CONFIRMED,
]


@dataclass(frozen=True, kw_only=True)
class CaseReport:
    """What a line of a line list, or a result, says of a case; None is not known, and never erases what was known.

    A result has no `case_key`: only a line list names cases, and other files call them by that name. A line list says
    what a case is; a result can only make it more certain.
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
    `episode_days` before (a positive sample and the line list speak of one case), else the person's next episode. A
    second key for an episode is kept beside the first: files may call it by either.
    """
    check_can(act, Permission.CASE_UPDATE, area_path=report.area_path)
    known = [] if report.case_key is None else act.rows(CASE_OF_KEY, case_key=report.case_key)
    episodes = read_episodes(act, report.person_no, disease=report.disease)
    since = report.reported_at - timedelta(days=episode_days)
    last = [one for one in episodes if not one.is_withdrawn][-1:]
    same = [row.case_id for row in known] or [one.case_id for one in last if one.reported_at > since]
    case_id = _update(act, read_case(act, same[0]), report) if same else _insert(act, report, episode=len(episodes) + 1)
    if report.batch_no is not None and report.row_no is not None:
        put_report(act, case_id, batch_no=report.batch_no, row_no=report.row_no)
    return read_case(act, case_id)


def read_case(act: Act, case_id: int) -> Case:
    """A case by number; NotFound when there is none."""
    rows = act.rows(CASE_BY_ID, case_id=case_id)
    if not rows:
        raise NotFound("there is no case {case_id}", case_id=case_id)
    return _case(rows[0])


def read_episodes(act: Act, person_no: PersonNo, *, disease: str) -> list[Case]:
    """The cases of a disease that somebody was, under whatever number of theirs, in the order they were reported."""
    known_as = [row.person_no for row in act.rows(KNOWN_AS, person_no=person_no)]
    episodes = [_case(row) for row in act.rows_among(EPISODES, known_as, disease=disease)]
    return sorted(episodes, key=lambda case: case.reported_at)


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
    known = _known(act, report, before=before)
    act.run(UPDATE_CASE, case_id=before.case_id, **known)
    if report.case_key is not None:
        place = {"batch_no": report.batch_no, "row_no": report.row_no, "recorded_at": known["recorded_at"]}
        act.run(KEEP_OTHER_KEY, case_id=before.case_id, case_key=report.case_key, **place)
    act.note("case.updated", subject=f"case:{before.case_id}", classification=str(known["classification"]))
    return before.case_id


def _known(act: Act, report: CaseReport, *, before: Case | None) -> dict[str, object]:
    """The columns that may become known later: the report's value, else what was known before."""
    sampled_at = report.sampled_at or (before and before.sampled_at)
    isolated_at = report.isolated_at or (before and before.isolated_at)
    known_onset = before.onset_day if before else None
    return {
        "case_key": report.case_key,
        "classification": _classify(report, before),
        "onset_day": known_onset if report.onset_day is None else report.onset_day,
        "sampled_at": to_us(sampled_at) if sampled_at else None,
        "isolated_at": to_us(isolated_at) if isolated_at else None,
        "is_imported": report.is_imported or bool(before and before.is_imported),
        "recorded_at": to_us(act.now),
    }


def _classify(report: CaseReport, before: Case | None) -> Classification:
    if before is None or report.case_key is not None:
        return report.classification
    return max(before.classification, report.classification, key=_BY_WEIGHT.index)


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
        is_withdrawn=row.withdrawn_at is not None,
    )
