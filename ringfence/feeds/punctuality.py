"""Whether feeds come when they are due: late by one file, silent by several (policy 6.1, 7.4)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from ringfence.feeds.declared import DeclaredFeed
from ringfence.feeds.feed import Due
from ringfence.policy import Policy
from ringfence.store import Act, Desk
from ringfence.terms import Clock, Observation, Reason, ReasonCode, Subject, SubjectKind, from_us

LAST_RECEIVED = "select feed, max(recorded_at) as last_at from batch where status = 'committed' group by feed"


class Punctuality(StrEnum):
    """How a feed stands with what was agreed."""

    IN_TIME = "in_time"
    LATE = "late"
    SILENT = "silent"


@dataclass(frozen=True, kw_only=True)
class FeedState:
    """A feed that is due at times: the last deadline that has passed, the last file, how many deadlines went by."""

    feed: str
    due_at: datetime
    last_at: datetime | None
    missed: int
    punctuality: Punctuality


def read_states(
    ask: Desk | Act, feeds: Mapping[str, DeclaredFeed], *, policy: Policy, clock: Clock, now: datetime
) -> list[FeedState]:
    """Every feed whose first deadline has passed, by name."""
    last = {row.feed: from_us(row.last_at) for row in ask.rows(LAST_RECEIVED)}
    silent_after = policy.integer("feed.silent_after_files")
    states = []
    for name, declared in sorted(feeds.items()):
        if declared.feed.due is None:
            continue
        deadlines = _deadlines(declared.feed.due, since=declared.declared_at, clock=clock, now=now)
        if not deadlines:
            continue
        missed = _count_missed(deadlines, last.get(name))
        states.append(
            FeedState(
                feed=name,
                due_at=deadlines[-1],
                last_at=last.get(name),
                missed=missed,
                punctuality=_judge(missed, silent_after),
            )
        )
    return states


def _deadlines(due: Due, *, since: datetime, clock: Clock, now: datetime) -> list[datetime]:
    """The deadlines from the feed's declaration until now, every so many local days, but none on days off."""
    days = range(clock.day_of(since), clock.day_of(now) + 1, due.every_days)
    times = (clock.midnight(day) + timedelta(seconds=due.by_s) for day in days if due.expects(day))
    return [deadline for deadline in times if since < deadline <= now]


def _count_missed(deadlines: Sequence[datetime], last_at: datetime | None) -> int:
    """How many deadlines passed with nothing for them: a file is for the first deadline that follows it."""
    if last_at is None:
        return len(deadlines)
    return max(sum(deadline > last_at for deadline in deadlines) - 1, 0)


def _judge(missed: int, silent_after: int) -> Punctuality:
    if not missed:
        return Punctuality.IN_TIME
    return Punctuality.SILENT if missed > silent_after else Punctuality.LATE


def find_late(states: Sequence[FeedState], *, area_path: str, now: datetime) -> list[Observation]:
    """What is noticed of feeds that are late or silent."""
    codes = {Punctuality.LATE: ReasonCode.FEED_LATE, Punctuality.SILENT: ReasonCode.FEED_SILENT}
    return [
        Observation(
            subject=Subject(SubjectKind.FEED, state.feed),
            reason=Reason.of(codes[state.punctuality], feed=state.feed, missed=state.missed),
            observed_at=now,
            area_path=area_path,
        )
        for state in states
        if state.punctuality in codes
    ]
