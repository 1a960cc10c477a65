"""Accepted rows become records of the lake and rows of the desk, with the line they came from."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow as pa
import pytest
from feed_files import FILES, Receive

from ringfence.areas import put_places, read_places
from ringfence.errors import InputRefused
from ringfence.feeds import (
    POOLS,
    RESULTS,
    Known,
    Provenance,
    build_cases,
    build_duties,
    build_memberships,
    build_people,
    build_places,
    build_pools,
    build_residences,
    build_results,
    build_route_points,
    build_samples,
    build_units,
    build_visits,
)
from ringfence.feeds.records.midnights import split_at_midnights
from ringfence.feeds.records.people import OPEN_END
from ringfence.store import PEOPLE, Act, Batch, Content, Store, commit_batch
from ringfence.terms import (
    LAYOUTS,
    Actor,
    Area,
    Classification,
    Clock,
    Duty,
    Level,
    RecordKind,
    cell,
    day_number,
    from_us,
)

PROVENANCE = Provenance(batch_no=5, recorded_at=1_646_100_000_000_000)
FEBRUARY_28, MARCH_1 = day_number(date(2022, 2, 28)), day_number(date(2022, 3, 1))
SHANGHAI = Clock(ZoneInfo("Asia/Shanghai"))


def numbers(*values: int) -> pa.Array:
    return pa.array(values, pa.int64())


def visits(accepted: pa.Table, known: Known, persons: pa.Array) -> pa.Table:
    return build_visits(
        accepted,
        persons=persons,
        known=known,
        clock=SHANGHAI,
        assumed_stay=timedelta(hours=1),
        source=3,
        provenance=PROVENANCE,
    )


def test_check_ins_become_visits_cut_at_midnight(receive: Receive, known: Known) -> None:
    accepted = receive("check_ins", FILES["check_ins"]).read().accepted
    found = visits(accepted, known, numbers(11, 12, 13, 14))
    assert found.schema == LAYOUTS[RecordKind.VISIT].schema
    assert [(*tuple(row.values())[:5], row["row"]) for row in found.to_pylist()] == [
        (cell(FEBRUARY_28, 7), 11, 34_200, 2_700, 3, 2),
        (cell(FEBRUARY_28, 9), 12, 84_600, 1_800, 3, 3),
        (cell(MARCH_1, 9), 12, 0, 2_730, 3, 3),
        (cell(MARCH_1, 7), 13, 28_800, 3_600, 3, 4),
        (cell(MARCH_1, 9), 14, 29_100, 2_700, 3, 5),
    ]
    assert set(found["batch"].to_pylist()) == {5}
    assert set(found["recorded_at"].to_pylist()) == {1_646_100_000_000_000}


def test_visits_lie_in_the_lake_in_both_orders(
    store: Store, receive: Receive, known: Known, officer: Actor, now: datetime
) -> None:
    received = receive("check_ins", FILES["check_ins"])
    found = visits(received.read().accepted, known, numbers(11, 12, 13, 14))
    files = store.lake.stage(RecordKind.VISIT, found, batch_no=5)
    contract = received.declared.contract
    batch = Batch(
        batch_no=5,
        batch_id=received.batch_id,
        feed=received.declared.name,
        department=contract.department,
        purpose=contract.purpose,
        source_digest=received.digest,
        rows_accepted=4,
        rows_rejected=0,
        retain_until_day=None,
    )

    def commit(act: Act) -> None:
        assert commit_batch(act, batch)
        store.lake.commit(act, files)
        act.note("batch.received", subject=batch.batch_id)

    store.act(commit, actor=officer, now=now)
    for copy in LAYOUTS[RecordKind.VISIT].copies:
        by = [(name, "ascending") for name in copy.sorted_by]
        assert store.lake.read(RecordKind.VISIT, copy=copy.name) == found.sort_by(by)


@pytest.mark.parametrize("zone", ["Asia/Shanghai", "Europe/Berlin", "America/Havana", "Australia/Lord_Howe"])
def test_stays_are_cut_as_the_clock_cuts_one(zone: str) -> None:
    clock = Clock(ZoneInfo(zone))
    dice = np.random.default_rng(7)
    enter = 1_609_459_200 + dice.integers(0, 365 * 86_400, 3_000)
    leave = enter + dice.integers(1, 5 * 86_400, 3_000)
    expected = [
        (number, part.day, part.enter_s, part.stay_s)
        for number, (one, other) in enumerate(zip(enter.tolist(), leave.tolist(), strict=True))
        for part in clock.split_at_midnight(from_us(one * 1_000_000), from_us(other * 1_000_000))
    ]
    found = split_at_midnights(enter, leave, clock=clock)
    assert list(zip(*(column.tolist() for column in found), strict=True)) == expected


def test_no_stays_are_no_parts() -> None:
    nothing = np.zeros(0, dtype=np.int64)
    assert all(part.size == 0 for part in split_at_midnights(nothing, nothing, clock=SHANGHAI))


@pytest.mark.parametrize("persons", [numbers(1, 2, 3), pa.array([1, 2, 3, None], pa.int64())])
def test_rows_without_a_person_become_no_records(receive: Receive, known: Known, persons: pa.Array) -> None:
    accepted = receive("check_ins", FILES["check_ins"]).read().accepted
    with pytest.raises(InputRefused, match="3 person numbers came for 4 rows; link the rows first"):
        visits(accepted, known, persons)


def test_a_positive_tube_has_its_members_by_line_and_a_single_result_its_person(receive: Receive) -> None:
    accepted = receive("laboratory_results", FILES["laboratory_results"]).read().accepted
    persons = numbers(21, 22, 23, 24)
    pools, results = build_pools(accepted, persons=persons, clock=SHANGHAI), build_results(accepted, persons=persons)
    assert pools.schema == POOLS
    assert results.schema == RESULTS
    assert [(row["pool_id"], row["result"], row["rows"], row["persons"]) for row in pools.to_pylist()] == [
        ("t1", "positive", [2, 3], [21, 22]),
        ("t2", "pending", [5], [24]),
    ]
    first = pools.to_pylist()[0]
    assert from_us(first["taken_at"]) == datetime(2022, 2, 28, 0, 0, tzinfo=UTC)
    assert from_us(first["reported_at"]) == datetime(2022, 2, 28, 12, 0, tzinfo=UTC)
    assert [(row["row"], row["person"], row["result"]) for row in results.to_pylist()] == [(4, 23, "negative")]


@pytest.mark.parametrize(
    ("said", "result"),
    [
        (["negative", "positive", "pending"], "positive"),
        (["negative", "indeterminate", "pending"], "indeterminate"),
        (["negative", "pending", "not_done"], "pending"),
        (["not_done", "negative"], "negative"),
        (["not_done"], "not_done"),
    ],
)
def test_a_tube_whose_lines_disagree_is_what_its_gravest_line_says(
    receive: Receive, said: list[str], result: str
) -> None:
    header = FILES["laboratory_results"].splitlines()[0]
    lines = [f"s{n},t1,2022-02-28 08:00,2022-02-28 20:00,antigen,{one},,人{n},,,,," for n, one in enumerate(said)]
    accepted = receive("laboratory_results", "\n".join([header, *lines])).read().accepted
    [pool] = build_pools(accepted, persons=numbers(*range(len(said))), clock=SHANGHAI).to_pylist()
    assert pool["result"] == result


def test_every_result_is_a_sample_of_the_day_it_was_taken(receive: Receive) -> None:
    accepted = receive("laboratory_results", FILES["laboratory_results"]).read().accepted
    found = build_samples(accepted, persons=numbers(21, 22, 23, 24), clock=SHANGHAI, provenance=PROVENANCE)
    assert found.schema == LAYOUTS[RecordKind.SAMPLE].schema
    rows = found.to_pylist()
    assert [(row["subject_kind"], row["subject"], row["pool"], row["day"], row["row"]) for row in rows] == [
        ("person", 21, "t1", FEBRUARY_28, 2),
        ("person", 22, "t1", FEBRUARY_28, 3),
        ("person", 23, "", FEBRUARY_28, 4),
        ("person", 24, "t2", FEBRUARY_28, 5),
    ]


def test_a_line_of_a_line_list_is_a_case_with_what_is_known(receive: Receive) -> None:
    accepted = receive("case_line_list", FILES["case_line_list"]).read().accepted
    first, second, third = build_cases(accepted, persons=numbers(31, 32, 33))
    assert (first.row, first.case_key, first.person_no, first.disease) == (2, "C1", 31, "covid19")
    assert (first.onset_day, first.is_imported) == (day_number(date(2022, 2, 26)), False)
    assert first.isolated_at == datetime(2022, 2, 28, 14, 30, tzinfo=UTC)
    assert (second.classification, second.onset_day, second.is_imported) == (Classification.SUSPECT, None, True)
    assert (third.sampled_at, third.isolated_at, third.is_imported) == (None, None, False)


def test_a_route_lies_under_the_person_of_its_case(receive: Receive, known: Known) -> None:
    accepted = receive("case_routes", FILES["case_routes"]).read().accepted
    found = build_route_points(accepted, known=known, provenance=PROVENANCE)
    assert found.schema == LAYOUTS[RecordKind.ROUTE_POINT].schema
    assert [tuple(row.values())[:6] for row in found.to_pylist()] == [
        (101, day_number(date(2022, 2, 25)), 113.30123, 40.07681, 50, "restaurant"),
        (101, day_number(date(2022, 2, 26)), 113.31, 40.08, None, ""),
    ]


def test_residents_become_people_with_a_household_and_an_area(receive: Receive) -> None:
    accepted = receive("resident_register", FILES["resident_register"]).read().accepted
    persons, households = numbers(1, 2, 3), numbers(70, 70, 71)
    people = build_people(accepted, persons=persons, households=households, provenance=PROVENANCE)
    assert people.schema == PEOPLE
    first, _, third = people.to_pylist()
    assert (first["person_no"], first["household_no"], first["source_key"], first["row"]) == (1, 70, "r1", 2)
    assert (third["sex"], third["birth_date"], third["area_code"]) == ("unknown", date(2020, 2, 29), "1111")
    members = build_memberships(
        accepted, persons=persons, households=households, from_day=MARCH_1, provenance=PROVENANCE
    )
    assert members.schema == LAYOUTS[RecordKind.MEMBERSHIP].schema
    assert [tuple(row.values())[:5] for row in members.to_pylist()] == [
        (1, "household", 70, MARCH_1, OPEN_END),
        (2, "household", 70, MARCH_1, OPEN_END),
        (3, "household", 71, MARCH_1, OPEN_END),
    ]
    homes = build_residences(accepted, persons=persons, from_day=MARCH_1, provenance=PROVENANCE)
    assert homes.schema == LAYOUTS[RecordKind.RESIDENCE].schema
    assert homes["area"].to_pylist() == ["111", "111", "1111"]


def test_residents_go_into_the_vault_as_they_are(store: Store, receive: Receive) -> None:
    accepted = receive("resident_register", FILES["resident_register"]).read().accepted
    people = build_people(accepted, persons=numbers(1, 2, 3), households=numbers(7, 7, 8), provenance=PROVENANCE)
    [staged] = store.vault.stage(Content.PEOPLE, people)
    assert (staged.part.first_no, staged.part.last_no, staged.part.row_count) == (1, 3, 3)


def test_places_can_be_put_in(store: Store, receive: Receive, areas: dict[str, Area], officer: Actor) -> None:
    places = build_places(receive("places", FILES["places"]).read().accepted)
    store.act(
        lambda act: put_places(act, places, areas=areas, batch_no=None),
        actor=officer,
        now=datetime(2022, 3, 1, tzinfo=UTC),
    )
    found = read_places(store.desk).sort_by("place_id").to_pylist()
    assert [(row["place_id"], row["kind"], row["area_path"], row["longitude"]) for row in found] == [
        ("p1", "shop", "1/11/111/", 113.3012),
        ("p10", "transport", "1/12/121/", -0.5),
        ("p9", "restaurant", "1/11/1111/", None),
    ]


def test_a_unit_is_what_its_last_line_says(receive: Receive, known: Known) -> None:
    units = build_units(receive("duty_roster", FILES["duty_roster"]).read().accepted, known=known)
    assert sorted(units) == [3, 4]
    assert (units[3].unit_id, units[3].daily_capacity, units[3].area_path) == ("111-g01", 45, "1/11/111/")
    assert units[3].task_kinds == {"visit", "call", "identify"}
    assert (units[4].level, units[4].area_path) == (Level.CITY, "1/")


def test_a_duty_past_midnight_goes_on_the_next_day(receive: Receive) -> None:
    evening, morning = build_duties(receive("duty_roster", FILES["duty_roster"]).read().accepted, clock=SHANGHAI)
    assert evening == {
        2: Duty(
            unit_id="111-g01", day=MARCH_1, from_s=28_800, to_s=79_200, leader="officer-0001", deputy="officer-0003"
        ),
        3: Duty(unit_id="111-g01", day=MARCH_1 + 1, from_s=72_000, to_s=86_400, leader="officer-0002"),
        4: Duty(unit_id="1-m", day=MARCH_1, from_s=0, to_s=86_400, leader="officer-0009", deputy="officer-0010"),
    }
    assert morning == {3: Duty(unit_id="111-g01", day=MARCH_1 + 2, from_s=0, to_s=28_800, leader="officer-0002")}


def test_a_duty_of_all_day_has_23_hours_where_the_day_has(receive: Receive) -> None:
    header = FILES["duty_roster"].splitlines()[0]
    clock = Clock(ZoneInfo("Europe/Berlin"))
    line = (
        "u1,111,grid,visit,40,2022-03-27,00:00,24:00,officer-1,\nu2,111,grid,visit,40,2022-03-27,08:00,22:00,officer-1,"
    )
    [duties, _] = build_duties(receive("duty_roster", f"{header}\n{line}", clock=clock).read().accepted, clock=clock)
    assert [(duty.from_s, duty.to_s) for duty in duties.values()] == [(0, 82_800), (25_200, 75_600)]
