"""Who is watched, from when to when, what each day came to, and how it ends."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import TypeVar

import pytest
from fake_trace import EPIDEMIOLOGIST, Exposed, exposures, put_exposures, verified_signal, withdraw

from ringfence.errors import InputRefused, NotAllowed, NotFound, TransitionRefused
from ringfence.policy import Policy
from ringfence.store import Act, Scope, Store
from ringfence.terms import SYSTEM, Actor, DayStatus, FollowUpStatus, ReasonCode
from ringfence.work import (
    DayRecord,
    DayRun,
    dispatch_exposures,
    open_tasks,
    read_roster,
    read_standing,
    record_days,
    revise_follow_up,
    run_day,
    start_follow_up,
    withdraw_for_signal,
)
from ringfence.work.follow_up_days import count_tests

T = TypeVar("T")

WORKER, CITY = Actor("grid_worker@111"), Actor("city_officer")
OK, ILL, MISSED, NOBODY_TRIED = DayStatus.SEEN_OK, DayStatus.SEEN_NOT_OK, DayStatus.MISSED, DayStatus.NOT_ATTEMPTED
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
WATCHED = """
select person_no, ring, day_zero, from_day, to_day, status, unit_id from visible_follow_up order by person_no
"""
DAYS = "select day, status from follow_up_day order by day"


class Watch:
    """A manned deployment that follows the contacts of its signals; days count from today."""

    def __init__(self, store: Store, policy: Policy, now: datetime) -> None:
        self.store, self.policy, self.now = store, policy, now
        self.today = store.clock.day_of(now)

    def act(self, work: Callable[[Act], T], *, actor: Actor = SYSTEM, on: int = 0) -> T:
        return self.store.act(work, actor=actor, now=self.now + on * DAY)

    def follow(
        self, *, days_ago: int = 1, on: int = 0, origin: str = "a", disease: str = "covid19", ring: int = 1
    ) -> int:
        """List person 5 for a new signal and watch them; the number of the signal."""
        now = self.now + on * DAY
        signal = verified_signal(self.store, now=now, origin=origin, disease=disease)
        row = Exposed(signal=signal, subject=5, last_day=self.today + on - days_ago, ring=ring)

        def run(act: Act) -> None:
            worklist = dispatch_exposures(
                exposures([row]),
                roster=read_roster(act, clock=self.store.clock),
                standing=read_standing(act, signals=[signal]),
                policy=self.policy,
                now=now,
                seed=1,
            )
            open_tasks(act, put_exposures(act, worklist.listed), clock=self.store.clock)
            start_follow_up(act, signal, policy=self.policy, clock=self.store.clock)

        self.act(run, actor=EPIDEMIOLOGIST, on=on)
        return signal

    def begin(self, on: int, negatives: Sequence[datetime] = ()) -> DayRun:
        return self.act(
            lambda act: run_day(
                act, self.today + on, policy=self.policy, clock=self.store.clock, negatives={5: negatives}
            ),
            on=on,
        )

    def record(
        self, on: int, status: DayStatus, *, late: int = 0, actor: Actor = WORKER, person: int = 5
    ) -> list[ReasonCode]:
        """Record a day, perhaps some days late; the reasons of what was observed."""
        record = DayRecord(person_no=person, disease="covid19", day=self.today + on, status=status)
        observed = self.act(lambda act: record_days(act, [record], clock=self.store.clock), actor=actor, on=on + late)
        return [one.reason.code for one in observed]

    def fall(self, signal: int) -> None:
        def run(act: Act) -> None:
            withdraw(act, signal)
            withdraw_for_signal(act, signal, store=self.store)
            revise_follow_up(act, signal, policy=self.policy)

        self.act(run, actor=CITY)

    @property
    def watched(self) -> tuple[int, int, int, str]:
        """Person 5's last exposure, first and last day of follow-up, counted from today, and the status."""
        [row] = self.store.desk.rows(WATCHED, scope=Scope.of_system())
        return row.day_zero - self.today, row.from_day - self.today, row.to_day - self.today, row.status

    @property
    def days(self) -> list[tuple[int, str]]:
        return [(row.day - self.today, row.status) for row in self.store.desk.rows(DAYS, scope=Scope.of_system())]


