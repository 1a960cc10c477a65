"""Who gets in, whose forms count, and what every answer carries."""

from collections.abc import Callable
from datetime import datetime

import pytest
from console_browser import Browser
from fastapi.testclient import TestClient

from ringfence.access import make_links, set_password
from ringfence.console import make_console
from ringfence.store import Scope, Store
from ringfence.terms import Actor

Open = Callable[..., Browser]
PASSWORD = "lanterns over the river 38"
HERE = {"origin": "http://testserver"}


@pytest.fixture
def door(staffed: Store, now: datetime) -> TestClient:
    """The console as nobody sees it, and a county officer with a password."""
    set_password(staffed, "county_officer", password=PASSWORD, actor=Actor("administrator"), now=now)
    return TestClient(make_console(staffed, clock=lambda: now), headers=HERE)


@pytest.mark.parametrize(
    ("onward", "leads"),
    [
        ("/work?late=yes", "/work?late=yes"),
        ("//evil.example/", "/today"),
        ("https://evil.example", "/today"),
        ("", "/today"),
    ],
)
def test_whoever_signs_in_goes_on_within_the_console_only(door: TestClient, onward: str, leads: str) -> None:
    form = {"user": "county_officer", "password": PASSWORD, "next": onward}
    answer = door.post("/sign-in", data=form, follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, leads)
    cookie = answer.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=lax" in cookie


def test_wrong_words_are_answered_on_the_same_page_in_the_readers_language(door: TestClient) -> None:
    form = {"user": "county_officer", "password": "no"}
    answer = door.post("/sign-in", data=form, headers={"accept-language": "zh-CN"})
    assert answer.status_code == 401
    assert "账号或密码" in answer.text
    assert "county_officer" in answer.text
    assert 'value="no"' not in answer.text


def test_nobody_signs_in_from_another_sites_page(door: TestClient) -> None:
    form = {"user": "county_officer", "password": PASSWORD}
    assert door.post("/sign-in", data=form, headers={"origin": "https://evil.example"}).status_code == 403


@pytest.mark.parametrize(("headers", "token"), [({}, ""), ({}, "0" * 64), ({"origin": "https://evil.example"}, None)])
def test_a_form_counts_only_with_the_sessions_token_and_from_our_own_page(
    lively: Store, open_browser: Open, headers: dict[str, str], token: str | None
) -> None:
    worker = open_browser("grid_worker")
    form = {"csrf": worker.csrf if token is None else token, "task": "1", "outcome": "reached"}
    assert worker.post("/work/done", data=form, headers=headers).status_code == 403
    [row] = lively.desk.rows("select status from visible_task", scope=Scope.of_system())
    assert row.status == "acknowledged"


def test_whoever_signs_out_is_out_wherever_the_token_is_kept(open_browser: Open) -> None:
    browser = open_browser("county_officer")
    token = browser.cookies["session"]
    browser.fill("/sign-out")
    browser.cookies.set("session", token)
    assert browser.get("/today", follow_redirects=False).headers["location"].startswith("/sign-in")


def test_a_link_opens_an_account_once(staffed: Store, door: TestClient, now: datetime) -> None:
    tokens = staffed.act(
        lambda act: make_links(act, ["township_officer"], clock=staffed.clock), actor=Actor("administrator"), now=now
    )
    page = f"/activate/{tokens['township_officer']}"
    assert "township_officer" in door.get(page).text
    inside = door.post(page, data={"password": PASSWORD})
    assert (inside.status_code, inside.url.path) == (200, "/today")
    assert door.post(page, data={"password": PASSWORD}).status_code == 404


def test_every_answer_stands_behind_the_fence_and_no_cache_keeps_it(open_browser: Open) -> None:
    browser = open_browser("county_officer")
    for path in ("/today", "/nowhere", "/ring/7", "/sign-in"):
        headers = browser.get(path).headers
        policy = headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert "frame-ancestors 'none'" in policy
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["cache-control"] == "no-store"


def test_assets_are_kept_for_ever_for_their_address_names_their_content(open_browser: Open) -> None:
    browser = open_browser("county_officer")
    page = browser.get("/today").text
    address = page.split('rel="stylesheet" href="')[1].split('"')[0]
    answer = browser.get(address)
    assert "immutable" in answer.headers["cache-control"]
    assert "http://" not in answer.text + page
    assert "https://" not in answer.text + page
    assert browser.get("/assets/../app.py").status_code == 404


@pytest.mark.parametrize("path", ["/nowhere", "/ring/notanumber", "/work/999/paper"])
def test_what_is_not_there_is_said_in_one_sentence(open_browser: Open, path: str) -> None:
    answer = open_browser("county_officer", "zh").get(path)
    assert answer.status_code == 404
    assert "此地址没有页面" in answer.text


def test_the_language_is_kept_once_it_was_chosen(open_browser: Open) -> None:
    browser = open_browser("county_officer", "en")
    assert "等您处理" in browser.get("/today?language=zh").text
    assert "等您处理" in browser.get("/today").text
