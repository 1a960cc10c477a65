"""What a room's buttons do: each changes rows of the desk, says so on the next page, and only for whoever may."""

import re
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

import pytest
import vl_convert
from console_browser import Browser

from ringfence.access import CONTESTS_AT_ONCE, add_user, grant_role, set_password
from ringfence.seal import read_codes
from ringfence.store import EVERYWHERE, Act, Scope, Store
from ringfence.terms import SYSTEM, Actor, Grant, Role

Open = Callable[..., Browser]

PASSWORD = "lanterns over the river 38"


def rows(store: Store, sql: str) -> Sequence[tuple[Any, ...]]:
    return [tuple(row) for row in store.desk.rows(sql, scope=Scope.of_system())]


@pytest.fixture
def decided(lively: Store, now: datetime) -> Store:
    """Lively, and the officers who sign have a password."""
    for user in ("city_officer", "county_officer"):
        set_password(lively, user, password=PASSWORD, actor=Actor("administrator"), now=now)
    return lively


def test_a_signal_is_withdrawn_with_its_reason_and_what_only_it_justified(lively: Store, open_browser: Open) -> None:
    page = open_browser("epidemiologist").fill("/signals/1/withdraw", ground="decided_on_document", document="2022-17")
    assert "Signal 1 is withdrawn; 1 tasks" in page.text
    assert rows(lively, "select status from visible_signal") == [("withdrawn",)]
    assert rows(lively, "select status from visible_task") == [("withdrawn",)]
    assert rows(lively, "select status from visible_measure_order") == [("declined",)]
    assert rows(lively, "select status, reason from visible_exposure")[0][0] == "retracted"


def test_a_signal_is_dismissed_with_what_was_asked_because_of_it(
    lively: Store, open_browser: Open, now: datetime
) -> None:
    def doubt(act: Act) -> None:
        act.run("update signal set status = 'raised' where signal_id = 1")
        act.note("test.laid")

    lively.act(doubt, actor=SYSTEM, now=now)
    page = open_browser("epidemiologist").fill("/signals/1/dismiss", ground="sample_mixed_up")
    assert "Signal 1 is dismissed; 1 tasks" in page.text
    assert rows(lively, "select status from visible_signal") == [("dismissed",)]
    assert rows(lively, "select status from visible_task") == [("withdrawn",)]


@pytest.mark.parametrize("form", [{}, {"ground": "gossip"}, {"ground": "decided_on_document", "document": ""}])
def test_nothing_is_decided_without_a_reason(lively: Store, open_browser: Open, form: dict[str, str]) -> None:
    answer = open_browser("epidemiologist").fill("/signals/1/withdraw", **form)
    assert answer.status_code == 422
    assert rows(lively, "select status from visible_signal") == [("verified",)]


def test_a_task_is_done_with_its_outcome_by_the_worker(lively: Store, open_browser: Open) -> None:
    page = open_browser("grid_worker").fill("/work/done", task="1", outcome="reached", back="/work?status=done")
    assert "1 task(s) done." in page.text
    assert page.url.path == "/work"
    assert rows(lively, "select status, outcome from visible_task") == [("done", "reached")]


def test_an_attempt_leaves_the_task_to_be_done_and_raises_it(lively: Store, open_browser: Open) -> None:
    page = open_browser("grid_worker").fill("/work/done", task="1", outcome="refused")
    assert "were tried and are still to be done" in page.text
    assert rows(lively, "select status, level from visible_task") == [("acknowledged", "township")]


def test_tasks_are_reassigned_and_a_unit_handed_over_whole(lively: Store, open_browser: Open) -> None:
    county = open_browser("county_officer")
    assert "belong to 111-g2 now" in county.fill("/work/reassign", task="1", to="111-g2").text
    assert rows(lively, "select owner, status from visible_task") == [("111-g2", "open")]
    back = county.fill("/work/units/hand-over", unit="111-g2", to="111-g1")
    assert "went from 111-g2 to 111-g1" in back.text
    assert rows(lively, "select owner from visible_task") == [("111-g1",)]


