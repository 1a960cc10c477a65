"""Every page of every role in both languages under axe-core: nothing serious, nothing critical (WCAG 2.1 AA)."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from every_page import WORKER, addresses, shape
from playwright.sync_api import Page
from small_town import Town

from ringfence.console.room import read_rooms
from ringfence.terms import Role

pytestmark = [pytest.mark.verify, pytest.mark.parametrize("database", ["sqlite"], indirect=True)]

AXE = Path(__file__).parent / "node_modules/axe-core/axe.min.js"
PHONE = 360
GRAVE = {"serious", "critical"}
BEFORE_SIGN_IN = ("/sign-in", "/contest?link=none", "/nowhere")

# What no link leads to: it is asked for by a form, or there is none of it in the small town. The last test lays it all.
NOT_LED_TO = [
    ("city_officer", "/policy/plan?key=order.review_days&value=5&from=2022-03-02"),
    ("city_officer", "/fences/1"),
    ("city_officer", "/orders/1/paper"),
    ("data_steward", "/feeds/1"),
    ("data_steward", "/links/1"),
]
UNLINKED = {"/policy/plan", "/fences/0", "/orders/0/paper", "/feeds/0", "/links/0"}

FINDINGS = """() => axe.run(document, {resultTypes: ["violations"]}).then(({violations}) => violations
    .map(({id, impact, nodes}) => ({id, impact, at: nodes.map((node) => node.html.slice(0, 200))})))"""


@pytest.fixture
def axe() -> str:
    """The script, as the lock file pins it."""
    assert AXE.is_file(), "axe-core is missing: install Debian's npm, then run `npm ci --prefix tests/browser`"
    return AXE.read_text(encoding="utf-8")


def grave_findings(page: Page, axe: str) -> list[object]:
    page.evaluate(axe)
    return [found for found in page.evaluate(FINDINGS) if found["impact"] in GRAVE]


def width_on_a_phone(page: Page) -> int:
    """How wide a page is where a phone shows it."""
    before = page.viewport_size
    page.set_viewport_size({"width": PHONE, "height": 740})
    wide = int(page.evaluate("document.documentElement.scrollWidth"))
    if before:
        page.set_viewport_size(before)
    return wide


PAGES = set().union(*(addresses(room) for room in read_rooms()))


def walk(page: Page) -> Iterator[str]:
    """Goes to one page of each shape that links lead to from the first room on, and says which."""
    ahead, known = ["/today"], {"/today"}
    while ahead:
        address = ahead.pop(0)
        assert page.goto(address).status == 200, address
        if page.locator("[data-spec]").count():
            page.wait_for_selector("html[data-charts=drawn]", timeout=15_000)
        yield address
        for link in page.eval_on_selector_all("a[href^='/']", "links => links.map((one) => one.getAttribute('href'))"):
            if shape(link) in PAGES - known:
                known.add(shape(link))
                ahead.append(link)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_no_page_of_any_role_has_a_grave_finding(
    town: Town, enter: Callable[..., Page], axe: str, language: str
) -> None:
    town.respond()
    found, wide, seen = {}, {}, set()
    for role in Role:
        page = enter(role.value, language)
        for address in walk(page):
            seen.add(shape(address))
            found[role.value, address] = grave_findings(page, axe)
            wide[role.value, address] = width_on_a_phone(page)
        page.context.close()
    assert {where: what for where, what in found.items() if what} == {}
    assert {where: width for where, width in wide.items() if width > PHONE} == {}, "it scrolls sideways"
    assert seen >= PAGES - UNLINKED, "a page that nobody was led to"


@pytest.mark.parametrize("language", ["en", "zh"])
def test_no_page_before_signing_in_has_a_grave_finding(enter: Callable[..., Page], axe: str, language: str) -> None:
    page = enter("grid_worker", language)
    page.context.clear_cookies(name="session")
    for address in BEFORE_SIGN_IN:
        page.goto(address)
        assert grave_findings(page, axe) == [], address


def test_a_control_without_a_name_is_found(enter: Callable[..., Page], axe: str) -> None:
    page = enter("grid_worker")
    page.goto("/today")
    page.evaluate("document.querySelector('main').append(document.createElement('select'))")
    assert [found["id"] for found in grave_findings(page, axe)] == ["select-name"]


@pytest.mark.parametrize("language", ["en", "zh"])
def test_what_no_link_leads_to_has_no_grave_finding_and_fits_a_phone(
    laid: str, enter: Callable[..., Page], axe: str, language: str
) -> None:
    for user, address in NOT_LED_TO:
        page = enter(user, language)
        assert page.goto(address).status == 200, address
        if page.locator("[data-spec]").count():
            page.wait_for_selector("html[data-charts=drawn]", timeout=15_000)
        assert grave_findings(page, axe) == [], address
        assert width_on_a_phone(page) <= PHONE, address
        page.context.close()
    phone = enter("grid_worker", language, width=PHONE)
    phone.goto("/sign-in")
    phone.context.add_cookies([{"name": "device", "value": laid, "url": phone.url}])
    phone.goto("/phone")
    assert WORKER.user_id in phone.content()
    assert grave_findings(phone, axe) == []
    assert width_on_a_phone(phone) <= PHONE
    assert {shape(address) for _, address in NOT_LED_TO} == UNLINKED


@pytest.mark.parametrize("language", ["en", "zh"])
def test_pages_that_answer_a_form_have_no_grave_finding_and_fit_a_phone(
    enter: Callable[..., Page], axe: str, language: str
) -> None:
    page = enter("city_officer", language, width=PHONE)
    page.goto("/fences")
    page.fill("[name=areas]", "111")
    page.click("form[action='/fences/foresee'] button:not([type=button])")
    assert page.url.endswith("/fences/foresee")
    assert grave_findings(page, axe) == []
    assert width_on_a_phone(page) <= PHONE
    county = enter("county_officer", language, width=PHONE)
    county.goto("/work/units")
    county.click("form[action='/work/units/phone'] button >> nth=0")
    assert county.locator(".code svg").count() == 1
    assert grave_findings(county, axe) == []
    assert width_on_a_phone(county) <= PHONE
