"""One of everything in each township of the small city, written straight into the desk, for tests of who reaches it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from ringfence.store import Act, Store
from ringfence.terms import Actor, Reason, ReasonCode, day_number, to_us

SAID = Reason.of(ReasonCode.SAID_BY, actor="somebody").to_json()

INSERT_UNIT = """
insert into unit (unit_id, area_code, area_path, level, daily_capacity, task_kinds, recorded_at)
values (:unit, :code, :path, 'grid', 20, 'visit', 1)
"""

INSERT_MEMBER = """
insert into unit_member (unit_id, user_id, added_by, recorded_at) values (:unit, :user, 'test', :now)
"""

INSERT_CASE = """
insert into case_episode (person_no, disease, episode, classification, reported_at, is_imported, area_path, recorded_at)
values (:person, 'covid19', 1, 'confirmed', :now, false, :path, 1) returning case_id
"""

INSERT_SIGNAL = """
insert into signal (kind, subject_kind, subject_key, disease, area_path, status, reason, origin, case_id, raised_by,
    raised_at, recorded_at)
values ('positive_test', 'person', :key, 'covid19', :path, 'verified', :reason, :origin, :case, 'somebody', :now, 1)
returning signal_id
"""

INSERT_OBSERVATION = """
insert into observation (subject_kind, subject_key, reason, origin, observed_at, area_path, recorded_at)
values ('person', :key, :reason, :origin, :now, :path, 1) returning observation_id
"""

INSERT_EXPOSURE = """
insert into exposure (exposure_id, signal_id, subject_kind, subject_key, ring, weight, minutes, first_day, last_day,
    area_path, is_identified, status, recorded_at)
values (:person, :signal, 'person', :key, 1, 0.5, 10, :day, :day, :path, true, 'listed', 1)
"""

INSERT_TASK = """
insert into task (task_id, subject_kind, subject_key, kind, owner, area_path, status, level, weight, reason, opened_at,
    due_at, due_day, recorded_at)
values (:person, 'person', :key, 'visit', :unit, :path, 'open', 'grid', 0.5, :reason, :now, :now, :day, 1)
"""

INSERT_ORDER = """
insert into measure_order (order_id, person_no, signal_id, exposure_id, measure, legal_basis, reason, day_zero,
    from_day, review_day, to_day, status, area_path, drafted_by, drafted_at, recorded_at)
values (:person, :person, :signal, :person, 'home_quarantine', 'law', :reason, :day, :day, :day, :day + 7, 'drafted',
    :path, 'somebody', :now, 1)
"""

INSERT_FOLLOW_UP = """
insert into follow_up (person_no, disease, ring, day_zero, from_day, to_day, status, unit_id, area_path, recorded_at)
values (:person, 'covid19', 1, :day, :day, :day + 7, 'follow_up', :unit, :path, 1) returning follow_up_id
"""

INSERT_FINDING = """
insert into finding (finding_key, subject_kind, subject_key, clause, reason, owner, area_path, status, opened_at,
    due_at, recorded_at)
values (:origin, 'unit', :unit, '7.1', :reason, 'somebody', :path, 'open', :now, :now, 1) returning finding_id
"""

INSERT_DISPUTE = """
insert into dispute (contested_kind, task_id, subject_kind, subject_key, ground, way, area_path, status, raised_by,
    raised_at, due_at, recorded_at)
values ('task', :person, 'person', :key, 'not_me', 'phone', :path, 'raised', 'somebody', :now, :now, 1)
returning dispute_id
"""


@dataclass(frozen=True)
class Things:
    """The numbers of what one township has."""

    unit: str
    case: int
    signal: int
    observation: int
    exposure: int
    task: int
    order: int
    follow_up: int
    finding: int
    dispute: int


def put_things(store: Store, path: str, *, person: int, now: datetime) -> Things:
    """One of everything under an area path, about one person."""

    def put(act: Act) -> Things:
        code = path.rstrip("/").rsplit("/", 1)[-1]
        values = {
            "path": path,
            "code": code,
            "unit": f"{code}-g",
            "person": person,
            "key": str(person),
            "origin": f"test:{person}",
            "reason": SAID,
            "now": to_us(now),
            "day": day_number(now.date()),
        }
        act.note("things.put", subject=f"area:{code}")
        act.run(INSERT_UNIT, **values)
        values["case"] = act.insert(INSERT_CASE, **values)
        values["signal"] = act.insert(INSERT_SIGNAL, **values)
        act.run(INSERT_EXPOSURE, **values)
        act.run(INSERT_TASK, **values)
        act.run(INSERT_ORDER, **values)
        return Things(
            unit=f"{code}-g",
            case=values["case"],
            signal=values["signal"],
            observation=act.insert(INSERT_OBSERVATION, **values),
            exposure=person,
            task=person,
            order=person,
            follow_up=act.insert(INSERT_FOLLOW_UP, **values),
            finding=act.insert(INSERT_FINDING, **values),
            dispute=act.insert(INSERT_DISPUTE, **values),
        )

    return store.act(put, actor=Actor("steward"), now=now)


def put_members(store: Store, unit: str, users: Iterable[str], *, now: datetime) -> None:
    """Let accounts belong to a unit, so that what is on its list is theirs to open."""

    def put(act: Act) -> None:
        for user in users:
            act.run(INSERT_MEMBER, unit=unit, user=user, now=to_us(now))
        act.note("members.put", subject=f"unit:{unit}")

    store.act(put, actor=Actor("steward"), now=now)
