"""Every page of every role in both languages under axe-core: nothing serious, nothing critical (WCAG 2.1 AA)."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page
from small_town import Town

from ringfence.console.room import Room, read_rooms
from ringfence.terms import Role

pytestmark = [pytest.mark.verify, pytest.mark.parametrize("database", ["sqlite"], indirect=True)]

AXE = Path(__file__).parent / "node_modules/axe-core/axe.min.js"
GRAVE = {"serious", "critical"}
BEFORE_SIGN_IN = ("/sign-in", "/contest?link=none", "/nowhere")

# What no link leads to: it is asked for by a form, or there is none of it in the small town.
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


def shape(address: str) -> str:
    """The path of an address, whatever number stands in it."""
    return re.sub(r"\d+", "0", urlsplit(address).path)


def addresses(room: Room) -> set[str]:
    """The shapes of a room's pages."""
    return {f"/{room.key}{path}".replace("{number:int}", "0") for path in room.pages}


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
    found, seen = {}, set()
    for role in Role:
        page = enter(role.value, language)
        for address in walk(page):
            seen.add(shape(address))
            found[role.value, address] = grave_findings(page, axe)
        page.context.close()
    assert {where: what for where, what in found.items() if what} == {}
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
