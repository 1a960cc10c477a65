"""Clause 6.5: no list without an epidemiological basis becomes a signal, and a label is no basis."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from fake_trace import EPIDEMIOLOGIST, Exposed, exposures, put_exposures, verified_signal
from small_town import RESIDENTS, Town, check_in

from ringfence.access import add_user, grant_role
from ringfence.errors import ApprovalMissing, NotAllowed, RingfenceError
from ringfence.policy import Policy, Tier, read_defaults, read_in_force
from ringfence.store import Act, Scope, Store
from ringfence.terms import Actor, Grant, Measure, Role, SignalKind
from ringfence.work import (
    LIST_ALERT,
    ManualOrder,
    approve_manual_order,
    draft_for_signal,
    draft_manual_order,
    draft_orders,
    sign_order,
)

EVERYTHING = Scope.of_system()
CREDITORS = range(101, 126)
PROPOSER, COLLEAGUE, CITY = Actor("county_officer@11"), Actor("colleague"), Actor("city_officer")
ALERTS = "select subject, count, details from ledger where action = :action order by seq"


@pytest.fixture
def policy(staffed: Store, now: datetime) -> Policy:
    return Policy(read_in_force(staffed.desk, now=now), staffed.clock.day_of(now))


@pytest.fixture
def town(staffed: Store, tmp_path: Path) -> Town:
    opened = Town(staffed, tmp_path)
    opened.settle()
    return opened


def signed_orders(store: Store) -> int:
    [(count,)] = store.desk.rows(
        "select count(*) from visible_measure_order where signed_by is not null", scope=EVERYTHING
    )
    return int(count)


def test_only_results_and_line_lists_bring_signals_whatever_department_or_purpose_a_file_names() -> None:
    raising = {"laboratory_results", "case_line_list"}
    package = Path(__file__).parents[2] / "ringfence" / "intake" / "formats"
    found = {
        file.stem
        for file in package.glob("*.py")
        if any(word in file.read_text(encoding="utf-8") for word in ("raise_signal", "put_pools", "put_case"))
    }
    assert found == raising


def test_a_list_of_creditors_that_says_it_is_epidemiological_brings_no_signal_and_no_order(town: Town) -> None:
    meeting = [check_in(one["person_id"], "market", "2022-02-28 09:00", "2022-02-28 11:00") for one in RESIDENTS]
    town.receive(check_ins=[{**row, "epidemiological": "yes"} for row in meeting] and meeting)
    assert town.signals() == []
    assert town.rows("select order_id from visible_measure_order") == []


def test_there_is_no_format_for_a_list_of_people_to_be_put_under_measures(town: Town) -> None:
    path = town.folder / "epidemiological_list.csv"
    path.write_text("name,id_number\n张三,1\n", encoding="utf-8")
    from ringfence.intake import Delivery  # noqa: PLC0415 - only here a file is sent by hand

    with pytest.raises(RingfenceError):
        town.send(Delivery("epidemiological_list", path))
    assert town.signals() == []


@pytest.mark.parametrize("kind", sorted(set(SignalKind) - {SignalKind.POSITIVE_TEST, SignalKind.RISK_AREA}))
def test_a_label_that_somebody_verified_is_no_path(
    staffed: Store, policy: Policy, now: datetime, kind: SignalKind
) -> None:
    """Twenty-five creditors on a list, each 'exposed' to a signal that no sample, case or fence stands behind."""
    signal = verified_signal(staffed, now=now, kind=kind, origin="epidemiological list of the finance office")
    listed = exposures([Exposed(signal=signal, subject=one, last_day=policy.day) for one in CREDITORS])
    staffed.act(lambda act: put_exposures(act, listed), actor=EPIDEMIOLOGIST, now=now)
    common = {"order_rules": {"household"}, "policy": policy, "clock": staffed.clock}
    for person in CREDITORS:
        with pytest.raises(NotAllowed, match="no proven path leads"):
            staffed.act(
                lambda act, person=person: draft_orders(  # type: ignore[misc]
                    act, person_no=person, disease="covid19", tier=Tier.VISIT, **common
                ),
                actor=PROPOSER,
                now=now,
            )
    drafted = staffed.act(lambda act: draft_for_signal(act, signal, **common), actor=PROPOSER, now=now)  # type: ignore[arg-type]
    assert drafted == []


def propose_for(store: Store, policy: Policy, now: datetime, person: int) -> int:
    order = ManualOrder(
        person_no=person,
        measure=Measure.HOME_QUARANTINE,
        to_day=policy.day + 14,
        list_key="epidemiological-list-7",
        area_path="1/11/111/",
    )
    return store.act(
        lambda act: draft_manual_order(act, order, policy=policy, clock=store.clock), actor=PROPOSER, now=now
    )


@pytest.fixture
def colleague(staffed: Store, now: datetime) -> Actor:
    """A second officer of the very same office."""

    def hire(act: Act) -> None:
        add_user(act, COLLEAGUE.actor_id)
        grant_role(act, COLLEAGUE.actor_id, Grant(role=Role.COUNTY_OFFICER, area_path="1/11/"))

    staffed.act(hire, actor=Actor("administrator"), now=now)
    return COLLEAGUE


def test_a_list_that_one_office_calls_epidemiological_yields_no_order(
    staffed: Store, policy: Policy, now: datetime, colleague: Actor
) -> None:
    for person in CREDITORS:
        order = propose_for(staffed, policy, now, person)
        with pytest.raises(ApprovalMissing):
            staffed.act(lambda act, order=order: approve_manual_order(act, order), actor=colleague, now=now)  # type: ignore[misc]
        with pytest.raises(ApprovalMissing):
            staffed.act(
                lambda act, order=order: sign_order(act, order, clock=staffed.clock),  # type: ignore[misc]
                actor=colleague,
                now=now,
            )
    assert signed_orders(staffed) == 0


def test_one_order_too_many_from_one_list_alerts_the_auditor_in_the_same_act_and_once(
    staffed: Store, policy: Policy, now: datetime, colleague: Actor
) -> None:
    limit = policy.integer("order.alert_auditor_above")
    for number, person in enumerate(CREDITORS, start=1):
        order = propose_for(staffed, policy, now, person)
        staffed.act(lambda act, order=order: approve_manual_order(act, order), actor=CITY, now=now)  # type: ignore[misc]
        staffed.act(
            lambda act, order=order: sign_order(act, order, clock=staffed.clock),  # type: ignore[misc]
            actor=colleague,
            now=now + timedelta(minutes=1),
        )
        alerts = staffed.desk.rows(ALERTS, action=LIST_ALERT)
        assert len(alerts) == (number > limit)
    [alert] = alerts
    assert (alert.subject, alert.count) == ("list:epidemiological-list-7", limit + 1)


def test_the_auditor_reads_the_ledger_and_the_default_is_twenty() -> None:
    shipped = read_defaults()
    assert "ledger" in shipped.roles[Role.AUDITOR].tables
    assert list(shipped.number("order.alert_auditor_above").values.values()) == [20]