@pytest.fixture
def watch(manned: Store, policy: Policy, now: datetime) -> Watch:
    return Watch(manned, policy, now)


def test_who_is_listed_is_watched_from_today_for_as_long_as_the_protocol_counts_from_the_last_exposure(
    watch: Watch,
) -> None:
    watch.follow(days_ago=3)
    assert watch.watched == (-3, 0, -3 + 21, "follow_up")
    [row] = watch.store.desk.rows(WATCHED, scope=Scope.of_system())
    assert (row.person_no, row.ring, row.unit_id) == (5, 1, "111-g1")


def test_exposed_again_it_grows_longer_and_an_older_exposure_changes_nothing(watch: Watch) -> None:
    watch.follow(days_ago=3)
    watch.follow(days_ago=1, origin="b")
    assert watch.watched == (-1, 0, 20, "follow_up")
    watch.follow(days_ago=9, origin="c")
    assert watch.watched == (-1, 0, 20, "follow_up")


def test_the_nearer_ring_counts(watch: Watch) -> None:
    watch.follow(days_ago=1, ring=2)
    assert watch.watched == (-1, 0, 6, "follow_up")
    watch.follow(days_ago=2, ring=1, origin="b")
    assert watch.watched == (-1, 0, 19, "follow_up")


def test_another_disease_is_another_follow_up(watch: Watch) -> None:
    watch.follow()
    watch.follow(disease="mers", origin="b")
    rows = watch.store.desk.rows(WATCHED, scope=Scope.of_system())
    assert sorted(row.to_day - watch.today for row in rows) == [13, 20]


def test_each_day_has_a_row_until_somebody_saw_them_and_begins_once(watch: Watch) -> None:
    watch.follow()
    assert [watch.begin(on).begun for on in (0, 0, 1, 2)] == [1, 0, 1, 1]
    watch.record(1, OK)
    watch.record(2, MISSED)
    watch.record(2, OK)
    watch.record(0, MISSED, late=2)
    assert watch.days == [(0, "missed"), (1, "seen_ok"), (2, "seen_ok")]


def test_who_is_found_ill_is_observed(watch: Watch) -> None:
    watch.follow()
    assert watch.record(0, ILL) == [ReasonCode.SEEN_ILL]
    assert watch.record(0, OK) == []


def test_days_are_recorded_where_one_may_for_who_is_watched_and_never_ahead(watch: Watch) -> None:
    watch.follow()
    with pytest.raises(NotAllowed):
        watch.record(0, OK, actor=Actor("grid_worker@1111"))
    with pytest.raises(NotFound, match="person 6 is not under follow-up"):
        watch.record(0, OK, person=6)
    for on, late in ((-1, 1), (1, -1)):
        with pytest.raises(InputRefused, match="is no day of the follow-up of person 5"):
            watch.record(on, OK, late=late)


@pytest.mark.parametrize(
    ("statuses", "lost_on"),
    [
        ([MISSED, MISSED, MISSED], 3),
        ([OK, MISSED, MISSED, MISSED], 4),
        ([MISSED, MISSED, OK, MISSED, MISSED], None),
        ([MISSED, MISSED, NOBODY_TRIED, MISSED], None),  # a day nobody tried is not the person's
        ([MISSED, MISSED], None),
    ],
)
def test_who_is_missed_on_three_days_running_is_lost(
    watch: Watch, statuses: list[DayStatus], lost_on: int | None
) -> None:
    watch.follow()
    lost = []
    for on in range(len(statuses) + 1):
        begun = watch.begin(on)
        lost += [on] * len(begun.lost)
        assert [one.reason.code for one in begun.observations] == [ReasonCode.LOST_TO_FOLLOW_UP] * len(begun.lost)
        if on < len(statuses) and statuses[on] is not NOBODY_TRIED:
            watch.record(on, statuses[on])
    assert lost == ([] if lost_on is None else [lost_on])
    assert (watch.watched[3] == FollowUpStatus.LOST) == (lost_on is not None)


