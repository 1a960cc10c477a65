"""Nobody found goes untold: a message is proposed at once, and its clock never restarts (policy 2.2)."""

from pathlib import Path

import pytest
from small_town import CHIEF, COUNTY, DAY, EPIDEMIOLOGIST, EVENING, KNOWN, NOON, Town, case, check_in

from ringfence import flow, work
from ringfence.cli.calls import Asked
from ringfence.cli.tasks import list_messages
from ringfence.store import Scope, Store
from ringfence.terms import RecordKind, to_us

LUNCH = ("2022-02-28 12:00", "2022-02-28 13:00")
NOBODY_HAS_ROOM = [
    ("111-g1", "111", "grid", "visit;identify", 1),
    ("1111-g1", "1111", "grid", "visit;identify", 0),
    ("121-g1", "121", "grid", "visit;identify", 0),
    ("city", "1", "city", "retest", 0),
]
INDICATOR = """
select numerator, denominator from visible_scorecard
where indicator = 'below_cut_messages_proposed_in_time' and area_path = '1/'
"""


@pytest.fixture
def town(staffed: Store, tmp_path: Path) -> Town:
    """A case at a table with two known people and one whose link is not certain; one door can be visited."""
    (tmp_path / "files").mkdir()
    town = Town(staffed, tmp_path / "files", now=NOON)
    town.settle(units=NOBODY_HAS_ROOM)
    town.now = EVENING
    somebody = {"name": "高", "phone": KNOWN["gao1"]["phone"]}
    town.receive(
        check_ins=[check_in(one, "noodles", *LUNCH) for one in ("wang1", "li1", "zhao1", somebody)],
        case_line_list=[case("wang1", "C1", "2022-03-01 18:00", sampled_at="2022-03-01 10:00")],
    )
    town.respond()
    return town


def proposed(town: Town) -> dict[str, int | None]:
    """When a message was proposed to everybody below the cut, by the register's key, else `?`."""
    keys = {number: key for key, number in town.numbers().items()}
    [signal] = town.signals()
    below = town.below(signal.signal_id)
    rows = town.store.lake.read(RecordKind.EXPOSURE_BELOW_CUT).to_pylist()
    newest = max(row["batch"] for row in rows)
    return {
        keys.get(row["subject"], "?"): row["message_proposed_at"]
        for row in rows
        if row["batch"] == newest and row["subject"] in below
    }


def test_a_message_is_proposed_to_everybody_it_cannot_tell_to_a_stranger(town: Town) -> None:
    at_once = to_us(EVENING)
    told = proposed(town)
    assert told["?"] is None, "nobody writes to somebody whose link is not certain"
    assert {key: at for key, at in told.items() if key != "?"} == dict.fromkeys(
        ("li1", "li2", "zhao1", "zhao2", "zhao3"), at_once
    )
    messages = work.list_proposed_messages(town.store.desk, scope=Scope.of_system())
    assert {one.owner: one.people for one in messages} == {"111-g1": 2, "121-g1": 3}


def test_a_unit_is_told_that_it_has_somebody_to_tell_and_not_how_few(town: Town) -> None:
    messages = list_messages(town.store, Asked(COUNTY, town.now, lambda _what, _share: None))["messages"]
    assert {one["owner"]: one["people"] for one in messages} == {"111-g1": None, "121-g1": None}


def test_tracing_again_keeps_the_instant_and_the_account_counts_who_stays_untold(town: Town) -> None:
    first = proposed(town)
    town.now += DAY
    flow.respond(town.store, town.signals(), actor=EPIDEMIOLOGIST, now=town.now, seed=3)
    assert proposed(town) == first
    town.now += DAY
    flow.hold_to_account(town.store, day=town.store.clock.day_of(town.now - DAY), actor=CHIEF, now=town.now)
    assert town.rows(INDICATOR) == [(5, 6)]
