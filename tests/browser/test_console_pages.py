"""Every page in Chromium: a known record in both languages, no complaint, no sideways scroll, keys enough."""

from collections.abc import Callable

import pytest
from every_page import addresses, shape
from playwright.sync_api import Browser, Page
from small_town import Town

from ringfence.console.room import read_rooms

pytestmark = [pytest.mark.verify, pytest.mark.parametrize("database", ["sqlite"], indirect=True)]

PAGES = [
    ("county_officer", "/today", "/work?late|/disputes|/work"),
    ("epidemiologist", "/signals", "/ring/1"),
    ("epidemiologist", "/ring", "/ring/1"),
    ("epidemiologist", "/ring/1", "餐馆|restaurant"),
    ("city_officer", "/ring/1", "子镇"),
    ("grid_worker", "/work", "111-g1"),
    ("county_officer", "/work/units", "officer-0001"),
    ("county_officer", "/people?q=wang&purpose=outreach", "王＊"),
    ("county_officer", "/people/{person}", "quarantine|隔离"),
    ("city_officer", "/orders", "/orders/{order}/paper"),
    ("city_officer", "/orders/{order}/paper", "<svg"),
    ("county_officer", "/disputes", "电话|phone"),
    ("city_officer", "/policy", "order.review_days"),
    ("city_officer", "/policy/plan?key=order.review_days&value=5&from=2022-03-02", "2022-03-02"),
    ("data_steward", "/feeds", "病例清单|case line list"),
    ("data_steward", "/feeds/1", "1"),
    ("data_steward", "/links", "84%"),
    ("data_steward", "/links/1", "84%"),
    ("administrator", "/areas", "丑镇"),
    ("city_officer", "/fences", "子镇|111"),
    ("city_officer", "/fences/1", "子镇|111"),
    ("city_officer", "/scorecards", "排查对象覆盖率|2.3"),
    ("epidemiologist", "/sentinels", "子镇发热门诊"),
    ("auditor", "/ledger?action=signal.verified", "<code>signal.verified"),
    ("auditor", "/looks", "/looks/1/justified"),
]
"""Who opens it, where, and the record that must stand there (one of several words)."""

WIDTHS = {360: "phone", 1280: "desk"}


def check_page(page: Page, *, width: int) -> None:
    """What holds on every page."""
    assert page.said == [], "a complaint of the browser"  # type: ignore[attr-defined]
    wide = page.evaluate("document.documentElement.scrollWidth")
    assert wide <= width, f"{page.url} scrolls sideways: {wide}"
    assert page.locator("h1").count() == 1
    unnamed = page.evaluate(
        """[...document.querySelectorAll("input:not([type=hidden]), select, button, a, textarea")].filter(
            (one) => !(one.labels?.length || one.textContent.trim() || one.getAttribute("aria-label")))
            .map((one) => one.outerHTML)"""
    )
    assert unnamed == [], "a control without a name"


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("width", WIDTHS, ids=WIDTHS.get)
def test_every_page_shows_its_record_and_keeps_within_its_width(
    town: Town, laid: str, enter: Callable[..., Page], language: str, width: int
) -> None:
    assert laid
    [(person, order)] = town.rows(
        "select min(person_no), min(order_id) from visible_measure_order where status = 'signed'"
    )
    for user, written, record in PAGES:
        path, words = (each.format(person=person, order=order) for each in (written, record))
        page = enter(user, language, width=width)
        answer = page.goto(path)
        assert answer.status == 200, path
        if page.locator("[data-spec]").count():
            page.wait_for_selector("html[data-charts=drawn]", timeout=15_000)
            assert page.locator("[data-spec] svg").count() == page.locator("[data-spec]").count()
        assert page.locator("[data-spec]").count() or not path.startswith("/ring/")
        text = page.content()
        assert any(word in text for word in words.split("|")), (path, words)
        assert page.evaluate("document.documentElement.lang") == ("zh-CN" if language == "zh" else "en")
        check_page(page, width=width)
        page.context.close()


@pytest.mark.usefixtures("database")
def test_no_page_is_left_out() -> None:
    filled = {path.format(person=1, order=1) for _, path, _ in PAGES}
    assert {shape(path) for path in filled} == set().union(*(addresses(room) for room in read_rooms()))


def test_every_room_is_reached_and_worked_with_keys_alone(town: Town, enter: Callable[..., Page]) -> None:
    town.respond()
    page = enter("county_officer")
    page.goto("/today")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    seen = []
    for _ in range(40):
        page.keyboard.press("Tab")
        seen.append(page.evaluate("document.activeElement.getAttribute('href')"))
        outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
        is_outside = page.evaluate("document.activeElement === document.body")  # in the browser's own bars
        assert is_outside or outline != "none", "the focus cannot be seen"
    assert {"/signals", "/work", "/people", "/orders", "/scorecards"} <= set(seen)


def test_the_menu_opens_on_a_phone_without_any_script(
    chromium: Browser, address: str, enter: Callable[..., Page]
) -> None:
    token = {cookie["name"]: cookie["value"] for cookie in enter("county_officer").context.cookies()}["session"]
    context = chromium.new_context(base_url=address, viewport={"width": 360, "height": 740}, java_script_enabled=False)
    context.add_cookies([{"name": "session", "value": token, "url": address}])
    page = context.new_page()
    page.goto("/today")
    assert not page.locator(".rooms").is_visible()
    page.click(".to-rooms")
    page.click(".rooms a[href='/work']")
    assert page.url.endswith("/work")
    context.close()
