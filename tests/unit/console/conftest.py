"""A deployment with something in every room, and browsers of whoever is signed in."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import datetime, timedelta

import pytest
from console_browser import CASE_PERSON, HERE, PERSON, Browser

from ringfence.access import grant_role
from ringfence.access.sessions import SignInWay, open_session
from ringfence.areas import PlaceRow, put_places, read_hierarchy
from ringfence.console import make_console
from ringfence.policy import Policy, read_in_force
from ringfence.seal import make_key_files
from ringfence.signals import CaseReport, put_case, raise_signal, verify_signal
from ringfence.stewardship import KINDS
from ringfence.store import EVERYWHERE, Act, Batch, Store, commit_batch
from ringfence.terms import (
    SYSTEM,
    Actor,
    Classification,
    Duty,
    Grant,
    Level,
    PlaceKind,
    Reason,
    ReasonCode,
    Role,
    SignalKind,
    Subject,
    SubjectKind,
    Unit,
    to_us,
)
from ringfence.work import put_duties, put_units

EXPOSURE = """
insert into exposure (exposure_id, signal_id, subject_kind, subject_key, ring, weight, minutes, first_day, last_day,
    area_path, is_identified, status, recorded_at)
values (:exposure, :signal, 'person', :person, 1, 90, 45, :day, :day, :path, true, 'listed', :now)
"""
EXPOSURE_REASON = """
insert into exposure_reason (exposure_id, reason_no, rule, direction, source_kind, source_key, place_no, first_at,
    last_at, minutes, weight, reason, recorded_at)
values (:exposure, 1, 'same_place', 'forward', 'person', :source, :place, :now, :now, 45, 90, :reason, :now)
"""
TASK = """
insert into task (task_id, subject_kind, subject_key, kind, owner, area_path, status, level, weight, reason, opened_at,
    due_at, due_day, recorded_at)
values (:task, 'person', :person, 'visit', '111-g1', :path, 'acknowledged', 'grid', 90, :reason, :now, :due, :day, :now)
"""
BASIS = "insert into task_basis (task_id, signal_id, exposure_id, recorded_at) values (:task, :signal, :exposure, :now)"
ORDER = """
insert into measure_order (order_id, person_no, signal_id, exposure_id, measure, legal_basis, reason, day_zero,
    from_day, review_day, to_day, status, area_path, drafted_by, drafted_at, recorded_at)
values (1, :person, :signal, :exposure, 'home_quarantine', 'the law, article 39', :reason, :day, :day, :day, :day + 7,
    'drafted', :path, 'county_officer', :now, :now)
"""
FOLLOW_UP = """
insert into follow_up (person_no, disease, ring, day_zero, from_day, to_day, status, unit_id, area_path, recorded_at)
values (:person, 'covid19', 1, :day, :day, :day + 14, 'follow_up', '111-g1', :path, :now)
"""
SCORE = """
insert into scorecard (day, area_path, indicator, numerator, denominator, recorded_at)
values (:day, '1/', 'tasks_done_in_time', 30, 80, :now)
"""
FINDING = """
insert into finding (finding_key, subject_kind, subject_key, clause, reason, owner, area_path, status, opened_at,
    due_at, recorded_at)
