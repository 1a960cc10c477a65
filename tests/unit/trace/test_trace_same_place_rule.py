"""Same place, case by case."""

from datetime import date
from zoneinfo import ZoneInfo

import pytest
from trace_records import DAY, contacts, protocol, raw_visits, second, sources, visits

from ringfence.terms import Clock, day_number


def minutes(rows: list[dict[str, int]]) -> dict[int, float]:
    """Minutes together by subject, all days added up."""
    answer: dict[int, float] = {}
    for row in rows:
        answer[row["subject"]] = answer.get(row["subject"], 0) + row["seconds"] / 60
    return answer


def test_contacts_are_those_who_overlapped_long_enough_on_one_day() -> None:
    records = visits(
        (1, 5, 1, "9:00", "10:00"),
        (2, 5, 1, "9:30", "9:45"),  # fifteen minutes
        (3, 5, 1, "9:45:01", "11:00"),  # a second short of them
        (4, 5, 1, "8:00", "9:10"),  # ten minutes, and six after having gone out
        (4, 5, 1, "9:50", "9:56"),
        (5, 6, 1, "9:00", "10:00"),  # elsewhere
        (6, 5, 2, "9:00", "10:00"),  # on another day
        (7, 5, 1, "10:00", "11:00"),  # came when the case left
    )
    assert minutes(contacts("same_place", records, sources((7, 1)))) == {2: 15, 4: 16}


def test_a_contact_tells_where_when_and_in_what_crowd() -> None:
    records = visits(
        (1, 5, 1, "9:00", "10:00"),
        (2, 5, 1, "9:10", "9:20"),
        (2, 5, 1, "9:40", "11:00"),
        (3, 5, 1, "9:59", "12:00"),
        (4, 5, 1, "7:00", "8:50"),
    )
    (row,) = contacts("same_place", records, sources((7, 1)))
    assert row == {
        "signal": 7,
        "case_no": 70,
        "direction": "forward",
        "source": 1,
        "subject_kind": "person",
        "subject": 2,
        "rule": "same_place",
        "code": "same_place",
        "place": 5,
        "first_day": DAY + 1,
        "first_s": second("9:10"),
        "last_day": DAY + 1,
        "last_s": second("10:00"),
        "seconds": 30 * 60,
        "distance": None,
        "days_apart": None,
        "crowd": 2,
    }


def test_only_the_window_counts() -> None:
    records = visits((1, 5, 1, "9:00", "12:00"), (2, 5, 1, "9:00", "10:10"), (3, 5, 1, "11:50", "12:00"))
    late = sources((7, 1), window=(1, "10:00", 1, "11:00"))
    assert minutes(contacts("same_place", records, late, settings=protocol(minimum_minutes=10))) == {2: 10}


def test_a_stay_through_midnight_counts_whole() -> None:
    records = visits(
        (1, 5, 1, "23:00", "24:00"),
        (1, 5, 2, "0:00", "1:00"),
        (2, 5, 1, "23:52", "24:00"),  # sixteen minutes through midnight
        (2, 5, 2, "0:00", "0:08"),
        (3, 5, 1, "23:50", "23:58"),  # sixteen minutes on two days, not through midnight
        (3, 5, 2, "0:00", "0:08"),
    )
    assert minutes(contacts("same_place", records, sources((7, 1)))) == {2: 16}


def test_a_day_borrows_only_from_the_night_it_was_together_in() -> None:
    records = visits(
        (1, 5, 1, "23:00", "24:00"),
        (1, 5, 2, "23:00", "24:00"),
        (2, 5, 1, "23:52", "24:00"),  # until midnight, but not since the one before the next
        (2, 5, 2, "23:52", "24:00"),
    )
    assert contacts("same_place", records, sources((7, 1))) == []


def test_air_lingers_for_who_comes_after_the_case() -> None:
    records = visits((1, 5, 1, "9:00", "10:00"), (2, 5, 1, "11:00", "12:00"), (3, 5, 1, "12:00", "13:00"))
    measles = protocol(linger_minutes=120)
    assert minutes(contacts("same_place", records, sources((7, 1)), settings=measles)) == {2: 60}


def test_looking_back_air_lingers_for_the_case_who_came_after_another() -> None:
    records = visits((1, 5, 1, "11:00", "12:00"), (2, 5, 1, "9:00", "10:00"), (3, 5, 1, "13:00", "14:00"))
    back = sources((7, 1), direction="backward")
    assert minutes(contacts("same_place", records, back, settings=protocol(linger_minutes=120))) == {2: 60}
    assert contacts("same_place", records, back) == []


@pytest.mark.parametrize("direction", ["forward", "backward"])
def test_air_lingers_over_as_many_midnights_as_it_takes(direction: str) -> None:
    first, second_ = (1, 2) if direction == "forward" else (2, 1)
    records = visits((first, 5, 1, "23:00", "24:00"), (second_, 5, 3, "0:00", "1:00"))
    found = contacts(
        "same_place", records, sources((7, 1), direction=direction), settings=protocol(linger_minutes=24 * 60 + 30)
    )
    assert [(row["subject"], row["first_day"], row["first_s"], row["seconds"]) for row in found] == [
        (2, DAY + 3, 0, 30 * 60)
    ]


