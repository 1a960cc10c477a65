"""Every form of the console changes a row: what the desk says before it is sent, and after, for each route there is."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest
from argon2 import PasswordHasher
from console_browser import PERSON
from console_crowd import PASSWORD, PIN, Crowd, Open, Rows, Sent, by
from starlette.routing import BaseRoute

from ringfence.access.passwords import HASHING
from ringfence.console import make_console
from ringfence.store import Store

# What the rooms do on PostgreSQL is asked in test_actions.py; here each form's way to its row is.
pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)

NEXT_WEEK = timedelta(days=7)
WHY = "the hospital asks whom it may call"
PLACES = "place_id,name,kind,area_code,longitude,latitude\np9,West Street,shop,111,,\n"
DRAWN = {"disease": "covid19", "level": "high", "from": "2022-03-01", "areas": "111"}
CHANGED = {"key": "order.review_days", "value": "5", "from": "2022-03-02"}
CONTESTED = {"kind": "task", "about": "1", "ground": "not_me", "way": "phone"}

RAISED = "update signal set status = 'raised' where signal_id = 1"
UNORDERED = "delete from measure_order"
OPEN = "update task set status = 'open' where task_id = 1"


@dataclass(frozen=True)
class Change:
    """What the desk is asked, and what it says before and after a form is sent; `first` is laid and sent before."""

    asked: str
    before: Rows
    after: Rows
    sent: Sent
    first: Sequence[Sent | str] = ()


def looked(action: str) -> str:
    """Who did something that changes the ledger alone."""
    return f"select distinct actor from ledger where action = '{action}'"  # noqa: S608 - our words


SIGNAL = "select status from visible_signal"
TASK = "select status, owner, outcome from visible_task"
ORDER = "select status from visible_measure_order"
DISPUTE = "select status from visible_dispute"
PROPOSAL = "select is_approved, decided_by from approval"
FINDING = "select status from visible_finding"
FENCE = "select risk_area_id, version, is_lifted from risk_area order by version"
PAIR = "select status, decided_by from link_review"
LOOK = "select is_justified, reviewer from look_review"

PROPOSE_POLICY = by("city_officer", "/policy/propose", **CHANGED)
APPROVE_POLICY = by("second", "/policy/1/approve", password=PASSWORD)
PROPOSE_FENCE = by("city_officer", "/fences/propose", **DRAWN)
APPROVE_FENCE = by("second", "/fences/asked/1/approve", password=PASSWORD)
RECEIVED = by("data_steward", "/feeds/receive", format="places", file=PLACES + "p8,,nonsense,111,,\n")
PUT_UP = (PROPOSE_FENCE, APPROVE_FENCE, by("city_officer", "/fences/asked/1/carry-out"))
ASK_LOOK = by("county_officer", f"/people/{PERSON}/ask", purpose="measures", reason=WHY)
CORRECT = by("county_officer", "/scorecards/findings/1/correct", proof="2022-44")
LOOKED = (by("county_officer", f"/people/{PERSON}", purpose="outreach"),)
DRAWN_LOOKS = (*LOOKED, by("auditor", "/looks/draw", later=NEXT_WEEK))

CHANGES: dict[str, Change] = {
    "/sign-in": Change(
        "select user_id from user_session where way = 'password'",
        [],
        [("city_officer",)],
        by("", "/sign-in", user="city_officer", password=PASSWORD),
    ),
    "/sign-out": Change(
        "select ended_at is null from user_session where user_id = 'auditor' order by 1",
        [],
        [(False,)],
        by("auditor", "/sign-out"),
    ),
    "/activate/{token}": Change(
        "select password_hash is null from user_account where user_id = 'li'",
        [(True,)],
        [(False,)],
        by("", "/activate/{own}", password=PASSWORD),
    ),
    "/activate/{token}/pin": Change(
        "select pin_hash is null from user_account where user_id = 'li'",
        [(True,)],
        [(False,)],
        by("", "/activate/{own}/pin", pin=PIN, again=PIN),
    ),
    "/phone/register/{token}": Change(
        "select unit_id from unit_device order by device_id",
        [("111-g1",)],
        [("111-g1",), ("111-g1",)],
        by("", "/phone/register/{phone}"),
    ),
    "/phone": Change(
        "select user_id from user_session where way = 'pin'",
        [],
        [("wang",)],
        by("the phone", "/phone", worker="wang", pin=PIN),
    ),
    "/contest": Change(
        DISPUTE,
        [],
        [("raised",)],
        by("", "/contest", link="{link}", ground="not_me"),
        [by("city_officer", "/orders/sign", order="1", password=PASSWORD)],
    ),
    "/signals/{number:int}/verify": Change(
        SIGNAL,
        [("raised",)],
        [("verified",)],
        by("epidemiologist", "/signals/1/verify", ground="confirmed_by_laboratory"),
        [RAISED],
    ),
    "/signals/{number:int}/dismiss": Change(
        SIGNAL,
        [("raised",)],
        [("dismissed",)],
        by("epidemiologist", "/signals/1/dismiss", ground="sample_mixed_up"),
        [RAISED],
    ),
    "/signals/{number:int}/reopen": Change(
        SIGNAL,
        [("dismissed",)],
        [("raised",)],
        by("epidemiologist", "/signals/1/reopen", ground="decided_on_document", document="17"),
        [RAISED, by("epidemiologist", "/signals/1/dismiss", ground="sample_mixed_up")],
    ),
    "/signals/{number:int}/withdraw": Change(
        SIGNAL,
        [("verified",)],
        [("withdrawn",)],
        by("epidemiologist", "/signals/1/withdraw", ground="retest_negative"),
    ),
    "/ring/{number:int}/dispatch": Change(
        "select responded_at is null from visible_signal",
        [(True,)],
        [(False,)],
        by("epidemiologist", "/ring/1/dispatch"),
    ),
    "/work/acknowledge": Change(
        TASK,
        [("open", "111-g1", None)],
        [("acknowledged", "111-g1", None)],
        by("grid_worker", "/work/acknowledge", task="1"),
        [OPEN],
    ),
    "/work/done": Change(
        TASK,
        [("acknowledged", "111-g1", None)],
        [("done", "111-g1", "reached")],
        by("grid_worker", "/work/done", task="1", outcome="reached"),
    ),
    "/work/reassign": Change(
        TASK,
        [("acknowledged", "111-g1", None)],
        [("open", "111-g2", None)],
        by("county_officer", "/work/reassign", task="1", to="111-g2"),
    ),
    "/work/units/hand-over": Change(
        "select t.owner, f.unit_id from visible_task t cross join visible_follow_up f",
        [("111-g1", "111-g1")],
        [("111-g2", "111-g2")],
        by("county_officer", "/work/units/hand-over", unit="111-g1", to="111-g2"),
    ),
    "/work/units/deputy": Change(
        "select leader, deputy from duty",
        [("officer-0001", None)],
        [("officer-0001", "officer-0009")],
        by("county_officer", "/work/units/deputy", unit="111-g1", deputy="officer-0009"),
    ),
    "/work/units/phone": Change(
        "select count(*) from access_link where unit_id is not null and made_by = 'county_officer'",
        [(0,)],
        [(1,)],
        by("county_officer", "/work/units/phone", unit="111-g1"),
    ),
    "/people/{number:int}": Change(looked("person.looked_at"), [], [("county_officer",)], LOOKED[0]),
    "/people/{number:int}/ask": Change(PROPOSAL, [], [(None, None)], ASK_LOOK),
    "/people/{number:int}/sheet": Change(
        looked("held.read"), [], [("county_officer",)], by("county_officer", f"/people/{PERSON}/sheet")
    ),
    "/people/asked/{number:int}/approve": Change(
        PROPOSAL, [(None, None)], [(True, "city_officer")], by("city_officer", "/people/asked/1/approve"), [ASK_LOOK]
    ),
    "/people/asked/{number:int}/decline": Change(
        PROPOSAL, [(None, None)], [(False, "city_officer")], by("city_officer", "/people/asked/1/decline"), [ASK_LOOK]
    ),
    "/orders/sign": Change(
        ORDER, [("drafted",)], [("signed",)], by("city_officer", "/orders/sign", order="1", password=PASSWORD)
    ),
    "/orders/decline": Change(
        ORDER,
        [("drafted",)],
        [("declined",)],
        by("city_officer", "/orders/decline", order="1", ground="retest_negative"),
    ),
    "/orders/release": Change(
        ORDER,
        [("signed",)],
        [("released",)],
        by("city_officer", "/orders/release", order="1", ground="retest_negative"),
        [by("city_officer", "/orders/sign", order="1", password=PASSWORD)],
    ),
    "/disputes/raise": Change(DISPUTE, [], [("raised",)], by("county_officer", "/disputes/raise", **CONTESTED)),
    "/disputes/{number:int}/uphold": Change(
        DISPUTE,
        [("raised",)],
        [("upheld",)],
        by("county_officer@11", "/disputes/1/uphold"),
        [by("county_officer", "/disputes/raise", **CONTESTED)],
    ),
    "/disputes/{number:int}/reject": Change(
        DISPUTE,
        [("raised",)],
        [("rejected",)],
        by("county_officer@11", "/disputes/1/reject"),
        [by("county_officer", "/disputes/raise", **CONTESTED)],
    ),
    "/policy/propose": Change(PROPOSAL, [], [(None, None)], PROPOSE_POLICY),
    "/policy/{number:int}/approve": Change(
        PROPOSAL, [(None, None)], [(True, "second")], APPROVE_POLICY, [PROPOSE_POLICY]
    ),
    "/policy/{number:int}/decline": Change(
        PROPOSAL, [(None, None)], [(False, "second")], by("second", "/policy/1/decline"), [PROPOSE_POLICY]
    ),
    "/policy/{number:int}/publish": Change(
        "select version, published_by from policy_version where version > 1",
        [],
        [(2, "city_officer")],
        by("city_officer", "/policy/1/publish"),
        [PROPOSE_POLICY, APPROVE_POLICY],
    ),
    "/feeds/receive": Change(
        "select place_id from place where place_id = 'p9'",
        [],
        [("p9",)],
        by("data_steward", "/feeds/receive", format="places", file=PLACES),
    ),
    "/feeds/{number:int}/rejects": Change(
        looked("rejects.read"), [], [("data_steward",)], by("data_steward", "/feeds/1/rejects"), [RECEIVED]
    ),
    "/links/{number:int}/same": Change(
        PAIR, [("open", None)], [("same", "data_steward")], by("data_steward", "/links/1/same")
    ),
    "/links/{number:int}/different": Change(
        PAIR, [("open", None)], [("different", "data_steward")], by("data_steward", "/links/1/different")
    ),
    "/links/{number:int}/undo": Change(
        "select status from link_review",
        [("same",)],
        [("open",)],
        by("data_steward", "/links/1/undo"),
        [by("data_steward", "/links/1/same")],
    ),
    "/areas/publish": Change(
        "select name from area where area_code = '123'",
        [],
        [("辰镇",)],
        by("administrator", "/areas/publish", file="{areas}123,辰镇,township,12\n"),
    ),
    "/fences/foresee": Change(
        looked("risk_area.foreseen"), [], [("city_officer",)], by("city_officer", "/fences/foresee", **DRAWN)
    ),
    "/fences/propose": Change(PROPOSAL, [], [(None, None)], PROPOSE_FENCE),
    "/fences/asked/{number:int}/approve": Change(
        PROPOSAL, [(None, None)], [(True, "second")], APPROVE_FENCE, [PROPOSE_FENCE]
    ),
    "/fences/asked/{number:int}/decline": Change(
        PROPOSAL, [(None, None)], [(False, "second")], by("second", "/fences/asked/1/decline"), [PROPOSE_FENCE]
    ),
    "/fences/asked/{number:int}/carry-out": Change(
        FENCE, [], [(1, 1, False)], PUT_UP[2], [PROPOSE_FENCE, APPROVE_FENCE]
    ),
    "/fences/{number:int}/lift": Change(
        "select plan_kind from approval where decided_by is null",
        [],
        [("risk_area",)],
        by("city_officer", "/fences/1/lift"),
        PUT_UP,
    ),
    "/scorecards/findings/{number:int}/correct": Change(FINDING, [("open",)], [("correcting",)], CORRECT),
    "/scorecards/findings/{number:int}/prove": Change(
        FINDING, [("correcting",)], [("proven",)], by("city_officer", "/scorecards/findings/1/prove"), [CORRECT]
    ),
    "/scorecards/findings/{number:int}/reopen": Change(
        FINDING, [("correcting",)], [("reopened",)], by("city_officer", "/scorecards/findings/1/reopen"), [CORRECT]
    ),
    "/ledger/verify": Change(looked("ledger.verified"), [], [("auditor",)], by("auditor", "/ledger/verify")),
    "/ledger/heads": Change(looked("ledger.heads_signed"), [], [("auditor",)], by("auditor", "/ledger/heads")),
    "/looks/draw": Change(LOOK, [], [(None, None)], DRAWN_LOOKS[-1], LOOKED),
    "/looks/{number:int}/justified": Change(
        LOOK,
        [(None, None)],
        [(True, "auditor")],
        by("auditor", "/looks/1/justified", later=NEXT_WEEK),
        DRAWN_LOOKS,
    ),
    "/looks/{number:int}/not-justified": Change(
        LOOK,
        [(None, None)],
        [(False, "auditor")],
        by("auditor", "/looks/1/not-justified", later=NEXT_WEEK),
        DRAWN_LOOKS,
    ),
}

IN_THE_TOWN = {"/orders/draft": "tests/browser/test_console_click_through.py"}
"""What needs a trace of real records: it is asserted where one is."""


def forms_of(routes: Sequence[BaseRoute]) -> set[str]:
    return {str(getattr(route, "path", "")) for route in routes if "POST" in (getattr(route, "methods", None) or ())}


def test_every_form_says_which_row_it_changes(lively: Store, now: datetime) -> None:
    assert forms_of(make_console(lively, clock=lambda: now).routes) == CHANGES.keys() | IN_THE_TOWN.keys()


@pytest.mark.parametrize("route", CHANGES)
def test_a_form_changes_its_row(crowded: Crowd, route: str) -> None:
    change = CHANGES[route]
    for step in change.first:
        crowded.lay(step) if isinstance(step, str) else crowded.send(step)
    assert crowded.rows(change.asked) == change.before
    crowded.send(change.sent)
    assert crowded.rows(change.asked) == change.after


@pytest.fixture
def crowded(lively: Store, now: datetime, open_browser: Open, monkeypatch: pytest.MonkeyPatch) -> Crowd:
    monkeypatch.setattr(HASHING, "_hasher", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
    return Crowd(lively, now, open_browser)
