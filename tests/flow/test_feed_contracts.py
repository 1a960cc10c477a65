"""Feeds that come late, fall silent, shrink, swell or drift are noticed once, by name."""

from datetime import timedelta
from pathlib import Path

import pytest
from small_town import DAY, EVENING, NOON, PLACES, RESIDENTS, STEWARD, Town, check_in

from ringfence import flow, stewardship
from ringfence.feeds import Punctuality
from ringfence.intake import Delivery
from ringfence.store import Store

BOOKS = """
feed = "door_books"
format = "check_ins"
department = "市场监管局"
purpose = "tracing"
retention = "feed.check_ins"

[columns]
place_id = "place_id"
entered_at = "entered_at"
left_at = "left_at"
name = "name"
id_number = "id_number"
phone = "phone"

[due]
by = 08:00:00
"""

SEEN = "select reason from visible_observation order by observation_id"


@pytest.fixture
def town(staffed: Store, tmp_path: Path) -> Town:
    (tmp_path / "files").mkdir()
    opened = Town(staffed, tmp_path / "files", now=NOON)
    opened.receive(places=PLACES, resident_register=RESIDENTS)
    stewardship.declare_feed(staffed, BOOKS, actor=STEWARD, now=NOON)
    return opened


def states(town: Town) -> list[tuple[str, Punctuality, int]]:
    found = flow.check_feeds(town.store, actor=STEWARD, now=town.now)
    return [(one.feed, one.punctuality, one.missed) for one in found]


def send(town: Town, rows: int, *, nameless: int = 0) -> None:
    """A file of the feed; so many of its rows give a phone only."""
    day = town.now.date()
    lines = [
        check_in({"phone": f"139{place:08}"} if place < nameless else "wang1", "noodles", f"{day} 01:{place:02}", "")
        for place in range(rows)
    ]
    town.send(Delivery("door_books", town.write("check_ins", lines).path))


def codes(town: Town) -> list[str]:
    return [reason.split('"code":"')[1].split('"')[0] for (reason,) in town.rows(SEEN)]


def test_a_feed_is_in_time_then_late_then_silent_then_in_time_again(town: Town) -> None:
    assert states(town) == [], "its first deadline is tomorrow at eight"
    town.now = NOON + timedelta(hours=18)
    send(town, 1)
    town.now += timedelta(hours=3)
    assert states(town) == [("door_books", Punctuality.IN_TIME, 0)]
    town.now += DAY
    assert states(town) == [("door_books", Punctuality.LATE, 1)]
    town.now += 2 * DAY
    assert states(town) == states(town) == [("door_books", Punctuality.SILENT, 3)]
    send(town, 1)
    assert states(town) == [("door_books", Punctuality.IN_TIME, 0)]
    assert codes(town) == ["feed_late", "feed_silent"], "each once a day"


def test_nobody_is_late_on_a_holiday_or_a_day_off(town: Town) -> None:
    agreed = BOOKS + 'weekdays = ["mon", "tue", "wed", "thu", "fri"]\nholidays = [2022-03-02, 2022-03-03]\n'
    stewardship.declare_feed(town.store, agreed, actor=STEWARD, now=NOON)
    missed = {}
    for day in range(1, 8):
        town.now = NOON + day * DAY
        missed[f"{town.now:%a %d}"] = [count for *_, count in states(town)]
    assert missed == {
        "Wed 02": [], "Thu 03": [], "Fri 04": [1], "Sat 05": [1], "Sun 06": [1], "Mon 07": [2], "Tue 08": [3],
    }  # fmt: skip


def test_a_feed_that_never_came_counts_from_its_declaration(town: Town) -> None:
    town.now = NOON + DAY
    assert states(town) == [("door_books", Punctuality.LATE, 1)]


@pytest.mark.parametrize(
    ("rows", "nameless", "seen"),
    [(20, 0, []), (11, 0, []), (9, 0, ["feed_shrunken"]), (40, 0, []), (41, 0, ["feed_swollen"]),
     (20, 4, []), (20, 5, ["feed_emptier"])],
)  # fmt: skip
def test_a_file_unlike_the_five_before_it_is_noticed(town: Town, rows: int, nameless: int, seen: list[str]) -> None:
    for _ in range(5):
        send(town, 20)
        town.now += DAY
    assert codes(town) == []
    send(town, rows, nameless=nameless)
    assert codes(town) == seen


def test_unknown_codes_that_appear_are_noticed_by_their_column(town: Town) -> None:
    town.now = EVENING

    def register(sex: str) -> None:
        town.now += DAY
        rows = [{**one, "sex": sex, "phone": f"{town.now:%d}{one['phone'][2:]}"} for one in RESIDENTS]
        town.receive(resident_register=rows)

    for _ in range(5):
        register("male")
    register("M.")
    assert codes(town) == ["feed_new_codes"]
