"""Cases as episodes, and pooled samples that hold their members."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from ringfence.errors import NotFound
from ringfence.signals import (
    CaseReport,
    MemberResult,
    PoolReport,
    Settlement,
    put_case,
    put_pools,
    read_case,
    read_case_keys,
    read_members,
    settle_members,
)
from ringfence.store import Act, Scope, Store, merge_people
from ringfence.terms import SYSTEM, AliasKind, Case, Classification, Reason, ReasonCode, WindowBasis, to_us

HOUR = timedelta(hours=1)
HELD = "select person_no from pool_member where is_held and pool_id = :p order by row_no"
POOL = "select status, reported_at, resolved_at from visible_sample_pool where pool_id = :p"
SEEN = "select subject_key, reason from visible_observation"


def report(now: datetime, *, key: str | None = "c1", person: int = 7, **known: object) -> CaseReport:
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


def test_two_names_of_one_episode_are_both_kept_and_lead_to_it(staffed: Store, now: datetime) -> None:
    case = put(staffed, report(now, key="c1"), now)
    assert put(staffed, report(now + HOUR, key="c2"), now).case_id == case.case_id
    assert put(staffed, report(now + timedelta(days=200), key="c2", onset_day=19_050), now).case_id == case.case_id
    assert put(staffed, report(now + timedelta(days=200), key="c1"), now).onset_day == 19_050
    assert read_case_keys(staffed.desk).to_pydict() == {"case_key": ["c1", "c2"], "person_no": [7, 7]}
    [row] = staffed.desk.rows("select case_key from visible_case_episode", scope=Scope.of_system())
    assert row.case_key == "c1"


def test_a_result_makes_a_case_more_certain_and_only_a_line_list_less(staffed: Store, now: datetime) -> None:
    suspect = {"key": None, "classification": Classification.SUSPECT}
    assert put(staffed, report(now, **suspect), now).classification is Classification.SUSPECT
    assert put(staffed, report(now, key=None), now).classification is Classification.CONFIRMED
    assert put(staffed, report(now, **suspect), now).classification is Classification.CONFIRMED
    no_case = report(now, classification=Classification.NO_CASE)
    assert put(staffed, no_case, now).classification is Classification.NO_CASE
    assert put(staffed, report(now, **suspect), now).classification is Classification.SUSPECT


def test_a_report_under_another_number_of_the_same_person_is_the_same_episode(staffed: Store, now: datetime) -> None:
    first = put(staffed, report(now, person=7), now)
    merge(staffed, 7, into=8, now=now)
    assert put(staffed, report(now + HOUR, key="c2", person=8), now).case_id == first.case_id
    assert put(staffed, report(now + HOUR, key="c3", person=9), now).case_id != first.case_id


def merge(store: Store, number: int, *, into: int, now: datetime) -> None:
    reason = Reason.of(ReasonCode.SAID_BY, actor="test")
    store.act(
        lambda act: merge_people(act, from_no=number, to_no=into, reason=reason, kind=AliasKind.MERGED),
        actor=SYSTEM,
        now=now,
    )


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


def put_tubes(store: Store, now: datetime, *tubes: PoolReport) -> list[str]:
    put = store.act(lambda act: put_pools(act, tubes, batch_no=None), actor=SYSTEM, now=now)
    return [one.pool_id for one in put]


def settle(store: Store, now: datetime, *people: int, positive: int = 0, at: datetime | None = None) -> Settlement:
    results = [MemberResult(person_no=p, is_positive=p == positive, sampled_at=at or now) for p in people]
    return store.act(lambda act: settle_members(act, results), actor=SYSTEM, now=now)


def test_a_pool_waits_for_every_member_and_keeps_holding_the_positive_one(staffed: Store, now: datetime) -> None:
    put_tubes(staffed, now, tube(now, "p1", is_positive=True))
    before = now - 2 * HOUR
    assert settle(staffed, now, *range(101, 111), at=before).settled == ()  # sampled before: says nothing of the tube
    first = settle(staffed, now, *range(101, 110), positive=104)
    assert (first.resolved, first.settled) == ((), tuple(range(101, 110)))
    assert staffed.act(lambda act: held(act, "p1"), actor=SYSTEM, now=now) == [104, 110]
    assert settle(staffed, now, 110, 111).resolved == ("p1",)
    assert staffed.act(lambda act: held(act, "p1"), actor=SYSTEM, now=now) == [104]


def test_a_tube_keeps_when_it_was_reported_and_says_when_it_was_resolved(staffed: Store, now: datetime) -> None:
    put_tubes(staffed, now, tube(now, "p1", is_positive=True))
    settle(staffed, now + 5 * HOUR, *range(101, 111), at=now)
    [row] = staffed.desk.rows(POOL, scope=Scope.of_system(), p="p1")
    assert tuple(row) == ("resolved", to_us(now), to_us(now + 5 * HOUR))


def test_a_tube_corrected_to_positive_holds_and_one_corrected_to_negative_is_put_to_somebody(
    staffed: Store, now: datetime
) -> None:
    put_tubes(staffed, now, tube(now, "p1", is_positive=False))
    corrected = replace(tube(now, "p1", is_positive=True, first=31), reported_at=now + HOUR)
    assert put_tubes(staffed, now, corrected) == ["p1"]
    members = staffed.act(lambda act: held(act, "p1"), actor=SYSTEM, now=now)
    assert sorted(members) == [*range(101, 111), *range(131, 141)], "by person, whatever lines they stood on"
    [row] = staffed.desk.rows(POOL, scope=Scope.of_system(), p="p1")
    assert (row.status, row.reported_at) == ("positive", to_us(now + HOUR))
    assert put_tubes(staffed, now, tube(now, "p1", is_positive=False)) == []
    assert len(staffed.act(lambda act: held(act, "p1"), actor=SYSTEM, now=now)) == 20
    [seen] = staffed.desk.rows(SEEN, scope=Scope.of_system())
    assert (seen.subject_key, Reason.from_json(seen.reason).code) == ("p1", ReasonCode.POOL_CONTRADICTED)


def test_a_result_under_another_number_of_the_same_person_ends_the_hold(staffed: Store, now: datetime) -> None:
    put_tubes(staffed, now, tube(now, "p1", is_positive=True))
    merge(staffed, 101, into=999, now=now)
    assert settle(staffed, now, 999).settled == (101,)
