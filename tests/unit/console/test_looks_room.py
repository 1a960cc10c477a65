"""Who looked, judged by somebody else; and whoever was looked at takes the whole sheet along."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

from console_browser import PERSON, Browser

from ringfence.store import Scope, Store

Open = Callable[..., Browser]

NEXT_WEEK = timedelta(days=7)


def rows(store: Store, sql: str) -> Sequence[tuple[Any, ...]]:
    return [tuple(row) for row in store.desk.rows(sql, scope=Scope.of_system())]


def test_looks_of_last_week_are_drawn_once_and_judged(lively: Store, open_browser: Open) -> None:
    open_browser("county_officer").get(f"/people/{PERSON}")
    auditor = open_browser("auditor", later=NEXT_WEEK)
    page = auditor.fill("/looks/draw").text
    assert "1 look(s) drawn" in page
    assert "person.looked_at" in page
    assert str(PERSON) not in page, "whom it was at stays sealed"
    assert auditor.fill("/looks/draw").status_code == 422, "a week is drawn once"
    assert "Look 1 is reviewed." in auditor.fill("/looks/1/not-justified").text
    assert rows(lively, "select looked_by, is_justified, reviewer from look_review") == [
        ("county_officer", False, "auditor")
    ]
    assert auditor.fill("/looks/1/justified").status_code == 409


def test_the_sheet_of_all_that_is_held_is_a_file_to_print_and_stands_on_the_ledger(
    lively: Store, open_browser: Open
) -> None:
    county = open_browser("county_officer")
    assert f"/people/{PERSON}/sheet" in county.get(f"/people/{PERSON}").text
    sheet = county.fill(f"/people/{PERSON}/sheet")
    assert sheet.headers["content-disposition"] == f'attachment; filename="person-{PERSON}.html"'
    assert "http://testserver/contest?link=" in sheet.text
    assert rows(lively, "select actor, purpose from ledger where action = 'held.read'") == [
        ("county_officer", "dispute")
    ]
    assert open_browser("grid_worker").fill(f"/people/{PERSON}/sheet").status_code == 403
