"""Household, case by case."""

from trace_records import DAY, contacts, homes, second, sources


def spans(rows: list[dict[str, int]]) -> dict[int, tuple[int, int, int, int]]:
    """First day and second, last day and second by subject, days from DAY."""
    return {
        row["subject"]: (row["first_day"] - DAY, row["first_s"], row["last_day"] - DAY, row["last_s"]) for row in rows
    }


def test_whoever_lived_behind_the_same_door_was_exposed_for_the_whole_window() -> None:
    records = homes((1, 8), (2, 8), (3, 9))
    cases = sources((7, 1), window=(1, "12:00", 3, "18:00"))
    found = contacts("household", records, cases)
    assert spans(found) == {2: (1, second("12:00"), 3, second("18:00"))}
    assert {(row["rule"], row["code"], row["seconds"], row["crowd"]) for row in found} == {
        ("household", "same_household", None, None)
    }


def test_moving_in_and_out_bounds_the_exposure() -> None:
    records = homes((1, 8, 2, 4), (2, 8, None, 3), (3, 8, 4, None), (4, 8, 5, 6))
    found = contacts("household", records, sources((7, 1), window=(1, "12:00", 4, "18:00")))
    assert spans(found) == {2: (2, 0, 3, 86_400), 3: (4, 0, 4, second("18:00"))}


def test_who_is_on_record_twice_or_came_back_is_one_contact() -> None:
    records = homes((1, 8), (1, 9), (2, 8, 0, 1), (2, 8, 0, 1), (2, 9, 4, 5))
    assert spans(contacts("household", records, sources((7, 1)))) == {2: (0, 0, 5, 86_400)}


def test_a_window_that_ends_at_midnight_ends_with_the_day_before() -> None:
    records = homes((1, 8), (2, 8), (3, 8, 3, None))
    found = contacts("household", records, sources((7, 1), window=(1, "24:00", 3, "0:00")))
    assert spans(found) == {2: (2, 0, 2, 86_400)}


def test_an_empty_window_exposes_nobody() -> None:
    records = homes((1, 8), (2, 8))
    for window in ((3, "12:00", 3, "12:00"), (3, "12:00", 2, "18:00"), (3, "24:00", 4, "0:00")):
        assert contacts("household", records, sources((7, 1), window=window)) == []


def test_other_groups_are_no_household() -> None:
    assert contacts("household", homes((1, 8), (2, 8), kind="class"), sources((7, 1))) == []


def test_merged_persons_live_where_any_of_their_numbers_lived() -> None:
    records = homes((11, 8), (12, 8), (1, 8), (3, 9), (2, 9))
    found = contacts("household", records, sources((7, 1)), aliases={11: 1, 12: 2})
    assert list(spans(found)) == [2]