def test_a_deputy_is_named_for_today(lively: Store, open_browser: Open) -> None:
    page = open_browser("county_officer").fill("/work/units/deputy", unit="111-g1", deputy="officer-0009")
    assert "officer-0009 is deputy" in page.text, page.text
    assert rows(lively, "select leader, deputy from duty") == [("officer-0001", "officer-0009")]


def test_an_order_is_signed_with_the_password_by_somebody_else_and_put_on_paper(
    decided: Store, open_browser: Open
) -> None:
    chief = open_browser("city_officer")
    assert chief.fill("/orders/sign", order="1", password="wrong words entirely").status_code == 403
    assert rows(decided, "select status from visible_measure_order") == [("drafted",)]
    assert chief.get("/orders/1/paper").status_code == 409
    assert "1 order(s) signed." in chief.fill("/orders/sign", order="1", password=PASSWORD).text
    assert rows(decided, "select status, signed_by from visible_measure_order") == [("signed", "city_officer")]
    paper = chief.get("/orders/1/paper").text
    assert "<svg" in paper
    assert "the law, article 39" in paper
    assert "4711" in paper


def test_orders_are_declined_and_end_now_with_a_reason(decided: Store, open_browser: Open) -> None:
    chief = open_browser("city_officer")
    chief.fill("/orders/sign", order="1", password=PASSWORD)
    chief.fill("/orders/release", order="1", ground="retest_negative")
    assert rows(decided, "select status from visible_measure_order") == [("released",)]


def test_whoever_holds_the_paper_contests_without_an_account(decided: Store, open_browser: Open) -> None:
    chief = open_browser("city_officer")
    chief.fill("/orders/sign", order="1", password=PASSWORD)
    paper = chief.get("/orders/1/paper")
    link = _link_of(paper.text)
    stranger = open_browser("grid_worker")
    stranger.cookies.clear()
    said = stranger.post("/contest", data={"link": link, "ground": "not_me"})
    assert "A person answers by 2022-03-02" in said.text
    assert rows(decided, "select ground, way, status from visible_dispute") == [("not_me", "link", "raised")]
    assert rows(decided, "select meanwhile from visible_measure_order") == [("health_monitoring",)]
    assert open_browser("county_officer").fill("/disputes/1/uphold").status_code == 403, "who drafted it answers"
    county = open_browser("county_officer@11")
    assert "Dispute 1 is upheld" in county.fill("/disputes/1/uphold").text
    assert rows(decided, "select status from visible_measure_order") == [("released",)]


@pytest.mark.usefixtures("decided")
def test_one_address_contests_only_now_and_then(open_browser: Open) -> None:
    stranger = open_browser("grid_worker")
    stranger.cookies.clear()
    said = [
        stranger.post("/contest", data={"link": "none", "ground": "not_me"}).status_code
        for _ in range(CONTESTS_AT_ONCE + 1)
    ]
    assert 429 not in said[:-1]
    assert said[-1] == 429


def test_a_policy_number_is_changed_by_two_and_brought_back(decided: Store, open_browser: Open, now: datetime) -> None:
    chief = open_browser("city_officer")
    change = {"key": "order.review_days", "value": "5", "from": "2022-03-02"}
    assert "order.review_days" in chief.get("/policy/plan", params=change).text
    assert "Proposal 1 waits" in chief.fill("/policy/propose", **change).text
    assert chief.fill("/policy/1/approve", password=PASSWORD).status_code == 403, "who proposed approves"
    _let_approve(decided, now)
    other = open_browser("second")
    assert "Proposal 1 is approved" in other.fill("/policy/1/approve", password=PASSWORD).text
    assert "published as version 2" in chief.fill("/policy/1/publish").text
    [(body,)] = rows(decided, "select body from policy_version where version = 2")
    assert '"2022-03-02":5' in body
    back = {"version": "1", "from": "2022-03-10"}
    tomorrow = open_browser("city_officer", later=timedelta(days=1))
    assert "order.review_days" in tomorrow.get("/policy/plan", params=back).text
    assert "Proposal 2 waits" in tomorrow.fill("/policy/propose", **back).text


