"""What goes to a worker's phone, for every kind of task and every reason there can be."""

import json
import string
from datetime import datetime

import pytest
from fake_trace import EPIDEMIOLOGIST, Exposed, exposures, put_exposures, verified_signal

from ringfence.access import read_purpose, read_scope
from ringfence.store import Act, Store
from ringfence.terms import (
    Actor,
    Language,
    PlaceKind,
    Reason,
    ReasonCode,
    SubjectKind,
    TaskKind,
    calendar_day,
    to_us,
)
from ringfence.terms.language import REASON_CONTEXT, read_catalogue
from ringfence.work import ShownTask, show_to_worker

TELLTALE = "case-of-wang"
CASE_PERSON = "987654321"

INSERT_TASK = """
insert into task (task_id, subject_kind, subject_key, kind, owner, area_path, status, level, weight, reason, opened_at,
    due_at, due_day, recorded_at)
values (:task_id, :subject_kind, '5', :kind, '111-g1', '1/11/111/', 'open', 'grid', 9.875, :reason, 1, :due_at, 1, 1)
"""
INSERT_BASIS = (
    "insert into task_basis (task_id, signal_id, exposure_id, recorded_at) values (:task_id, :signal, :exposure, 1)"
)
INSERT_PLACE = """
insert into place (place_no, place_id, name, kind, area_code, area_path, recorded_at)
values (:place_no, :place_id, 'the shop of the case', :kind, '111', '1/11/111/', 1)
"""
PROVE = """
update exposure_reason set source_key = :source, place_no = :place_no, reason = :reason
where exposure_id = :exposure
"""

ABOUT = dict.fromkeys(TaskKind, SubjectKind.PERSON) | {
    TaskKind.VENUE_ALERT: SubjectKind.PLACE,
    TaskKind.RECALL: SubjectKind.LOT,
}


def telling(code: ReasonCode) -> Reason:
    """A reason whose every value would give the case away."""
    message = read_catalogue(Language.EN).get(code.value, REASON_CONTEXT)
    names = [name for _, name, _, _ in string.Formatter().parse(str(message.string)) if name] if message else []
    return Reason(code, dict.fromkeys(names, TELLTALE))


def put_task(store: Store, now: datetime, *, kind: TaskKind, code: ReasonCode, place: PlaceKind, origin: str) -> int:
    """A task on an exposure at a place, both with that reason; the exposure's number."""
    signal = verified_signal(store, now=now, origin=f"{TELLTALE}-{origin}")

    def write(act: Act) -> int:
        [exposure] = put_exposures(act, exposures([Exposed(signal=signal, subject=5)]))["exposure"].to_pylist()
        number = int(exposure)
        act.run(INSERT_PLACE, place_no=1000 + number, place_id=f"{TELLTALE}-{number}", kind=place)
        act.run(PROVE, source=CASE_PERSON, place_no=1000 + number, reason=telling(code).to_json(), exposure=number)
        task = {"task_id": number, "kind": kind, "subject_kind": ABOUT[kind], "reason": telling(code).to_json()}
        act.run(INSERT_TASK, **task, due_at=to_us(now))
        act.run(INSERT_BASIS, task_id=number, signal=signal, exposure=number)
        act.note("test.task_put")
        return number

    return store.act(write, actor=EPIDEMIOLOGIST, now=now)


def seen(store: Store, now: datetime, user: str = "grid_worker@111") -> list[ShownTask]:
    purpose = read_purpose(store.desk, "outreach", now=now)
    scope = read_scope(store.desk, Actor(user), purpose, now=now)
    return show_to_worker(store.desk, scope=scope, clock=store.clock)


def test_no_payload_names_a_case_a_path_or_a_reason_whatever_the_kind_and_the_reason(
    manned: Store, now: datetime
) -> None:
    for code in ReasonCode:
        for kind in TaskKind:
            put_task(manned, now, kind=kind, code=code, place=PlaceKind.MARKET, origin=f"{code}-{kind}")
    shown = seen(manned, now)
    assert {task.kind for task in shown} == set(TaskKind)
    assert len(shown) == len(ReasonCode) * len(TaskKind)
    for task in shown:
        payload = task.to_payload()
        assert set(payload) == {
            "task", "kind", "subject", "owner", "status", "level", "due_at", "place_kind", "on_day"
        }  # fmt: skip
        text = json.dumps(payload)
        told = [word for word in (TELLTALE, CASE_PERSON, "the shop", "9.875", "covid19", "signal") if word in text]
        assert not told, (told, payload)
        assert not [code for code in ReasonCode if f'"{code}"' in text]


def test_it_says_the_kind_of_place_and_the_day_of_the_exposure(manned: Store, now: datetime) -> None:
    put_task(manned, now, kind=TaskKind.VISIT, code=ReasonCode.SAME_PLACE, place=PlaceKind.RESTAURANT, origin="a")
    [task] = seen(manned, now)
    assert (task.place_kind, task.on_day) == (PlaceKind.RESTAURANT, calendar_day(19_050))


@pytest.mark.parametrize("place", [PlaceKind.HOME, PlaceKind.OTHER])
def test_a_home_is_shown_as_any_other_place(manned: Store, now: datetime, place: PlaceKind) -> None:
    put_task(manned, now, kind=TaskKind.VISIT, code=ReasonCode.SAME_HOUSEHOLD, place=place, origin="a")
    [task] = seen(manned, now)
    assert task.place_kind is PlaceKind.OTHER


def test_a_worker_sees_the_tasks_of_the_own_area_only(manned: Store, now: datetime) -> None:
    put_task(manned, now, kind=TaskKind.VISIT, code=ReasonCode.SAME_PLACE, place=PlaceKind.SHOP, origin="a")
    assert seen(manned, now, "grid_worker@121") == []
