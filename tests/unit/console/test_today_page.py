"""The page: the same numbers in both languages, inside its own fence, and only for who may look."""

from datetime import datetime

import pytest
from fastapi.testclient import TestClient

from ringfence.console import make_app
from ringfence.store import Store
from ringfence.terms import Actor


def open_page(store: Store, user: str, now: datetime) -> TestClient:
    return TestClient(make_app(store, actor=Actor(user), clock=lambda: now))


@pytest.mark.parametrize(("language", "title"), [("en", "Ringfence: today"), ("zh", "Ringfence：今日")])
def test_the_page_speaks_both_languages(staffed: Store, now: datetime, language: str, title: str) -> None:
    with open_page(staffed, "county_officer", now) as page:
        answer = page.get("/", params={"language": language})
    assert answer.status_code == 200
    assert f"<title>{title}</title>" in answer.text
    assert f'lang="{language}"' in answer.text


def test_the_page_runs_no_script_and_asks_no_other_host(staffed: Store, now: datetime) -> None:
    with open_page(staffed, "county_officer", now) as page:
        answer = page.get("/")
        sheet = page.get("/style.css")
    assert answer.headers["content-security-policy"].startswith("default-src 'none'; style-src 'self'")
    assert "<script" not in answer.text
    assert "http://" not in answer.text + sheet.text
    assert "https://" not in answer.text + sheet.text


def test_who_may_not_look_gets_one_sentence_and_nothing_else(staffed: Store, now: datetime) -> None:
    with open_page(staffed, "auditor", now) as page:
        answer = page.get("/", headers={"accept-language": "zh-CN"})
    assert answer.status_code == 403
    assert answer.text == "auditor 无权以“outreach”为目的查看；请申请相应角色"
