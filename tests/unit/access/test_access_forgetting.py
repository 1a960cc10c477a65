"""What is kept of signing in goes when its time is over, and not before."""

from datetime import datetime, timedelta

from access_desk import put_unit

from ringfence.access import (
    forget_ended,
    make_device_link,
    make_links,
    put_member,
    read_device,
    register_device,
    remove_member,
    set_pin,
    sign_in,
    sign_in_by_pin,
)
from ringfence.store import Act, Store
from ringfence.terms import Actor

ADMINISTRATOR, WORKER = Actor("administrator"), Actor("grid_worker@111")
DAY = timedelta(days=1)

KEPT = """
select (select count(*) from user_session) as sessions, (select count(*) from access_link) as links,
    (select count(*) from unit_device) as devices, (select count(*) from unit_member) as members
"""


def kept(store: Store) -> tuple[int, ...]:
    return tuple(store.desk.rows(KEPT)[0])


def forget(store: Store, now: datetime) -> int:
    return store.act(lambda act: forget_ended(act, clock=store.clock), actor=ADMINISTRATOR, now=now)


def test_sessions_links_phones_and_members_go_each_in_its_time(staffed: Store, now: datetime) -> None:
    def put(act: Act) -> str:
        put_unit(act, "grid-1", "1/11/111/")
        put_member(act, "grid-1", WORKER.actor_id)
        make_links(act, ["auditor"], clock=staffed.clock)
        return make_device_link(act, "grid-1", clock=staffed.clock)

    device = register_device(staffed, staffed.act(put, actor=ADMINISTRATOR, now=now), now=now)
    set_pin(staffed, WORKER.actor_id, pin="271828", actor=WORKER, now=now)
    sign_in_by_pin(staffed, device.device, WORKER.actor_id, pin="271828", now=now)
    sign_in(staffed, "administrator", password="a password for tests", address="192.0.2.10", now=now)
    assert kept(staffed) == (2, 2, 1, 1)
    assert forget(staffed, now + 30 * DAY) == 0
    assert forget(staffed, now + 31 * DAY) == 3  # both sessions, and the phone's link, used on the first day
    assert kept(staffed) == (0, 1, 1, 1)
    assert forget(staffed, now + 45 * DAY) == 1  # the auditor's link, which nobody used in its fourteen days
    read_device(staffed.desk, device.token, now=now + 89 * DAY)
    staffed.act(lambda act: remove_member(act, "grid-1", WORKER.actor_id), actor=ADMINISTRATOR, now=now + 89 * DAY)
    assert forget(staffed, now + 121 * DAY) == 1  # the phone, thirty days after its ninety
    assert forget(staffed, now + (89 + 1096) * DAY) == 1
    assert kept(staffed) == (0, 0, 0, 0)
