"""A fence drawn by hand, by mouse and by keys: foreseen, agreed to by a second officer, and a row in the database."""

import json
from collections.abc import Callable

import pytest
from playwright.sync_api import Page
from small_town import PLACES, Town

from ringfence.access import add_user, grant_role, set_password
from ringfence.store import Act
from ringfence.terms import Actor, Grant, Role

pytestmark = [pytest.mark.verify, pytest.mark.parametrize("database", ["sqlite"], indirect=True)]

PASSWORD = "lanterns over the river 38"
WHERE = {"noodles": (113.30, 40.10), "market": (113.32, 40.11), "library": (113.36, 40.14)}


@pytest.fixture
def mapped(town: Town) -> Town:
    """The town's places on a map, and a second officer of the city."""
    town.receive(
        places=[
            {**place, "longitude": WHERE[place["place_id"]][0], "latitude": WHERE[place["place_id"]][1]}
            for place in PLACES
        ]
    )

    def add(act: Act) -> None:
        add_user(act, "second")
        grant_role(act, "second", Grant(role=Role.CITY_OFFICER, area_path="1/"))

    town.act(add, Actor("administrator"))
    set_password(town.store, "second", password=PASSWORD, actor=Actor("administrator"), now=town.now)
    return town


def corner(page: Page, x: float, y: float) -> None:
    """Clicks on the map at a share of its width and height."""
    box = page.locator(".drawing svg").bounding_box()
    assert box is not None
    page.locator(".drawing svg").click(position={"x": box["width"] * x, "y": box["height"] * y})


def outline(page: Page) -> str:
    return str(page.input_value("[name=polygon]"))


def carry_through(page: Page, enter: Callable[..., Page]) -> None:
    """From the drawn form to a fence in force, with the second officer's yes between."""
    page.select_option("[name=disease]", "covid19")
    page.click("form[action='/fences/foresee'] button:not([type=button])")
    page.click("form[action='/fences/propose'] button")
    second = enter("second")
    second.goto("/fences")
    second.fill("[name=password]", PASSWORD)
    second.click("form[action$='/approve'] button >> nth=0")
    page.goto("/fences")
    page.click("form[action$='/carry-out'] button")
    assert page.said == second.said == []  # type: ignore[attr-defined]


def test_corners_are_clicked_taken_back_and_closed_and_the_fence_is_in_the_database(
    mapped: Town, enter: Callable[..., Page]
) -> None:
    page = enter("city_officer")
    page.goto("/fences")
    page.wait_for_selector("html[data-drawing=ready]")
    for x, y in ((0.02, 0.5), (0.5, 0.5), (0.5, 0.98), (0.9, 0.1)):
        corner(page, x, y)
    page.click("button[data-way=undo]")
    assert outline(page) == "", "not closed yet"
    corner(page, 0.02, 0.98)
    page.click("button[data-way=close]")
    drawn = json.loads(outline(page))
    assert len(drawn["coordinates"][0]) == 5
    carry_through(page, enter)
    [(polygon,)] = mapped.rows("select polygon from risk_area")
    assert json.loads(polygon) == drawn
    inside = [
        key
        for key, (longitude, latitude) in WHERE.items()
        if min(x for x, _ in drawn["coordinates"][0]) < longitude < max(x for x, _ in drawn["coordinates"][0])
        and min(y for _, y in drawn["coordinates"][0]) < latitude < max(y for _, y in drawn["coordinates"][0])
    ]
    assert inside == ["noodles", "market"], "the map's corners are where they were clicked"


def test_a_fence_is_drawn_with_keys_alone_on_a_phones_width_in_chinese(
    mapped: Town, enter: Callable[..., Page]
) -> None:
    page = enter("city_officer", "zh", width=360)
    page.goto("/fences")
    page.wait_for_selector("html[data-drawing=ready]")
    page.focus(".drawing svg")
    for keys in ("Enter", "Shift+ArrowRight Enter", "Shift+ArrowDown Enter", "ArrowLeft Enter Backspace c"):
        for key in keys.split():
            page.keyboard.press(key)
    drawn = json.loads(outline(page))
    assert len(drawn["coordinates"][0]) == 4
    assert "已闭合" in page.text_content(".tally")
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    carry_through(page, enter)
    assert len(mapped.rows("select risk_area_id from risk_area where polygon <> ''")) == 1
    page.goto("/fences/1")
    page.wait_for_selector("html[data-drawing=ready]")
    assert "M " in page.get_attribute(".drawing .fence", "d"), "its next version begins with the one before"
