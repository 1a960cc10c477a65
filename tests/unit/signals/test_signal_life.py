"""A signal's life, who may decide on it, and what the ledger says of it."""

from datetime import datetime

import pytest

from ringfence.access import read_purpose, read_scope
from ringfence.errors import NotAllowed, NotFound, TransitionRefused
from ringfence.signals import (
    dismiss_signal,
    list_signals,
    put_observations,
    raise_signal,
    reopen_signal,
    verify_signal,
    withdraw_signal,
)
from ringfence.store import Act, Scope, Store
from ringfence.terms import (
    SYSTEM,
    Actor,
    Area,
    Observation,
    Reason,
    ReasonCode,
    Signal,
    SignalKind,
    SignalStatus,
    Subject,
    SubjectKind,
)

EPIDEMIOLOGIST = Actor("epidemiologist")
LINES_ABOUT = "select action, actor from ledger where subject = :subject order by seq"
SAID = Reason.of(ReasonCode.SAID_BY, actor="epidemiologist")
POSITIVE = Reason.of(ReasonCode.POSITIVE_RESULT, test="rt_pcr")


def raise_one(act: Act, area: Area, *, origin: str = "batch:1:row:1") -> Signal:
    return raise_signal(
        act,
        kind=SignalKind.POSITIVE_TEST,
        subject=Subject(SubjectKind.PERSON, "7"),
        disease="covid19",
        area_path=area.path,
        reason=POSITIVE,
        origin=origin,
    )


def test_the_same_origin_raises_one_signal_however_often_it_is_sent(
    staffed: Store, areas: dict[str, Area], now: datetime
) -> None:
    first = staffed.act(lambda act: raise_one(act, areas["111"]), actor=SYSTEM, now=now)
    again = staffed.act(lambda act: raise_one(act, areas["111"]), actor=EPIDEMIOLOGIST, now=now)
    assert again == first
    assert first.status is SignalStatus.RAISED
    assert first.raised_by == "ringfence"


def test_a_signal_is_verified_then_withdrawn_and_every_step_is_on_the_ledger(
    staffed: Store, areas: dict[str, Area], now: datetime
) -> None:
    signal = staffed.act(lambda act: raise_one(act, areas["111"]), actor=SYSTEM, now=now)
    number = signal.signal_id
    staffed.act(lambda act: verify_signal(act, number, reason=SAID), actor=EPIDEMIOLOGIST, now=now)
    ended = staffed.act(lambda act: withdraw_signal(act, number, reason=SAID), actor=EPIDEMIOLOGIST, now=now)
    assert ended.status is SignalStatus.WITHDRAWN
    lines = staffed.desk.rows(LINES_ABOUT, subject=f"signal:{number}")
    assert [tuple(line) for line in lines] == [
        ("signal.raised", "ringfence"),
        ("signal.verified", "epidemiologist"),
        ("signal.withdrawn", "epidemiologist"),
    ]
    staffed.verify_ledger()


def test_steps_the_life_cycle_does_not_have_are_refused(staffed: Store, areas: dict[str, Area], now: datetime) -> None:
    number = staffed.act(lambda act: raise_one(act, areas["111"]), actor=SYSTEM, now=now).signal_id
    with pytest.raises(TransitionRefused, match="is raised; from there it cannot become withdrawn"):
        staffed.act(lambda act: withdraw_signal(act, number, reason=SAID), actor=EPIDEMIOLOGIST, now=now)
    staffed.act(lambda act: dismiss_signal(act, number, reason=SAID), actor=EPIDEMIOLOGIST, now=now)
    with pytest.raises(TransitionRefused, match="is dismissed"):
        staffed.act(lambda act: verify_signal(act, number, reason=SAID), actor=EPIDEMIOLOGIST, now=now)
    reopened = staffed.act(lambda act: reopen_signal(act, number, reason=SAID), actor=EPIDEMIOLOGIST, now=now)
    assert reopened.status is SignalStatus.RAISED
    with pytest.raises(NotFound, match="no signal 99"):
        staffed.act(lambda act: verify_signal(act, 99, reason=SAID), actor=EPIDEMIOLOGIST, now=now)


def test_nobody_decides_on_a_signal_outside_their_area_and_nothing_changes(
    staffed: Store, areas: dict[str, Area], now: datetime
) -> None:
    number = staffed.act(lambda act: raise_one(act, areas["111"]), actor=SYSTEM, now=now).signal_id
    for user in ("county_officer@12", "grid_worker@111", "auditor"):
        with pytest.raises(NotAllowed):
            staffed.act(lambda act: verify_signal(act, number, reason=SAID), actor=Actor(user), now=now)
    with pytest.raises(NotAllowed):
        staffed.act(lambda act: verify_signal(act, number, reason=SAID), actor=SYSTEM, now=now)
    again = staffed.act(lambda act: raise_one(act, areas["111"]), actor=SYSTEM, now=now)
    assert again.status is SignalStatus.RAISED


def test_an_officer_sees_the_signals_of_their_own_areas_only(
    staffed: Store, areas: dict[str, Area], now: datetime
) -> None:
    for code in ("111", "1111", "121", "11", "1"):
        staffed.act(lambda act, code=code: raise_one(act, areas[code], origin=code), actor=SYSTEM, now=now)  # type: ignore[misc]
    verification = read_purpose(staffed.desk, "verification", now=now)

    def seen_by(user: str) -> set[str]:
        scope = read_scope(staffed.desk, Actor(user), verification, now=now)
        return {signal.area_path for signal in list_signals(staffed.desk, scope=scope)}

    assert seen_by("county_officer@11") == {areas[code].path for code in ("11", "111", "1111")}
    assert seen_by("county_officer@12") == {areas["121"].path}
    assert seen_by("county_officer@111") == {areas["111"].path}
    assert seen_by("city_officer") == {areas[code].path for code in ("1", "11", "111", "1111", "121")}


def test_an_observation_is_kept_once_for_its_origin_and_reason(
    staffed: Store, areas: dict[str, Area], now: datetime
) -> None:
    late = Observation(
        subject=Subject(SubjectKind.FEED, "check_ins"),
        reason=Reason.of(ReasonCode.EMPTY_FIELD, column="phone"),
        observed_at=now,
        area_path=areas["1"].path,
    )
    for _ in range(2):
        staffed.act(lambda act: put_observations(act, [late], origin="batch:1"), actor=SYSTEM, now=now)
    [kept] = staffed.desk.rows("select origin from visible_observation", scope=Scope.of_system())
    assert kept.origin == "batch:1/feed:check_ins/empty_field"