def test_a_file_is_received_in_the_browser_and_its_rejects_are_shown(lively: Store, open_browser: Open) -> None:
    steward = open_browser("data_steward")
    lines = "place_id,name,kind,area_code,longitude,latitude\np9,西街超市,shop,111,,\np8,,nonsense,111,,\n"
    answer = steward.post(
        "/feeds/receive",
        data={"csrf": steward.csrf, "format": "places"},
        files={"file": ("places.csv", lines.encode(), "text/csv")},
    )
    assert "1 rows accepted, 1 rejected" in answer.text
    assert rows(lively, "select name from place where place_id = 'p9'") == [("西街超市",)]
    [(batch,)] = rows(lively, "select max(batch_no) from batch where feed = 'places'")
    assert "is empty" in steward.get(f"/feeds/{batch}").text
    assert rows(lively, "select count(*) from ledger where action = 'rejects.read'") == [(1,)]


def test_an_area_is_added_by_file(lively: Store, open_browser: Open) -> None:
    chief = open_browser("administrator")
    areas = rows(lively, "select area_code, name, level, parent_code from area order by area_path")
    lines = "code,name,level,parent_code\n" + "".join(
        ",".join(row) + "\n" for row in [*areas, ("123", "辰镇", "township", "12")]
    )
    answer = chief.post(
        "/areas/publish", data={"csrf": chief.csrf}, files={"file": ("areas.csv", lines.encode(), "text/csv")}
    )
    assert "1 areas added or renamed." in answer.text
    assert ("123",) in rows(lively, "select area_code from area")


def test_a_finding_is_corrected_by_one_and_judged_by_another(lively: Store, open_browser: Open) -> None:
    open_browser("county_officer").fill("/scorecards/findings/1/correct", proof="2022-44")
    assert rows(lively, "select status from visible_finding") == [("correcting",)]
    open_browser("city_officer").fill("/scorecards/findings/1/prove")
    assert rows(lively, "select status from visible_finding") == [("proven",)]


def test_the_ledger_is_recomputed(lively: Store, open_browser: Open) -> None:
    auditor = open_browser("auditor")
    page = auditor.fill("/ledger/verify").text
    [(count,)] = rows(lively, "select count(*) from ledger where action = 'ledger.verified'")
    assert "lines holds." in page
    assert count == 1


def test_a_look_at_a_person_is_on_the_ledger_and_the_page_says_so(lively: Store, open_browser: Open) -> None:
    page = open_browser("county_officer").get("/people/4711").text
    assert "Your look at this person is on the ledger." in page
    assert rows(lively, "select actor, purpose from ledger where action = 'person.looked_at'") == [
        ("county_officer", "outreach")
    ]
    assert "market" in page, "the kind of the place of exposure"


def test_a_search_is_on_the_ledger_before_it_finds_anybody(lively: Store, open_browser: Open) -> None:
    page = open_browser("county_officer").get("/people", params={"q": "wang", "purpose": "outreach"}).text
    assert "You looked through 1 people" in page
    assert rows(lively, "select actor, purpose, count from ledger where action = 'people.read'") == [
        ("county_officer", "outreach", 1)
    ]


def _link_of(paper: str) -> str:
    """The link in the code of a paper, read as a telephone would read it."""
    [code] = re.findall(r"<svg.*?</svg>", paper, re.DOTALL)
    [address] = read_codes(vl_convert.svg_to_png(code, scale=8))
    return address.split("?link=")[1]


def _let_approve(store: Store, now: datetime) -> None:
    """A second city officer, with a password."""

    def add(act: Act) -> None:
        add_user(act, "second")
        grant_role(act, "second", Grant(role=Role.CITY_OFFICER, area_path=EVERYWHERE))

    store.act(add, actor=Actor("administrator"), now=now)
    set_password(store, "second", password=PASSWORD, actor=Actor("administrator"), now=now)
