"""Clause 2.4: whoever is watched is watched to the end, and whoever may go is told within the hour."""

from datetime import UTC, datetime, timedelta

import pytest

from ringfence.policy import Policy, read_defaults
from ringfence.terms import FOLLOW_UP_NEXT, FollowUpStatus, Ring, day_number
from ringfence.work import find_overdue
from ringfence.work.follow_up import find_last_day

HOUR = timedelta(hours=1)


def test_follow_up_counts_from_the_last_exposure_by_the_edition_of_that_day() -> None:
    policy = Policy(read_defaults(), 19_200)
    ends = {day: find_last_day(day, Ring.FIRST, disease="covid19", policy=policy) - day for day in (19_170, 19_171)}
    assert ends == {19_170: 21, 19_171: 10}  # the ninth edition is in force from 2022-06-28


@pytest.mark.parametrize("disease", sorted(read_defaults().protocols))
def test_a_later_exposure_within_an_edition_never_ends_follow_up_earlier(disease: str) -> None:
    policy_set = read_defaults()
    first = day_number(max(policy_set.protocols[disease].editions))
    policy = Policy(policy_set, first)
    ends = [find_last_day(day, Ring.FIRST, disease=disease, policy=policy) for day in range(first, first + 70)]
    assert ends == sorted(ends)


def test_who_is_lost_done_or_cancelled_can_be_watched_again() -> None:
    ended = set(FollowUpStatus) - {FollowUpStatus.FOLLOW_UP}
    assert all(FOLLOW_UP_NEXT[status] == {FollowUpStatus.FOLLOW_UP} for status in ended)


def test_whoever_may_go_is_told_within_an_hour() -> None:
    policy = Policy(read_defaults(), 19_052)
    within = policy.hours("release.told_within_hours")
    assert within == HOUR
    eligible_at = datetime(2022, 3, 1, tzinfo=UTC)
    assert find_overdue(eligible_at, told_at=eligible_at + HOUR, within=within, now=eligible_at + 9 * HOUR) == 0 * HOUR
    assert find_overdue(eligible_at, told_at=None, within=within, now=eligible_at + 9 * HOUR) == 8 * HOUR