def lose(watch: Watch) -> int:
    """Person 5 is lost on day 3; the number of the signal."""
    signal = watch.follow()
    for on in range(3):
        watch.begin(on)
        watch.record(on, MISSED)
    watch.begin(3)
    assert watch.watched[3] == FollowUpStatus.LOST
    return signal


def test_who_was_lost_and_is_seen_is_watched_again(watch: Watch) -> None:
    lose(watch)
    watch.record(4, MISSED)
    assert watch.watched[3] == FollowUpStatus.LOST
    watch.record(5, OK)
    assert [watch.begin(on).begun for on in (6, 7)] == [1, 1]
    assert watch.watched == (-1, 0, 20, "follow_up")


def test_who_was_lost_and_is_exposed_again_begins_anew_and_is_not_lost_at_once(watch: Watch) -> None:
    lose(watch)
    watch.follow(on=3, days_ago=0, origin="b")
    assert watch.watched == (3, 3, 24, "follow_up")
    assert watch.begin(3).lost == ()
    assert watch.watched[3] == "follow_up"


def test_the_release_rule_ends_it_once_its_days_and_its_tests_are_there(watch: Watch) -> None:
    watch.follow(days_ago=1)
    one = [watch.now + 10 * DAY]
    assert watch.begin(20, one * 2).completed == ()
    for negatives in ([], one, [watch.now - 1 * DAY, *one]):  # the second was taken on the day of the exposure
        assert watch.begin(21, negatives).completed == ()
    assert watch.begin(22, [*one, watch.now + 20 * DAY]).completed == (5,)
    assert watch.watched[3] == FollowUpStatus.COMPLETED
    assert watch.begin(23).begun == 0
    with pytest.raises(TransitionRefused, match="the follow-up of person 5 is completed"):
        watch.record(22, OK)


def test_who_completed_is_watched_again_when_exposed_again_and_not_for_what_is_over(watch: Watch) -> None:
    watch.follow(days_ago=1)
    watch.begin(21, [watch.now + 10 * DAY] * 2)
    watch.follow(on=21, days_ago=22, origin="b")
    assert watch.watched == (-1, 0, 20, "completed")
    watch.follow(on=21, days_ago=0, origin="c")
    assert watch.watched == (21, 21, 42, "follow_up")


def test_tests_too_close_together_count_once(now: datetime) -> None:
    taken = [now, now + 23 * HOUR, now + 24 * HOUR, now + 47 * HOUR, now + 49 * HOUR]
    assert count_tests(taken, apart=DAY) == 3
    assert count_tests(reversed(taken), apart=DAY) == 3
    assert count_tests([now, now], apart=timedelta(0)) == 2
    assert count_tests([], apart=DAY) == 0


def test_a_fallen_signal_leaves_what_the_others_justify_and_cancels_the_rest(watch: Watch) -> None:
    one, other = watch.follow(days_ago=1), watch.follow(days_ago=5, origin="b", ring=2)
    watch.fall(one)
    assert watch.watched == (-5, 0, 2, "follow_up")
    watch.fall(other)
    assert watch.watched[3] == FollowUpStatus.CANCELLED
    watch.follow(days_ago=2, origin="c")
    assert watch.watched == (-2, 0, 19, "follow_up")


def test_said_twice_nothing_more_is_watched(watch: Watch) -> None:
    signal = watch.follow()
    before = watch.watched
    watch.act(
        lambda act: start_follow_up(act, signal, policy=watch.policy, clock=watch.store.clock),
        actor=EPIDEMIOLOGIST,
        on=2,
    )
    assert watch.watched == before


def test_an_exposure_retracted_by_itself_is_watched_no_more(watch: Watch) -> None:
    signal = watch.follow()

    def retract(act: Act) -> None:
        act.run("update exposure set status = 'retracted'")
        revise_follow_up(act, signal, policy=watch.policy)

    watch.act(retract)
    assert watch.watched[3] == FollowUpStatus.CANCELLED