values ('k', 'unit', '111-g1', '7.1', :reason, '111-g1', :path, 'open', :now, :due, :now)
"""


@pytest.fixture
def day(staffed: Store, now: datetime) -> int:
    return staffed.clock.day_of(now)


@pytest.fixture
def lively(staffed: Store, now: datetime, day: int) -> Store:
    """One verified signal of a case, one person exposed with task, order and follow-up, one score, finding and file."""

    def lay(act: Act) -> None:
        areas = read_hierarchy(staffed.desk)
        put_units(
            act,
            {
                1: Unit(
                    unit_id="111-g1",
                    area_path=HERE,
                    level=Level.GRID,
                    daily_capacity=20,
                    task_kinds=frozenset({"visit"}),
                ),
                2: Unit(
                    unit_id="111-g2",
                    area_path=HERE,
                    level=Level.GRID,
                    daily_capacity=20,
                    task_kinds=frozenset({"visit"}),
                ),
            },
        )
        put_duties(act, {1: Duty(unit_id="111-g1", day=day, from_s=0, to_s=86_400, leader="officer-0001")})
        put_places(
            act,
            [
                PlaceRow(
                    place_id="m1",
                    name="东街市场",
                    kind=PlaceKind.MARKET,
                    area_code="111",
                    longitude=113.3,
                    latitude=40.1,
                    row=1,
                )
            ],
            areas=areas,
            batch_no=None,
        )

        for role in (Role.AUDITOR, Role.CITY_OFFICER):
            grant_role(act, role, Grant(role=role, area_path=EVERYWHERE))

    make_key_files(staffed.deployment.keys.parent, kinds=KINDS, now=now)
    staffed.act(lay, actor=Actor("administrator"), now=now)
    staffed.act(lambda act: _lay_signal(act, day), actor=SYSTEM, now=now)
    reason = Reason.of(ReasonCode.CONFIRMED_BY_LABORATORY)
    staffed.act(lambda act: verify_signal(act, 1, reason=reason), actor=Actor("epidemiologist"), now=now)
    return staffed


def _lay_signal(act: Act, day: int) -> None:
    case = put_case(
        act,
        CaseReport(
            case_key="C1",
            person_no=CASE_PERSON,
            disease="covid19",
            classification=Classification.CONFIRMED,
            reported_at=act.now,
            area_path=HERE,
            onset_day=day - 2,
        ),
        episode_days=90,
    )
    raise_signal(
        act,
        kind=SignalKind.POSITIVE_TEST,
        subject=Subject(SubjectKind.PERSON, str(CASE_PERSON)),
        disease="covid19",
        area_path=HERE,
        reason=Reason.of(ReasonCode.POSITIVE_RESULT, test="nucleic_acid"),
        origin="case:1",
        case_id=case.case_id,
    )
    now = to_us(act.now)
    common = {"person": str(PERSON), "signal": 1, "exposure": 1, "task": 1, "day": day, "path": HERE, "now": now}
    said = Reason.of(ReasonCode.EXPOSED_UNTIL, day="2022-02-28").to_json()
    same = Reason.of(ReasonCode.SAME_PLACE, minutes=45).to_json()
    due = now - int(timedelta(hours=1) / timedelta(microseconds=1))
    values = {**common, "source": str(CASE_PERSON), "place": 1, "due": due}
    _run(act, EXPOSURE, values)
    _run(act, EXPOSURE_REASON, {**values, "reason": same})
    _run(act, TASK, {**values, "reason": said})
    _run(act, BASIS, values)
    _run(act, ORDER, {**values, "person": PERSON, "reason": said})
    _run(act, FOLLOW_UP, {**values, "person": PERSON})
    _run(act, SCORE, values)
    _run(
        act,
        FINDING,
        {**values, "reason": Reason.of(ReasonCode.NO_OWNER_ON_DUTY, area="111", day="2022-03-01").to_json()},
    )
    commit_batch(
        act,
        Batch(
            batch_no=901,
            batch_id="b",
            feed="check_ins",
            department="markets",
            purpose="receiving",
            source_digest="",
            rows_accepted=5,
            rows_rejected=2,
            retain_until_day=day + 14,
        ),
    )
    act.note("test.laid")


def _run(act: Act, sql: str, values: dict[str, object]) -> None:
    act.run(sql, **{name: value for name, value in values.items() if f":{name}" in sql})


@pytest.fixture
def open_browser(staffed: Store, now: datetime) -> Iterator[Callable[..., Browser]]:
    """Opens the console for an account, signed in, in a language."""
    with ExitStack() as stack:

        def opened(user: str, language: str = "en", *, later: timedelta = timedelta()) -> Browser:
            console = make_console(staffed, clock=lambda: now + later)
            policy = Policy(read_in_force(staffed.desk, now=now), staffed.clock.day_of(now))

            def enter(act: Act) -> tuple[str, str]:
                session = open_session(act, user, way=SignInWay.PASSWORD, address_digest="", policy=policy)
                return session.token, session.session.csrf_token

            token, csrf = staffed.act(enter, actor=Actor(user), now=now + later)
            browser = Browser(
                console, headers={"origin": "http://testserver"}, cookies={"session": token, "language": language}
            )
            browser.csrf = csrf
            return stack.enter_context(browser)

        yield opened
