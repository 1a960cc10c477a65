"""Contact details are kept for open tasks only, opened by those whose duty it is, and gone when the task closes."""

from datetime import datetime

import pyarrow as pa
import pytest
from fake_trace import EPIDEMIOLOGIST, verified_signal, withdraw

from ringfence.access import put_member, read_purpose
from ringfence.errors import InputRefused, KeysMissing, NotAllowed, NotFound
from ringfence.store import Act, Scope, Store
from ringfence.terms import Actor, Outcome, to_us
from ringfence.work import (
    ASKED,
    acknowledge_tasks,
    close_tasks,
    open_tasks,
    put_contact,
    read_contact,
    withdraw_for_signal,
)

WORKER, CITY = Actor("grid_worker@111"), Actor("city_officer")
KEPT = "select task_id, key_id, sealed from contact_detail order by task_id"
LIVE = "select key_id from data_key where used_for = 'contact detail' and destroyed_at is null order by key_id"
WANG = {"name": "王小明", "phone": "13900001111"}


@pytest.fixture
def task(manned: Store, now: datetime) -> int:
    """An open visit."""
    row = {
        "signal": verified_signal(manned, now=now),
        "subject_kind": "person",
        "subject": 5,
        "kind": "visit",
        "owner": "111-g1",
        "area_path": "1/11/111/",
        "weight": 1.0,
        "reason": '{"code":"same_household"}',
        "due_at": to_us(now),
    }

    def run(act: Act) -> int:
        return int(open_tasks(act, pa.Table.from_pylist([row], schema=ASKED), clock=manned.clock)[0])

    for user in ("grid_worker@111", "grid_worker@1111", "epidemiologist", "city_officer"):  # the auditor does no visits
        manned.act(lambda act, user=user: put_member(act, "111-g1", user), actor=Actor("administrator"), now=now)  # type: ignore[misc]
    return manned.act(run, actor=EPIDEMIOLOGIST, now=now)


def put(store: Store, task: int, contact: dict[str, str], now: datetime) -> None:
    store.act(lambda act: put_contact(act, task, contact, store=store), actor=CITY, now=now)


def look(store: Store, task: int, now: datetime, *, actor: Actor = WORKER, purpose: str = "outreach") -> object:
    named = read_purpose(store.desk, purpose, now=now)
    return store.act(lambda act: read_contact(act, task, purpose=named, store=store), actor=actor, now=now)


def test_the_worker_of_the_area_opens_them_and_the_look_is_on_record(manned: Store, task: int, now: datetime) -> None:
    put(manned, task, WANG, now)
    assert look(manned, task, now) == WANG
    lines = manned.desk.rows("select actor, purpose, subject from ledger where action = 'contact.read'")
    assert [tuple(line) for line in lines] == [("grid_worker@111", "outreach", f"task:{task}")]


def test_they_are_sealed_under_a_key_of_their_own(manned: Store, task: int, now: datetime) -> None:
    put(manned, task, WANG, now)
    [kept] = manned.desk.rows(KEPT, scope=Scope.of_system())
    assert "王小明".encode() not in bytes(kept.sealed)
    assert b"13900001111" not in bytes(kept.sealed)
    assert [row.key_id for row in manned.desk.rows(LIVE)] == [kept.key_id]


def test_newer_ones_take_the_place_of_the_older_whose_key_is_destroyed(manned: Store, task: int, now: datetime) -> None:
    put(manned, task, WANG, now)
    [older] = manned.desk.rows(KEPT, scope=Scope.of_system())
    put(manned, task, {**WANG, "phone": "13900002222"}, now)
    [newer] = manned.desk.rows(KEPT, scope=Scope.of_system())
    assert look(manned, task, now) == {"name": "王小明", "phone": "13900002222"}
    assert [row.key_id for row in manned.desk.rows(LIVE)] == [newer.key_id]
    with pytest.raises(KeysMissing):
        manned.keys.read(older.key_id)


def test_when_the_task_is_done_they_are_shredded(manned: Store, task: int, now: datetime) -> None:
    put(manned, task, WANG, now)
    manned.act(lambda act: acknowledge_tasks(act, [task]), actor=WORKER, now=now)
    assert look(manned, task, now) == WANG
    manned.act(lambda act: close_tasks(act, [task], outcome=Outcome.REACHED, store=manned), actor=WORKER, now=now)
    assert (manned.desk.rows(KEPT, scope=Scope.of_system()), manned.desk.rows(LIVE)) == ([], [])
    with pytest.raises(NotFound, match=f"task {task} keeps no contact details"):
        look(manned, task, now)
    with pytest.raises(InputRefused, match="is done; it keeps no contact details"):
        put(manned, task, WANG, now)


def test_when_the_task_is_withdrawn_they_are_shredded(manned: Store, task: int, now: datetime) -> None:
    put(manned, task, WANG, now)
    [signal] = [row.signal_id for row in manned.desk.rows("select signal_id from task_basis", scope=Scope.of_system())]

    def fall(act: Act) -> None:
        withdraw(act, signal)
        withdraw_for_signal(act, signal, store=manned)

    manned.act(fall, actor=CITY, now=now)
    assert (manned.desk.rows(KEPT, scope=Scope.of_system()), manned.desk.rows(LIVE)) == ([], [])


@pytest.mark.parametrize(
    ("user", "purpose"),
    [
        ("grid_worker@1111", "outreach"),  # another area
        ("county_officer@11", "outreach"),  # another unit, whatever the rank
        ("auditor", "outreach"),  # no such duty
        ("epidemiologist", "tracing"),  # a purpose that opens no contact details
        ("city_officer", "measures"),  # the same, with the task in reach
        ("ringfence", "outreach"),  # nobody's account
    ],
)
def test_nobody_else_opens_them(manned: Store, task: int, now: datetime, user: str, purpose: str) -> None:
    put(manned, task, WANG, now)
    with pytest.raises(NotAllowed):
        look(manned, task, now, actor=Actor(user), purpose=purpose)
    assert manned.desk.rows("select 1 from ledger where action = 'contact.read'") == []
