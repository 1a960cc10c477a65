"""Today says each line of defence in a few numbers, of what its reader could list and of nothing else."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial

import pytest
from console_browser import HERE, Browser
from gate_lane import TOO_OLD, car, open_gate, register, traveller

from ringfence import flow
from ringfence.gate import NextStep, Verdict
from ringfence.signals import raise_signal
from ringfence.store import Act, Store
from ringfence.terms import SYSTEM, Actor, Area, Reason, ReasonCode, Signal, SignalKind, Subject, SubjectKind

Open = Callable[..., Browser]
LATER = timedelta(hours=12)
REFUSED = Verdict.refuse(ReasonCode.CERTIFICATE_EXPIRED, NextStep.SHOW_ANOTHER_PROOF)


@pytest.fixture
def passed(lively: Store, areas: dict[str, Area], now: datetime) -> Store:
    """Three cars today, one yesterday: four let through, two to check again, one refused; all reported at midnight."""
    gate = open_gate(lively, areas=areas, now=now)
    for number, ago, people in (
        (1, 0, [traveller(1), traveller(2, TOO_OLD)]),
        (2, 0, [traveller(3), traveller(4), traveller(5), traveller(6, REFUSED)]),
        (3, 0, [traveller(7, TOO_OLD)]),
        (4, 24, [traveller(8)]),
    ):
        moment = now - timedelta(hours=ago)
        register(lively, car(number, *people, gate=gate, passed_at=moment), now=now)
    flow.arrive(lively, is_hurried=True, actor=SYSTEM, now=now + LATER)
    return lively


def numbers(page: str) -> dict[str, int]:
    """The tiles of a page: what each is of, and how many."""
    found = re.findall(r"<b[^>]*>([\d,]+)</b>(?:<a [^>]*>|<span>|\s)*([^<]+)", page)
    return {words.strip(): int(number.replace(",", "")) for number, words in found}


@pytest.mark.usefixtures("passed")
def test_gate_staff_see_what_each_check_came_to_today(open_browser: Open) -> None:
    found = numbers(open_browser("gate_staff").get("/today").text)
    wanted = {"passages today": 3, "travellers admitted": 4, "to be checked again": 2, "refused": 1}
    assert {name: found.get(name) for name in wanted} == wanted


@pytest.mark.usefixtures("passed")
@pytest.mark.parametrize("officer", ["city_officer", "county_officer", "township_officer"])
def test_officers_see_what_gates_reported_and_no_verdict(open_browser: Open, officer: str) -> None:
    found = numbers(open_browser(officer, later=LATER).get("/today").text)
    wanted = {"passages reported today": 4, "travellers admitted": 5, "not admitted at once": 3}
    assert {name: found.get(name) for name in wanted} == wanted
    assert not found.keys() & {"refused", "to be checked again"}


@pytest.mark.usefixtures("passed")
@pytest.mark.parametrize("user", ["grid_worker", "auditor", "data_steward"])
def test_who_may_list_neither_is_told_nothing(open_browser: Open, user: str) -> None:
    assert "The lines of defence today" not in open_browser(user).get("/today").text


@pytest.mark.usefixtures("passed")
def test_the_lines_are_said_in_chinese(open_browser: Open) -> None:
    page = open_browser("gate_staff", "zh").get("/today").text
    assert numbers(page)["拒绝"] == 1
    assert "今日各道防线" in page


@pytest.mark.usefixtures("lively")
def test_signals_of_lots_and_of_sentinels_are_counted_apart(staffed: Store, open_browser: Open, now: datetime) -> None:
    def raise_one(act: Act, kind: SignalKind) -> Signal:
        place = Subject(SubjectKind.PLACE, "7")
        said = Reason.of(ReasonCode.SAID_BY, actor="epidemiologist")
        return raise_signal(
            act, kind=kind, subject=place, disease="covid19", area_path=HERE, reason=said, origin=f"test:{kind}"
        )

    for kind in (SignalKind.POSITIVE_LOT, SignalKind.EXCURSION, SignalKind.ABERRATION, SignalKind.SILENT_SENTINEL):
        staffed.act(partial(raise_one, kind=kind), actor=Actor("epidemiologist"), now=now)
    found = numbers(open_browser("epidemiologist").get("/today").text)
    wanted = {"signals of lots today": 2, "alarms today": 1, "sites fallen silent today": 1}
    assert {name: found.get(name) for name in wanted} == wanted
