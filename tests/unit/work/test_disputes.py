"""Contesting what is asked of one: what holds meanwhile, who answers, and what becomes of it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import pyarrow as pa
import pytest
from fake_trace import EPIDEMIOLOGIST, Exposed, exposures, put_exposures, verified_signal

from ringfence.errors import ApprovalMissing, InputRefused, NotAllowed, NotFound, TokenRefused, TransitionRefused
from ringfence.policy import Policy, Tier
from ringfence.seal import make_key_files, read_signer, read_trust
from ringfence.store import Act, Aliases, Scope, Store, merge_people
from ringfence.terms import (
    SYSTEM,
    Actor,
    AliasKind,
    Contested,
    ContestedKind,
    Dispute,
    DisputeGround,
    DisputeStatus,
    DisputeWay,
    Measure,
    Order,
    OrderStatus,
    Reason,
    ReasonCode,
)
from ringfence.trace import leave_out_upheld
from ringfence.work import (
    DISPUTE_LINK,
    LINKS_NAME,
    Answered,
    contest_by_link,
    draft_orders,
    list_disputes,
    orders_in_force,
    raise_dispute,
    raise_unanswered,
    read_dispute,
    read_order,
    reject_dispute,
    sign_order,
    uphold_dispute,
    write_link,
)

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
COUNTY, CITY, WORKER = Actor("county_officer@11"), Actor("city_officer"), Actor("grid_worker@111")
EVERYTHING = Scope.of_system()
PERSON = 5

FOLLOW_UP = "select status from visible_follow_up where person_no = :person"
EXPOSURE = "select status, reason from visible_exposure where exposure_id = :number"


@dataclass
class Measured:
    """A person with a signed order, and the short hands of those who decide."""

    store: Store
    policy: Policy
    now: datetime
    order: int
    signal: int

    @property
    def contested(self) -> Contested:
        return Contested(ContestedKind.ORDER, self.order)

    def contest(self, *, actor: Actor = COUNTY, ground: DisputeGround = DisputeGround.WRONG) -> int:
        def say(act: Act) -> Dispute:
            return raise_dispute(act, self.contested, ground=ground, way=DisputeWay.PHONE, policy=self.policy)

        return self.store.act(say, actor=actor, now=self.now).dispute_id

    def uphold(
        self, dispute: int, *, actor: Actor = CITY, later: timedelta = HOUR, aliases: tuple[int, ...] = ()
    ) -> Answered:
        return self.store.act(
            lambda act: uphold_dispute(act, dispute, wrong_aliases=aliases, policy=self.policy, store=self.store),
            actor=actor,
            now=self.now + later,
        )

    def reject(self, dispute: int, *, actor: Actor = CITY, later: timedelta = HOUR) -> Answered:
        return self.store.act(lambda act: reject_dispute(act, dispute), actor=actor, now=self.now + later)

    def rise(self, later: timedelta) -> list[int]:
        return self.store.act(raise_unanswered, actor=SYSTEM, now=self.now + later)

    def read(self) -> Order:
        def look(act: Act) -> Order:
            return read_order(act, self.order)

        return self.store.act(look, actor=SYSTEM, now=self.now)

    def status(self, dispute: int) -> DisputeStatus:
        return self.store.act(lambda act: read_dispute(act, dispute), actor=SYSTEM, now=self.now).status

    def in_force(self, later: timedelta = 20 * HOUR) -> list[int]:
        now = self.now + later
        day = self.store.clock.day_of(now)
        return [one.order_id for one in orders_in_force(self.store.desk, scope=EVERYTHING, day=day, now=now)]


@pytest.fixture
def measured(manned: Store, policy: Policy, now: datetime, day: int) -> Measured:
    signal = verified_signal(manned, now=now)
    row = Exposed(signal=signal, subject=PERSON, last_day=day)
    manned.act(lambda act: put_exposures(act, exposures([row])), actor=EPIDEMIOLOGIST, now=now)

    def draft(act: Act) -> list[int]:
        return draft_orders(
            act,
            person_no=PERSON,
            disease="covid19",
            tier=Tier.VISIT,
            order_rules={"household"},
            policy=policy,
            clock=manned.clock,
        )

    order = manned.act(draft, actor=SYSTEM, now=now)[0]
    manned.act(lambda act: sign_order(act, order, clock=manned.clock), actor=COUNTY, now=now)
    return Measured(manned, policy, now, order, signal)


def test_from_the_instant_of_the_dispute_only_the_lighter_measure_holds(measured: Measured) -> None:
    assert measured.read().holding is Measure.CENTRAL_QUARANTINE
    measured.contest()
    assert (measured.read().measure, measured.read().holding) == (Measure.CENTRAL_QUARANTINE, Measure.HOME_QUARANTINE)
    assert measured.in_force() == [measured.order]


def test_what_holds_meanwhile_is_never_stricter_and_keeps_the_ill_isolated(policy: Policy) -> None:
    strictness = [Measure.HEALTH_MONITORING, Measure.HOME_QUARANTINE, Measure.CENTRAL_QUARANTINE]
    lighter = {measure: Measure(policy.text(f"dispute.meanwhile.{measure}")) for measure in Measure}
    assert lighter[Measure.ISOLATION] is Measure.ISOLATION
    assert all(strictness.index(lighter[one]) <= strictness.index(one) for one in strictness)


def test_who_signed_cannot_answer(measured: Measured) -> None:
    dispute = measured.contest()
    for answer in (measured.uphold, measured.reject):
        with pytest.raises(ApprovalMissing, match="cannot answer it"):
            answer(dispute, actor=COUNTY)
    with pytest.raises(NotAllowed):
        measured.uphold(dispute, actor=WORKER)


def test_rejected_in_time_the_order_holds_again_as_it_was_signed(measured: Measured) -> None:
    dispute = measured.contest()
    measured.reject(dispute)
    order = measured.read()
    assert (order.holding, order.signed_by, order.status) == (
        Measure.CENTRAL_QUARANTINE,
        "county_officer@11",
        OrderStatus.SIGNED,
    )
    assert measured.in_force(2 * DAY) == [measured.order]


def test_said_again_it_is_answered_again_but_the_measure_holds_meanwhile(measured: Measured) -> None:
    first = measured.contest()
    measured.reject(first)
    again = measured.contest()
    assert again != first
    assert measured.read().holding is Measure.CENTRAL_QUARANTINE
    assert measured.in_force(24 * HOUR) == [], "and unanswered it is suspended all the same"
    measured.reject(again)
    measured.contest(ground=DisputeGround.NOT_ME)
    assert measured.read().holding is Measure.HOME_QUARANTINE


def test_upheld_everything_it_justified_is_released_and_not_found_again(measured: Measured) -> None:
    store, now = measured.store, measured.now
    dispute = measured.contest(ground=DisputeGround.NOT_ME)
    answered = measured.uphold(dispute)
    assert measured.order in answered.orders
    assert answered.signals == (measured.signal,)
    assert measured.read().status is OrderStatus.RELEASED
    assert measured.in_force() == []
    traced = exposures([Exposed(signal=measured.signal, subject=one) for one in (PERSON, 6, 8, 9)])

    paths = {(PERSON, 7), (6, 7), (8, PERSON), (9, PERSON), (9, 6)}  # 8 was met through the person alone
    reasons = pa.table(
        {
            "signal": [measured.signal] * len(paths),
            "subject_kind": ["person"] * len(paths),
            "subject": [subject for subject, _ in sorted(paths)],
            "source": [source for _, source in sorted(paths)],
        }
    )

    def leave_out(act: Act) -> list[int]:
        left: list[int] = leave_out_upheld(act, traced, reasons, signals=[measured.signal])["subject"].to_pylist()
        return left

    assert store.act(leave_out, actor=SYSTEM, now=now) == [6, 9]
    with pytest.raises(TransitionRefused):
        measured.reject(dispute)


def test_upheld_follow_up_stops(measured: Measured) -> None:
    put_follow_up = """
    insert into follow_up (person_no, disease, ring, day_zero, from_day, to_day, status, unit_id, area_path,
        recorded_at)
    values (5, 'covid19', 1, :day, :day, :day + 14, 'follow_up', '111-g1', '1/11/111/', 0)
    """

    def watch(act: Act) -> None:
        act.run(put_follow_up, day=measured.policy.day)
        act.note("test.watched")

    measured.store.act(watch, actor=SYSTEM, now=measured.now)
    measured.uphold(measured.contest())
    [(status,)] = measured.store.desk.rows(FOLLOW_UP, scope=EVERYTHING, person=PERSON)
    assert status == "cancelled"


def test_a_wrong_link_is_undone_and_its_rows_go_back_in_every_copy(measured: Measured) -> None:
    store, now = measured.store, measured.now
    said = Reason.of(ReasonCode.SAID_BY, actor="epidemiologist")

    def merge(act: Act, from_no: int, to_no: int) -> int:
        return merge_people(act, from_no=from_no, to_no=to_no, reason=said, kind=AliasKind.MERGED)

    wrong = store.act(lambda act: merge(act, 70, PERSON), actor=EPIDEMIOLOGIST, now=now)
    other = store.act(lambda act: merge(act, 80, 81), actor=EPIDEMIOLOGIST, now=now)
    dispute = measured.contest(ground=DisputeGround.NOT_ME)
    with pytest.raises(InputRefused, match=f"alias {other} does not lead to"):
        measured.uphold(dispute, aliases=(other,))
    measured.uphold(dispute, aliases=(wrong,))
    numbers, _ = Aliases(store.desk).pairs
    assert numbers.tolist() == [80]


def test_unanswered_the_order_is_in_force_no_more_whether_or_not_anybody_looked(measured: Measured) -> None:
    measured.contest()
    assert measured.in_force(24 * HOUR - timedelta(microseconds=1)) == [measured.order]
    assert measured.in_force(24 * HOUR) == []


def test_unanswered_it_rises_and_only_a_superior_outside_the_unit_brings_the_order_back(measured: Measured) -> None:
    dispute = measured.contest()
    assert measured.rise(23 * HOUR) == []
    assert measured.rise(25 * HOUR) == [dispute]
    assert (measured.status(dispute), measured.read().status) == (DisputeStatus.RISEN, OrderStatus.SUSPENDED)
    assert measured.rise(26 * HOUR) == []
    with pytest.raises(ApprovalMissing):
        measured.reject(dispute, actor=COUNTY, later=26 * HOUR)
    with pytest.raises(NotAllowed):
        measured.reject(dispute, actor=Actor("county_officer@12"), later=26 * HOUR)
    measured.reject(dispute, later=26 * HOUR)
    order = measured.read()
    assert (order.status, order.signed_by, order.holding) == (
        OrderStatus.SIGNED,
        "city_officer",
        Measure.CENTRAL_QUARANTINE,
    )
    assert measured.in_force(27 * HOUR) == [measured.order]


def test_a_suspended_order_cannot_be_signed_around_the_dispute(measured: Measured) -> None:
    measured.contest()
    measured.rise(25 * HOUR)
    with pytest.raises(ApprovalMissing, match="a dispute has suspended"):
        measured.store.act(
            lambda act: sign_order(act, measured.order, clock=measured.store.clock), actor=CITY, now=measured.now
        )


def test_late_and_not_yet_risen_it_needs_the_superior_too(measured: Measured) -> None:
    colleague = Actor("county_officer@11b")

    def hire(act: Act) -> None:
        from ringfence.access import add_user, grant_role  # noqa: PLC0415 - one test hires
        from ringfence.terms import Grant, Role  # noqa: PLC0415

        add_user(act, colleague.actor_id)
        grant_role(act, colleague.actor_id, Grant(role=Role.COUNTY_OFFICER, area_path="1/11/"))

    measured.store.act(hire, actor=Actor("administrator"), now=measured.now)
    dispute = measured.contest()
    with pytest.raises(ApprovalMissing, match="works in the unit of"):
        measured.reject(dispute, actor=colleague, later=24 * HOUR)
    measured.reject(dispute, actor=colleague, later=23 * HOUR)
    assert measured.status(dispute) is DisputeStatus.REJECTED


def test_said_twice_it_is_one_dispute_and_its_clock_does_not_begin_anew(measured: Measured) -> None:
    first = measured.contest()
    measured.now += 5 * HOUR
    assert measured.contest() == first
    [dispute] = list_disputes(measured.store.desk, scope=EVERYTHING)
    assert dispute.due_at - dispute.raised_at == DAY


def test_there_is_nothing_to_contest_of_what_does_not_exist_or_was_taken_back(measured: Measured) -> None:
    measured.uphold(measured.contest())
    with pytest.raises(TransitionRefused, match="nothing left to contest"):
        measured.contest()
    measured.order = 999
    with pytest.raises(NotFound):
        measured.contest()


# ---------------------------------------------------------------------- by the signed link


@pytest.fixture
def keys(tmp_path: Path, now: datetime) -> Path:
    folder = tmp_path / "seal"
    folder.mkdir()
    make_key_files(folder, kinds={LINKS_NAME: DISPUTE_LINK, "heads": "ledger_head"}, now=now)
    return folder


def test_whoever_holds_the_link_contests_the_one_thing_it_names_without_an_account(
    measured: Measured, keys: Path
) -> None:
    signer, trust = read_signer(keys, LINKS_NAME), read_trust(keys, LINKS_NAME)
    link = write_link(measured.contested, signer=signer, policy=measured.policy, now=measured.now)

    def contest(act: Act) -> Dispute:
        return contest_by_link(act, link, ground=DisputeGround.NOT_ME, trust=trust, policy=measured.policy)

    dispute = measured.store.act(contest, actor=SYSTEM, now=measured.now)
    assert (dispute.contested, dispute.way) == (measured.contested, DisputeWay.LINK)
    assert measured.read().holding is Measure.HOME_QUARANTINE


def test_a_link_is_refused_when_it_was_changed_is_over_or_was_signed_by_another_key(
    measured: Measured, keys: Path
) -> None:
    policy, now = measured.policy, measured.now
    trust = read_trust(keys, LINKS_NAME)
    link = write_link(measured.contested, signer=read_signer(keys, LINKS_NAME), policy=policy, now=now)
    forged = write_link(measured.contested, signer=read_signer(keys, "heads"), policy=policy, now=now)
    changed = link[:-5] + ("A" if link[-5] != "A" else "B") + link[-4:]
    for text, later in ((changed, HOUR), (forged, HOUR), (link, 61 * DAY)):
        with pytest.raises(TokenRefused):
            measured.store.act(
                lambda act, text=text: contest_by_link(  # type: ignore[misc]
                    act, text, ground=DisputeGround.WRONG, trust=trust, policy=policy
                ),
                actor=SYSTEM,
                now=now + later,
            )
    assert list_disputes(measured.store.desk, scope=EVERYTHING) == []


def test_the_link_names_no_person(measured: Measured, keys: Path) -> None:
    from ringfence.seal import read_text  # noqa: PLC0415 - only here a link is opened by hand

    link = write_link(
        measured.contested, signer=read_signer(keys, LINKS_NAME), policy=measured.policy, now=measured.now
    )
    sealed = read_text(link, kind=DISPUTE_LINK, trust=read_trust(keys, LINKS_NAME), now=measured.now)
    assert dict(sealed.claims) == {"order": measured.order}
