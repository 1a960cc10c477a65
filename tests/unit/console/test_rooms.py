"""Every room found, in both languages: it opens to whom it may concern, shows what is there, and to nobody else."""

import re
from collections.abc import Callable

import pytest
from console_browser import Browser

from ringfence.console.room import Room, read_rooms
from ringfence.policy import read_defaults
from ringfence.terms import Role

RIGHTS = read_defaults().roles
PURPOSES = read_defaults().purposes
ROOMS = {room.key: room for room in read_rooms()}


def opens(room: Room, role: Role) -> bool:
    return any(
        key in RIGHTS[role].purposes and (not room.table or room.table in PURPOSES[key].tables & RIGHTS[role].tables)
        for key in room.purposes
    )


KNOWN = {
    ("today", Role.COUNTY_OFFICER): "1",
    ("signals", Role.EPIDEMIOLOGIST): "4242",
    ("ring", Role.EPIDEMIOLOGIST): "/ring/1",
    ("work", Role.GRID_WORKER): "4711",
    ("work", Role.COUNTY_OFFICER): "111-g1",
    ("orders", Role.CITY_OFFICER): "4711",
    ("policy", Role.CITY_OFFICER): "order.review_days",
    ("feeds", Role.DATA_STEWARD): "901",
    ("areas", Role.ADMINISTRATOR): "丑镇",
    ("scorecards", Role.CITY_OFFICER): "38%",
    ("ledger", Role.AUDITOR): "signal.verified",
}
"""A record that a room must show to a role."""


def account(role: Role) -> str:
    return "administrator" if role is Role.ADMINISTRATOR else role.value


def test_the_rooms_of_the_issue_are_there() -> None:
    wanted = {
        "today",
        "signals",
        "ring",
        "work",
        "people",
        "orders",
        "policy",
        "feeds",
        "areas",
        "scorecards",
        "ledger",
    }
    assert wanted <= set(ROOMS)


@pytest.mark.parametrize("room", ROOMS.values(), ids=lambda room: room.key)
def test_a_rooms_purposes_are_declared_and_it_is_somebodys(room: Room) -> None:
    assert set(room.purposes) <= set(PURPOSES)
    assert any(opens(room, role) for role in Role)


@pytest.mark.usefixtures("lively")
@pytest.mark.parametrize("room", ROOMS.values(), ids=lambda room: room.key)
def test_a_room_opens_in_both_languages_to_whom_it_may_concern_and_to_nobody_else(
    open_browser: Callable[..., Browser], room: Room
) -> None:
    for role in Role:
        for language in ("en", "zh"):
            page = open_browser(account(role), language).get(f"/{room.key}")
            assert page.status_code == (200 if opens(room, role) else 403), (role, page.text)
            assert f'lang="{"zh-CN" if language == "zh" else "en"}"' in page.text
            assert (KNOWN.get((room.key, role), "") in page.text) or not opens(room, role)
            assert not re.search(r"<script(?![^>]* src=)", page.text), "a script stands in the page itself"
            assert not re.search(r"\sstyle=|\son[a-z]+=", page.text), "a style or a handler stands in the page itself"
            assert opens(room, role) or "4711" not in page.text


@pytest.mark.usefixtures("lively")
@pytest.mark.parametrize(("key", "role"), KNOWN, ids=str)
def test_what_a_page_says_is_said_in_chinese(open_browser: Callable[..., Browser], key: str, role: Role) -> None:
    page = open_browser(account(role), "zh").get(f"/{key}").text
    words = re.sub(r"<[^>]*>|<code>.*?</code>", " ", page.split("<main", 1)[1])
    assert re.search(r"[\u4e00-\u9fff]", words)
    menu = re.findall(r'<li><a href="/\w+"[^>]*>([^<]+)</a>', page)
    assert menu
    assert all(re.search(r"[\u4e00-\u9fff]", title) for title in menu)


@pytest.mark.parametrize("room", ROOMS.values(), ids=lambda room: room.key)
def test_nobody_who_is_not_signed_in_sees_a_room(open_browser: Callable[..., Browser], room: Room) -> None:
    browser = open_browser("city_officer")
    browser.cookies.delete("session")
    answer = browser.get(f"/{room.key}", follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, f"/sign-in?next=/{room.key}")
