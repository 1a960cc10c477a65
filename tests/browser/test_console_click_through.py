"""One day by clicks: a signal verified, its ring dispatched, a door closed, coverage up, and all of it withdrawn."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page
from small_town import Town

pytestmark = pytest.mark.verify


def statuses(town: Town, table: str) -> set[str]:
    return {status for (status,) in town.rows(f"select distinct status from visible_{table}")}  # noqa: S608 - our words


def test_from_a_signal_to_a_closed_door_and_back(town: Town, enter: Callable[..., Page]) -> None:
    epidemiologist = enter("epidemiologist")
    epidemiologist.goto("/signals")
    epidemiologist.click("summary:has-text('Decide')")
    epidemiologist.select_option("form[action$='/verify'] [name=ground]", "confirmed_by_laboratory")
    epidemiologist.click("button:has-text('Verify')")
    assert statuses(town, "signal") == {"verified"}

    epidemiologist.goto("/ring/1")
    epidemiologist.click("button:has-text('Dispatch')")
    assert "are on a list" in epidemiologist.text_content("[role=status]")
    assert town.rows("select count(*) from visible_task where status = 'open'")[0][0] >= 3

    county = enter("county_officer", "zh", width=360)
    before = _done_today(county)

    worker = enter("grid_worker", width=360)
    worker.goto("/work")
    worker.check("[name=task] >> nth=0")
    worker.click("button:has-text('Acknowledge')")
    worker.goto("/work?status=acknowledged")
    worker.check("[name=task] >> nth=0")
    worker.select_option("[name=outcome]", "reached")
    worker.click("button:has-text('Put on record')")
    assert "1 task(s) done." in worker.text_content("[role=status]")
    assert town.rows("select count(*) from visible_task where status = 'done'") == [(1,)]
    assert _done_today(county) == before + 1, "the county sees it"

    county.goto("/orders")
    county.select_option("[name=signal]", "1")
    county.click("button:has-text('拟定措施令')")
    assert statuses(town, "measure_order") == {"drafted"}

    epidemiologist.goto("/signals")
    epidemiologist.click("summary:has-text('Withdraw')")
    epidemiologist.select_option("form[action$='/withdraw'] [name=ground]", "sample_mixed_up")
    epidemiologist.click("form[action$='/withdraw'] button")
    assert statuses(town, "signal") == {"withdrawn"}
    assert statuses(town, "task") == {"done", "withdrawn"}
    assert statuses(town, "measure_order") == {"declined"}
    assert statuses(town, "exposure") == {"retracted"}
    assert statuses(town, "follow_up") == {"cancelled"}
    assert epidemiologist.said == county.said == worker.said == []  # type: ignore[attr-defined]
    town.store.verify_ledger()


def _done_today(page: Page) -> int:
    page.goto("/today")
    return int(page.text_content("a[href='/work?status=done'] b"))
