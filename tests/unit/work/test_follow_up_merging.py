"""One person has one watch, whichever of their numbers it began under."""

from datetime import datetime

import pytest

from ringfence.store import Act, Scope, Store, merge_people, undo_alias
from ringfence.terms import SYSTEM, AliasKind, Reason, ReasonCode
from ringfence.work.follow_up_merging import merge_follow_ups

WATCHES = "select person_no, status from visible_follow_up order by follow_up_id"
LINES = "select action, count from ledger where action like 'follow_up.%' order by seq"

PUT = """
insert into follow_up (person_no, disease, ring, day_zero, from_day, to_day, status, unit_id, area_path, recorded_at)
values (:person_no, :disease, 1, 1, 1, :to_day, 'follow_up', '111-g1', '1/11/111/', 1)
"""

SAID = Reason.of(ReasonCode.SAID_BY, actor="test")


class Watches:
    """Watches of some persons, and what becomes of them."""

    def __init__(self, store: Store, now: datetime) -> None:
        self.store, self.now = store, now

    def put(self, *rows: tuple[int, int], disease: str = "covid19") -> None:
        values = [{"person_no": person, "to_day": to_day, "disease": disease} for person, to_day in rows]

        def run(act: Act) -> None:
            act.run_many(PUT, values)
            act.note("test.watches")

        self.store.act(run, actor=SYSTEM, now=self.now)

    def write(self, sql: str) -> None:
        def run(act: Act) -> None:
            act.run(sql)
            act.note("test.written")

        self.store.act(run, actor=SYSTEM, now=self.now)

    def merge_people(self, from_no: int, to_no: int) -> int:
        return self.store.act(
            lambda act: merge_people(act, from_no=from_no, to_no=to_no, reason=SAID, kind=AliasKind.MERGED),
            actor=SYSTEM,
            now=self.now,
        )

    def merge(self) -> list[int]:
        """Who is watched after a day's beginning."""

        def run(act: Act) -> None:
            merge_follow_ups(act)
            act.note("test.day")

        self.store.act(run, actor=SYSTEM, now=self.now)
        found = self.store.desk.rows(WATCHES, scope=Scope.of_system())
        return [row.person_no for row in found if row.status == "follow_up"]


@pytest.fixture
def watches(manned: Store, now: datetime) -> Watches:
    return Watches(manned, now)


def test_two_numbers_of_one_person_are_watched_once_under_the_later_end(watches: Watches) -> None:
    watches.put((5, 20), (6, 25), (7, 22), (8, 30))
    watches.put((5, 20), disease="mers")
    assert watches.merge() == [5, 6, 7, 8, 5]
    watches.merge_people(5, 6)
    watches.merge_people(6, 7)
    assert watches.merge() == [6, 8, 5], "the watch for another disease stays"
    assert watches.merge() == [6, 8, 5]
    lines = watches.store.desk.rows(LINES)
    assert [tuple(line) for line in lines] == [("follow_up.merged", 2)]


def test_a_watch_goes_on_when_the_link_is_taken_back(watches: Watches) -> None:
    watches.put((5, 20), (6, 25))
    alias = watches.merge_people(5, 6)
    assert watches.merge() == [6]
    watches.store.act(lambda act: undo_alias(act, alias), actor=SYSTEM, now=watches.now)
    assert watches.merge() == [5, 6]


def test_a_watch_goes_on_when_what_stands_for_it_is_cancelled_or_ends_sooner(watches: Watches) -> None:
    watches.put((5, 20), (6, 25))
    watches.merge_people(5, 6)
    assert watches.merge() == [6]
    watches.write("update follow_up set to_day = 18 where person_no = 6")
    assert watches.merge() == [5], "the later end holds"
    watches.write("update follow_up set status = 'cancelled', merged_into = null where person_no = 5")
    assert watches.merge() == [6]
    watches.write("update follow_up set status = 'completed' where person_no = 6")
    assert watches.merge() == [], "who was released is not watched again under another number"