def test_a_second_on_record_twice_counts_once() -> None:
    twice = visits(
        *[(1, 5, 1, "9:00", "9:12"), (1, 5, 1, "9:03", "9:12")] * 2,
        *[(2, 5, 1, "9:00", "9:12")] * 2,
        (2, 5, 1, "9:05", "9:10"),
    )
    assert contacts("same_place", twice, sources((7, 1))) == []
    assert minutes(contacts("same_place", twice, sources((7, 1)), settings=protocol(minimum_minutes=12))) == {2: 12}


def test_two_windows_of_one_case_count_a_shared_second_once() -> None:
    records = visits((1, 5, 1, "9:00", "9:20"), (2, 5, 1, "9:00", "9:20"))
    twice = sources((7, 1), (7, 1))
    assert minutes(contacts("same_place", records, twice)) == {2: 20}


def test_a_merged_person_is_traced_by_all_numbers_and_found_under_the_last() -> None:
    records = visits(
        (11, 5, 1, "9:00", "10:00"),  # the case, as 11
        (1, 6, 1, "11:00", "12:00"),  # the case, as 1
        (12, 5, 1, "9:00", "9:10"),  # 2, ten minutes as 12
        (2, 5, 1, "9:05", "9:20"),  # and fifteen as 2, five of them the same
        (1, 5, 1, "9:00", "10:00"),  # the case beside itself
        (3, 6, 1, "11:00", "12:00"),
    )
    found = contacts("same_place", records, sources((7, 11)), aliases={11: 1, 12: 2})
    assert minutes(found) == {2: 20, 3: 60}
    assert {(row["source"], row["crowd"]) for row in found} == {(1, 1)}


def test_a_case_is_another_cases_contact_but_never_its_own() -> None:
    records = visits((1, 5, 1, "9:00", "10:00"), (2, 5, 1, "9:00", "10:00"))
    found = contacts("same_place", records, sources((7, 1), (8, 2)))
    assert [(row["signal"], row["source"], row["subject"]) for row in found] == [(7, 1, 2), (8, 2, 1)]


@pytest.mark.parametrize(
    ("why", "row"),
    [
        ("ends as it begins", (2, 5, 1, 32_400, 0)),
        ("ends before it begins", (2, 5, 1, 32_400, -3_600)),
        ("begins before its day", (2, 5, 1, -10, 80_000)),
        ("begins after its day", (2, 5, 1, 90_000, 3_600)),
    ],
)
def test_a_record_that_is_no_visit_makes_no_contact(why: str, row: tuple[int, int, int, int, int]) -> None:
    case = (1, 5, 1, 0, 86_400)
    lingering = protocol(linger_minutes=600, minimum_minutes=0)
    for direction in ("forward", "backward"):
        cases = sources((7, 1), direction=direction)
        assert contacts("same_place", raw_visits(case, row), cases, settings=lingering) == [], why
        assert contacts("same_place", raw_visits((2, *case[1:]), (1, *row[1:])), cases, settings=lingering) == [], why


def test_a_stay_of_forty_days_ends_with_the_day_it_is_kept_under() -> None:
    forty = 40 * 86_400
    records = raw_visits((1, 5, 1, second("23:00"), forty), (2, 5, 1, second("23:00"), 2**31 - 1), (3, 5, 2, 0, 3_600))
    assert minutes(contacts("same_place", records, sources((7, 1)))) == {2: 60}


def test_an_unknown_place_is_no_place_to_meet() -> None:
    nowhere = visits((1, 0, 1, "9:00", "10:00"), (2, 0, 1, "9:00", "10:00"))
    assert contacts("same_place", nowhere, sources((7, 1))) == []


def test_a_place_without_a_row_in_the_place_table_is_a_place_all_the_same() -> None:
    records = visits((1, 4_000_000_000, 1, "9:00", "10:00"), (2, 4_000_000_000, 1, "9:00", "10:00"))
    assert minutes(contacts("same_place", records, sources((7, 1)))) == {2: 60}


def test_a_case_without_visits_has_no_contacts_by_place() -> None:
    assert contacts("same_place", visits((2, 5, 1, "9:00", "10:00")), sources((7, 1))) == []


@pytest.mark.parametrize(("day", "hours"), [(date(2022, 3, 27), 23), (date(2022, 10, 30), 25)])
def test_days_of_23_and_25_hours_are_as_long_as_they_are(day: date, hours: int) -> None:
    clock = Clock(ZoneInfo("Europe/Berlin"))
    odd = day_number(day) - DAY
    records = raw_visits((1, 5, odd, 0, hours * 3600), (2, 5, odd, 0, 100_000), (3, 5, odd + 1, 0, 1_800))
    found = contacts(
        "same_place",
        records,
        sources((7, 1), window=(odd, "0:00", odd, "25:00")),
        settings=protocol(linger_minutes=15),
        days=range(DAY + odd - 1, DAY + odd + 2),
        clock=clock,
    )
    assert minutes(found) == {2: hours * 60, 3: 15}
