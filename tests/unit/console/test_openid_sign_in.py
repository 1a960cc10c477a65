"""The way in by the city's own service: there, back, and nobody lured in as somebody else."""

from datetime import datetime

import pytest
from fastapi.testclient import TestClient
from openid_fake import CALLBACK, CLIENT, ISSUER, SECRET, FakeProvider

from ringfence.access import OpenIDProvider, OpenIDSettings
from ringfence.console import make_console
from ringfence.store import Store

SETTINGS = OpenIDSettings(issuer=ISSUER, client_id=CLIENT, client_secret=SECRET, redirect_address=CALLBACK)
HOST = "https://ringfence.example"


@pytest.fixture
def fake(now: datetime) -> FakeProvider:
    return FakeProvider(now)


def browse(store: Store, fake: FakeProvider, now: datetime) -> TestClient:
    provider = OpenIDProvider(SETTINGS, client=fake.client())
    return TestClient(make_console(store, clock=lambda: now, openid=provider), base_url=HOST)


def go_there(browser: TestClient, fake: FakeProvider) -> dict[str, str]:
    """What the service sends a browser back with."""
    there = browser.get("/sign-in/openid/begin", follow_redirects=False)
    assert there.status_code == 303
    code, state = fake.authorize(there.headers["location"])
    return {"code": code, "state": state}


def test_whom_the_service_vouches_for_is_in(staffed: Store, fake: FakeProvider, now: datetime) -> None:
    browser = browse(staffed, fake, now)
    assert "/sign-in/openid/begin" in browser.get("/sign-in").text
    back = browser.get(CALLBACK, params=go_there(browser, fake), follow_redirects=False)
    assert (back.status_code, back.headers["location"]) == (303, "/today")
    assert "__Host-session" in back.headers["set-cookie"]
    assert "<p>auditor<br>" in browser.get("/today").text


def test_an_address_from_another_browser_lets_nobody_in(staffed: Store, fake: FakeProvider, now: datetime) -> None:
    lured, attacker = browse(staffed, fake, now), browse(staffed, fake, now)
    answer = lured.get(CALLBACK, params=go_there(attacker, fake))
    assert answer.status_code == 401
    assert "begin again" in answer.text
    assert lured.get("/ledger", follow_redirects=False).status_code == 303


def test_whoever_has_no_account_here_and_a_service_that_is_away_are_said_on_the_page(
    staffed: Store, fake: FakeProvider, now: datetime
) -> None:
    fake.account = "stranger"
    browser = browse(staffed, fake, now)
    assert "you have no account here" in browser.get(CALLBACK, params=go_there(browser, fake)).text
    fake.is_away = True
    away = browse(staffed, fake, now).get("/sign-in/openid/begin")
    assert away.status_code == 503
    assert "sign in with a password" in away.text


def test_without_settings_there_is_no_such_way(staffed: Store, now: datetime) -> None:
    browser = TestClient(make_console(staffed, clock=lambda: now), base_url=HOST)
    assert "openid" not in browser.get("/sign-in").text
    assert browser.get("/sign-in/openid/begin").status_code == 404
