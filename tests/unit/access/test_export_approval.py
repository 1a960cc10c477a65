"""What is taken out carries a number and a mark; more than the policy's rows need a second signature."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from ringfence.access import Export, Watermark, approve, begin_export, propose, propose_export, sign_export
from ringfence.errors import ApprovalMissing, InputRefused, NotAllowed
from ringfence.store import Store, read_recent_lines
from ringfence.terms import Actor, Language, Plan, Purpose

COUNTY, SECOND = Actor("county_officer@11"), Actor("county_officer")
EXPORT = Export(
    listing="tasks", filters={"status": "open"}, area_path="1/11/", purpose=Purpose("accountability", "7.3"), rows=900
)


def begin(
    store: Store, now: datetime, *, export: Export = EXPORT, count: int, signed: int | None = None, by: Actor = COUNTY
) -> Watermark:
    return store.act(
        lambda act: begin_export(act, export, count=count, approval_id=signed, clock=store.clock), actor=by, now=now
    )


def propose_and_sign(store: Store, now: datetime, *, export: Export = EXPORT) -> int:
    number = store.act(lambda act: propose_export(act, export), actor=COUNTY, now=now)
    store.act(lambda act: sign_export(act, number), actor=SECOND, now=now)
    return number


def test_a_short_export_needs_one_signature_and_carries_a_mark_in_both_languages(staffed: Store, now: datetime) -> None:
    mark = begin(staffed, now, count=500)
    assert (mark.number, mark.user_id, mark.approved_by) == (1, "county_officer@11", None)
    assert mark.say(Language.EN, clock=staffed.clock) == (
        "Export 1, taken out by county_officer@11 at 2022-03-01 12:00 for 'accountability' (clause 7.3); "
        "not to be passed on"
    )
    assert "导出编号 1，由 county_officer@11 于 2022-03-01 12:00" in mark.say(Language.ZH, clock=staffed.clock)
    line = read_recent_lines(staffed.desk, count=1)[0]
    assert (line["action"], line["count"], line["purpose"]) == ("export.begun", 500, "accountability")


def test_no_two_exports_have_the_same_number(staffed: Store, now: datetime) -> None:
    assert [begin(staffed, now, count=1).number for _ in range(3)] == [1, 2, 3]


def test_a_long_export_needs_a_second_signature_each_time(staffed: Store, now: datetime) -> None:
    with pytest.raises(ApprovalMissing, match="more than 500 rows needs a second signature"):
        begin(staffed, now, count=501)
    signed = propose_and_sign(staffed, now)
    assert begin(staffed, now, count=800, signed=signed).approved_by == "county_officer"
    with pytest.raises(ApprovalMissing, match="carried out already"):
        begin(staffed, now, count=800, signed=signed)


def test_a_signature_is_of_one_export_of_one_person_and_not_for_long(staffed: Store, now: datetime) -> None:
    signed = propose_and_sign(staffed, now)
    for other in ({"listing": "orders"}, {"filters": {}}, {"area_path": "1/"},
                  {"purpose": Purpose("outreach", "2.3")}):  # fmt: skip
        with pytest.raises((ApprovalMissing, NotAllowed)):
            begin(staffed, now, export=replace(EXPORT, **other), count=800, signed=signed)
    with pytest.raises(ApprovalMissing, match="signed for somebody else"):
        begin(staffed, now, count=800, signed=signed, by=SECOND)
    with pytest.raises(ApprovalMissing, match="too old"):
        begin(staffed, now + timedelta(hours=24, seconds=1), count=800, signed=signed)
    begin(staffed, now + timedelta(hours=24), count=800, signed=signed)


def test_an_unsigned_proposal_lets_nothing_out(staffed: Store, now: datetime) -> None:
    number = staffed.act(lambda act: propose_export(act, EXPORT), actor=COUNTY, now=now)
    with pytest.raises(ApprovalMissing, match="is not approved"):
        begin(staffed, now, count=501, signed=number)


def test_a_list_that_has_grown_beyond_what_was_asked_for_stays_in(staffed: Store, now: datetime) -> None:
    signed = propose_and_sign(staffed, now)
    with pytest.raises(InputRefused, match="has 901 rows by now, more than the 900 that were signed"):
        begin(staffed, now, count=901, signed=signed)


@pytest.mark.parametrize("rows", [501, 899, 900])
def test_a_list_that_changed_within_what_was_signed_goes_out(staffed: Store, now: datetime, rows: int) -> None:
    signed = propose_and_sign(staffed, now)
    assert begin(staffed, now, export=replace(EXPORT, rows=rows), count=rows, signed=signed).approved_by


def test_a_signature_for_something_else_than_an_export_lets_nothing_out(staffed: Store, now: datetime) -> None:
    plan = Plan(kind="risk_area", basis="new", added=({"field": "area", "value": "11"},))
    officer = Actor("administrator")
    number = staffed.act(lambda act: propose(act, plan, area_path="1/"), actor=officer, now=now)
    staffed.act(lambda act: approve(act, number), actor=Actor("city_officer"), now=now)
    with pytest.raises(ApprovalMissing, match="approved for another plan"):
        begin(staffed, now, count=501, signed=number)


def test_who_proposes_does_not_sign_and_who_signs_has_the_right_in_that_area(staffed: Store, now: datetime) -> None:
    number = staffed.act(lambda act: propose_export(act, EXPORT), actor=COUNTY, now=now)
    for user in ("county_officer@11", "county_officer@12", "epidemiologist", "administrator"):
        with pytest.raises(NotAllowed):
            staffed.act(lambda act: sign_export(act, number), actor=Actor(user), now=now)


def test_a_grid_worker_takes_nothing_out(staffed: Store, now: datetime) -> None:
    with pytest.raises(NotAllowed):
        begin(staffed, now, export=replace(EXPORT, area_path="1/11/111/"), count=1, by=Actor("grid_worker@111"))
