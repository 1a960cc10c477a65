"""A unit's phone: registered by a link, opened by PIN, and each act on it signed with the PIN again."""

import re
from collections.abc import Callable
from datetime import datetime

import pytest
from console_browser import Browser
from fastapi.testclient import TestClient

from ringfence.access import Member, make_device_link, put_members, set_pin
from ringfence.console import make_console
from ringfence.store import Act, Scope, Store
from ringfence.terms import Actor, Role

PIN = "271828"


@pytest.fixture
def phone(lively: Store, now: datetime) -> TestClient:
    """A phone on which somebody opened the link of unit 111-g1, whose worker li has a PIN."""

    def join(act: Act) -> str:
        member = Member(user_id="li", unit_id="111-g1", role=Role.GRID_WORKER)
        put_members(act, [member], clock=lively.clock)
        return make_device_link(act, "111-g1", clock=lively.clock)

    token = lively.act(join, actor=Actor("administrator"), now=now)
    set_pin(lively, "li", pin=PIN, actor=Actor("li"), now=now)
    browser = TestClient(make_console(lively, clock=lambda: now), headers={"origin": "http://testserver"})
    page = browser.get(f"/activate/{token}").text
    assert "111-g1" in page
    [address] = re.findall(r'action="(/phone/register/[^"]+)"', page)
    assert "The phone of unit 111-g1" in browser.post(address).text
    return browser


def statuses(store: Store) -> list[str]:
    return [row.status for row in store.desk.rows("select status from visible_task", scope=Scope.of_system())]


def test_a_worker_comes_in_by_pin_and_signs_each_act_with_it(lively: Store, phone: TestClient) -> None:
    assert "<option>li</option>" in phone.get("/phone").text
    assert phone.post("/phone", data={"worker": "li", "pin": "000000"}).status_code == 401
    assert phone.post("/phone", data={"worker": "li", "pin": PIN}).url.path == "/today"
    page = phone.get("/work").text
    assert 'name="pin"' in page
    [csrf, *_] = re.findall(r'name="csrf" value="([^"]+)"', page)
    done = {"csrf": csrf, "task": "1", "outcome": "reached"}
    assert phone.post("/work/done", data=done).status_code == 401, "no PIN, no act"
    assert phone.post("/work/done", data={**done, "pin": "000000"}).status_code == 401
    assert statuses(lively) == ["acknowledged"]
    assert "1 task(s) done." in phone.post("/work/done", data={**done, "pin": PIN}).text
    assert statuses(lively) == ["done"]
    assert phone.post("/sign-out", data={"csrf": csrf}).status_code == 200, "nobody needs a PIN to leave"
    assert phone.get("/work", follow_redirects=False).headers["location"] == "/phone"


@pytest.mark.usefixtures("lively")
def test_what_is_no_registered_phone_has_no_such_way(staffed: Store, now: datetime) -> None:
    stranger = TestClient(make_console(staffed, clock=lambda: now), headers={"origin": "http://testserver"})
    assert stranger.get("/phone").status_code == 401
    assert stranger.post("/phone", data={"worker": "li", "pin": PIN}).status_code == 401
    assert stranger.post("/phone/register/nonsense").status_code == 404


def test_an_officer_makes_a_units_link_and_the_worker_chooses_the_pin(
    lively: Store, open_browser: Callable[..., Browser], now: datetime
) -> None:
    page = open_browser("county_officer").fill("/work/units/phone", unit="111-g1").text
    [token] = re.findall(r"<code>http://testserver/activate/([^<]+)</code>", page)
    assert "<svg" in page, "the code to be read by the phone"

    def join(act: Act) -> str:
        return put_members(act, [Member(user_id="li", unit_id="111-g1", role=Role.GRID_WORKER)], clock=lively.clock)[
            "li"
        ]

    own = lively.act(join, actor=Actor("administrator"), now=now)
    phone = TestClient(make_console(lively, clock=lambda: now), headers={"origin": "http://testserver"})
    assert phone.post(f"/phone/register/{token}").status_code == 200
    assert "Nobody of this unit has a PIN yet." in phone.get("/phone").text
    assert phone.post(f"/activate/{own}/pin", data={"pin": PIN, "again": "999999"}).status_code == 422
    assert phone.post(f"/activate/{own}/pin", data={"pin": "123456", "again": "123456"}).status_code == 422
    assert "Your PIN is kept" in phone.post(f"/activate/{own}/pin", data={"pin": PIN, "again": PIN}).text
    assert phone.post(f"/activate/{own}/pin", data={"pin": PIN, "again": PIN}).status_code == 404, "once"
    assert phone.post("/phone", data={"worker": "li", "pin": PIN}).url.path == "/today"
    [device] = lively.desk.rows("select unit_id from unit_device", scope=Scope.of_system())
    assert device.unit_id == "111-g1"


def test_nobody_but_who_edits_the_roster_makes_a_units_link(
    lively: Store, open_browser: Callable[..., Browser]
) -> None:
    assert open_browser("grid_worker").fill("/work/units/phone", unit="111-g1").status_code == 403
    assert lively.desk.rows("select count(*) as n from unit_device")[0].n == 0
