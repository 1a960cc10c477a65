"""Whoever drafts orders for a signal is told on the page who proposes for its people in other areas (policy 2.6)."""

from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from small_town import EVENING, NOON, Town, case, check_in

from ringfence.access import add_user, grant_role
from ringfence.access.sessions import SignInWay, open_session
from ringfence.console import make_console
from ringfence.policy import Policy, read_in_force
from ringfence.store import Act, Store
from ringfence.terms import Actor, Grant, Role

LUNCH = ("2022-02-28 12:00", "2022-02-28 13:00")
HERE = Actor("officer of the county")


@pytest.fixture
def town(staffed: Store, tmp_path: Path) -> Town:
    """A town settled, with an officer who has the first county alone."""
    (tmp_path / "files").mkdir()
    town = Town(staffed, tmp_path / "files", now=NOON)
    town.settle()
    town.now = EVENING

    def appoint(act: Act) -> None:
        add_user(act, HERE.actor_id)
        grant_role(act, HERE.actor_id, Grant(role=Role.COUNTY_OFFICER, area_path="1/11/"))

    town.act(appoint, Actor("administrator"))
    return town


def draft(town: Town, language: str) -> str:
    """The page after the officer of the first county has drafted for the first signal."""
    policy = Policy(read_in_force(town.store.desk, now=town.now), town.store.clock.day_of(town.now))
    opened = town.act(
        lambda act: open_session(act, HERE.actor_id, way=SignInWay.PASSWORD, address_digest="", policy=policy), HERE
    )
    cookies = {"session": opened.token, "language": language}
    console = make_console(town.store, clock=lambda: town.now)
    with TestClient(console, headers={"origin": "http://testserver"}, cookies=cookies) as http:
        page = http.post("/orders/draft", data={"csrf": opened.session.csrf_token, "signal": "1"})
    assert page.status_code == 200
    return page.text


@pytest.mark.parametrize(
    ("language", "said", "others", "shown"),
    [
        ("en", "Left to others", ("zhao1", "zhou1"), "5"),  # two households in two towns of one county
        ("zh", "由其他地区提出", ("zhou1",), "·"),  # a couple: so few are not told apart
    ],
)
def test_the_page_says_which_county_proposes_for_the_rest_and_holds_small_numbers_back(
    town: Town, language: str, said: str, others: tuple[str, ...], shown: str
) -> None:
    town.receive(
        check_ins=[check_in(one, "noodles", *LUNCH) for one in ("wang1", "li1", *others)],
        case_line_list=[case("wang1", "C1", "2022-03-01 18:00", sampled_at="2022-03-01 10:00")],
    )
    town.respond()
    page, numbers = draft(town, language), town.numbers()
    drafted = {person for (person,) in town.rows("select person_no from visible_measure_order")}
    assert numbers["li1"] in drafted
    assert not drafted & {numbers[one] for one in others}
    assert said in page
    assert "/people/" not in page, "counts alone"
    [row] = [line for line in page.splitlines() if "<tr><td data-label" in line]
    assert "乙县</td>" in row
    assert f">{shown}</td>" in row


def test_whoever_has_all_of_them_goes_straight_to_the_drafts(town: Town) -> None:
    town.receive(
        check_ins=[check_in(one, "noodles", *LUNCH) for one in ("wang1", "li1")],
        case_line_list=[case("wang1", "C1", "2022-03-01 18:00", sampled_at="2022-03-01 10:00")],
    )
    town.respond()
    page = draft(town, "en")
    assert "Left to others" not in page
    assert "order(s) drafted; an officer decides." in page
