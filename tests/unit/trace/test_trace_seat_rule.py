"""Seats, ride by ride."""

from trace_records import DAY, contacts, join, legs, sources

CASE = (1, 5, 12, 2, 6)


def seats(*others: tuple[int | None, ...], case: tuple[int | None, ...] = CASE, kind: str = "rail") -> dict[int, float]:
    found = contacts("same_seat_rows", legs(case, *others, kind=kind), sources((7, 1)))
    return {row["subject"]: row["distance"] for row in found}


def test_so_many_rows_in_the_same_carriage_are_near() -> None:
    others = [(2, 5, 12), (3, 5, 15), (4, 5, 16), (5, 5, 9), (6, 4, 12)]
    assert seats(*others) == {2: 0, 3: 3, 5: 3}


def test_how_many_rows_depends_on_how_one_travels() -> None:
    others = [(2, 5, 13), (3, 5, 14), (4, 5, 15)]
    assert list(seats(*others, kind="rail")) == [2, 3, 4]
    assert list(seats(*others, kind="air")) == [2, 3]
    assert list(seats(*others, kind="road")) == [2]


def test_who_alights_before_the_other_boards_never_met() -> None:
    others = [(2, 5, 12, 0, 2), (3, 5, 12, 0, 3), (4, 5, 12, 6, 9), (5, 5, 12, None, None)]
    assert list(seats(*others)) == [3, 5]


def test_an_unknown_seat_may_be_any() -> None:
    assert seats((2, 5, None), (3, 5, 30), (4, None, 12), (5, 4, None)) == {2: None, 4: 0}
    assert seats((2, 5, 1), (3, 4, 1), case=(1, 5, None)) == {2: None}


def test_a_night_train_counts_on_the_day_after_boarding_too() -> None:
    records = legs(CASE, (2, 5, 12), day=1)
    assert [
        row["subject"] for row in contacts("same_seat_rows", records, sources((7, 1), window=(2, "0:00", 3, "0:00")))
    ] == [2]
    assert contacts("same_seat_rows", records, sources((7, 1), window=(3, "0:00", 4, "0:00"))) == []


def test_another_departure_is_another_trip() -> None:
    records = join(legs(CASE, trip=4), legs((2, 5, 12), trip=5))
    assert contacts("same_seat_rows", records, sources((7, 1))) == []


def test_the_nearest_seat_of_a_day_counts_once() -> None:
    found = contacts("same_seat_rows", legs(CASE, (2, 5, 14), (2, 5, 12)), sources((7, 1)))
    assert [(row["first_day"] - DAY, row["distance"], row["crowd"]) for row in found] == [(1, 0, 2)]
