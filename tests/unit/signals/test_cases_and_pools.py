"""Cases as episodes, and pooled samples that hold their members."""

from datetime import datetime, timedelta

import pytest

from ringfence.errors import NotFound
from ringfence.signals import (
    CaseReport,
    MemberResult,
    PoolReport,
    put_case,
    put_pools,
    read_case,
    read_members,
    settle_members,
)
from ringfence.store import Act, Store
from ringfence.terms import SYSTEM, Case, Classification, WindowBasis

HOUR = timedelta(hours=1)
HELD = "select person_no from pool_member where is_held and pool_id = :p order by row_no"


def report(now: datetime, *, key: str = "c1", person: int = 7, **known: object) -> CaseReport:
    fields = {"classification": Classification.CONFIRMED, "sampled_at": now - HOUR, **known}
    return CaseReport(
        case_key=key,
        person_no=person,
        disease="covid19",
        reported_at=now,
        area_path="1/11/111/",
        **fields,  # type: ignore[arg-type]
    )


def put(store: Store, one: CaseReport, now: datetime) -> Case:
    return store.act(lambda act: put_case(act, one, episode_days=90), actor=SYSTEM, now=now)


def test_learning_an_onset_moves_the_window_from_the_sample_to_the_onset(staffed: Store, now: datetime) -> None:
    before = put(staffed, report(now), now)
    assert before.is_asymptomatic
    assert before.window_basis is WindowBasis.SAMPLING
    after = put(staffed, report(now, onset_day=19_050), now)
    assert (after.case_id, after.onset_day) == (before.case_id, 19_050)
    assert after.window_basis is WindowBasis.ONSET


def test_a_later_report_never_erases_what_was_known(staffed: Store, now: datetime) -> None:
    put(staffed, report(now, onset_day=19_050, isolated_at=now, is_imported=True), now)
    after = put(staffed, report(now, sampled_at=None, classification=Classification.PROBABLE), now)
    assert after.onset_day == 19_050
    assert (after.sampled_at, after.isolated_at) == (now - HOUR, now)
    assert after.is_imported
    assert after.classification is Classification.PROBABLE


def test_a_sample_and_a_line_list_speak_of_one_case_and_a_much_later_report_of_another(
    staffed: Store, now: datetime
) -> None:
    by_sample = put(staffed, report(now, key="sample:1"), now)
    by_list = put(staffed, report(now + 30 * HOUR, key="c1", onset_day=19_050), now)
    assert (by_list.case_id, by_list.onset_day) == (by_sample.case_id, 19_050)
    again = put(staffed, report(now + timedelta(days=91), key="c2"), now)
    assert (again.episode, again.case_id != by_list.case_id) == (2, True)
    with pytest.raises(NotFound, match="no case 99"):
        staffed.act(lambda act: read_case(act, 99), actor=SYSTEM, now=now)


def tube(now: datetime, pool_id: str, *, is_positive: bool | None, first: int = 1) -> PoolReport:
    members = {row: 100 + row for row in range(first, first + 10)}
    return PoolReport(
        pool_id=pool_id,
        sampled_at=now - HOUR,
        area_path="1/11/111/",
        members=members,
        is_positive=is_positive,
        reported_at=now,
    )


def held(act: Act, pool_id: str) -> list[int]:
    act.note("test.read")
    return [
        row.person_no for row in act.rows("select person_no from pool_member where is_held and pool_id = :p", p=pool_id)
    ]


def test_a_positive_pool_holds_every_member_and_a_negative_one_nobody(staffed: Store, now: datetime) -> None:
    tubes = [tube(now, "p1", is_positive=True), tube(now, "p2", is_positive=False, first=11)]
    recalled = staffed.act(lambda act: put_pools(act, tubes, batch_no=None), actor=SYSTEM, now=now)
    assert [one.pool_id for one in recalled] == ["p1"]
    assert len(staffed.act(lambda act: held(act, "p1"), actor=SYSTEM, now=now)) == 10
    assert not staffed.act(lambda act: held(act, "p2"), actor=SYSTEM, now=now)
    assert staffed.act(lambda act: read_members(act, "p1"), actor=SYSTEM, now=now) == list(range(101, 111))
    again = staffed.act(lambda act: put_pools(act, tubes, batch_no=None), actor=SYSTEM, now=now)
    assert again == []


def test_a_pool_waits_for_every_member_and_keeps_holding_the_positive_one(staffed: Store, now: datetime) -> None:
    staffed.act(lambda act: put_pools(act, [tube(now, "p1", is_positive=True)], batch_no=None), actor=SYSTEM, now=now)

    def settle(people: range, *, positive: int, at: datetime) -> list[str]:
        results = [MemberResult(person_no=p, is_positive=p == positive, sampled_at=at) for p in people]
        return staffed.act(lambda act: settle_members(act, results), actor=SYSTEM, now=now)

    before = now - 2 * HOUR
    assert settle(range(101, 111), positive=0, at=before) == []  # sampled before the tube: says nothing of it
    assert settle(range(101, 110), positive=104, at=now) == []
    assert staffed.act(lambda act: held(act, "p1"), actor=SYSTEM, now=now) == [104, 110]
    assert settle(range(110, 112), positive=0, at=now) == ["p1"]
    assert staffed.act(lambda act: held(act, "p1"), actor=SYSTEM, now=now) == [104]
