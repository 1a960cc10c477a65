"""Pairs that are not certain: put side by side with the look on record, decided, taken back, and counted."""

import re
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

import pyarrow as pa
import pytest
from console_browser import Browser

from ringfence.link import put_reviews
from ringfence.store import Act, Scope, Store, add_people
from ringfence.terms import SYSTEM

Open = Callable[..., Browser]

TWO = [
    {"name": "王建国", "sex": "male", "phone": "13800000001", "row": 1},
    {"name": "汪建国", "sex": "male", "phone": "13800000001", "row": 2},
]


def rows(store: Store, sql: str) -> Sequence[tuple[Any, ...]]:
    return [tuple(row) for row in store.desk.rows(sql, scope=Scope.of_system())]


PARTS = [-22.0, 9.5, 14.0, 0.0, 0.5, 0.0, -0.5]
"""What weighs before any comparison, then name, number, birth date, sex, phone and address."""


@pytest.fixture
def numbers(lively: Store, now: datetime) -> tuple[int, int]:
    """A known person and the row that may be about them: the pair that is open as review 1."""

    def lay(act: Act) -> tuple[int, int]:
        known = add_people(act, lively.keys, TWO, batch_no=901)
        pair = {"person_no": [known + 1], "candidate_no": [known], "weight": [1.5], "margin": [4.0]}
        put_reviews(
            act, pa.table({**pair, "probability": [0.84], "model": ["han-2"], "weights": [PARTS]}), batch_no=901
        )
        return known, known + 1

    return lively.act(lay, actor=SYSTEM, now=now)


@pytest.mark.usefixtures("numbers")
def test_the_queue_names_nobody_and_a_pair_is_opened_on_record(lively: Store, open_browser: Open) -> None:
    steward = open_browser("data_steward")
    queue = steward.get("/links").text
    assert 'href="/links/1"' in queue
    assert "84%" in queue
    assert "王建国" not in queue
    looked = "select actor, purpose, count from ledger where action = 'people.read'"
    assert rows(lively, looked) == []
    pair = steward.get("/links/1").text
    assert all(bits in pair for bits in (">-22.0<", ">+9.5<", ">+14.0<", ">-0.5<"))
    assert "王建国" in pair
    assert "汪建国" in pair
    assert pair.count("differs") == 1, "the names differ, sex and telephone do not"
    assert rows(lively, looked) == [("data_steward", "linking", 2)]


def test_a_pair_decided_the_same_leads_home_and_is_taken_back(
    lively: Store, open_browser: Open, numbers: tuple[int, int]
) -> None:
    known, row = numbers
    steward = open_browser("data_steward")
    page = steward.fill("/links/1/same").text
    assert "Pair 1: the same person." in page
    assert "No pair waits to be decided." in page
    assert rows(lively, "select status, decided_by from link_review") == [("same", "data_steward")]
    assert rows(lively, "select person_no, home_no from person_home") == [(row, known)]
    assert "王建国" not in steward.get("/links/1").text, "what is decided opens nobody"
    assert steward.fill("/links/1/different").status_code == 409
    assert "Pair 1 is open again." in steward.fill("/links/1/undo").text
    assert rows(lively, "select status from link_review") == [("open",)]
    assert rows(lively, "select person_no, home_no from person_home") == []
    assert steward.fill("/links/1/undo").status_code == 409


@pytest.mark.usefixtures("numbers")
def test_a_pair_decided_not_the_same_joins_nobody_and_is_counted(lively: Store, open_browser: Open) -> None:
    steward = open_browser("data_steward", "zh")
    page = steward.fill("/links/1/different").text
    assert "第 1 对：不是同一人。" in page
    assert rows(lively, "select status from link_review") == [("different",)]
    assert rows(lively, "select * from person_alias") == []
    calibration = page.split("模型所述与实际")[1]
    assert [share for share in ("80%", "84%", "0%") if f">{share}<" in calibration] == ["80%", "84%", "0%"]


@pytest.mark.usefixtures("numbers")
@pytest.mark.parametrize("user", ["county_officer", "grid_worker", "auditor"])
def test_whoever_has_no_links_to_review_opens_no_pair_and_decides_none(
    lively: Store, open_browser: Open, user: str
) -> None:
    browser = open_browser(user)
    assert browser.get("/links/1").status_code == 403
    assert browser.fill("/links/1/same").status_code == 403
    assert rows(lively, "select status from link_review") == [("open",)]
    assert rows(lively, "select action from ledger where action = 'people.read'") == []


@pytest.mark.usefixtures("numbers")
def test_today_says_how_many_pairs_wait_to_whoever_decides_them(open_browser: Open) -> None:
    steward = open_browser("data_steward")
    waits = re.compile(r'<b>1</b>\s*<a href="/links">')
    assert waits.search(steward.get("/today").text)
    steward.fill("/links/1/same")
    assert not waits.search(steward.get("/today").text)
    assert not waits.search(open_browser("county_officer").get("/today").text)
