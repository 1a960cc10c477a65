"""Named contacts, case by case."""

from trace_records import DAY, contacts, named, second, sources


def test_whom_a_case_named_and_who_named_the_case_are_contacts() -> None:
    found = contacts("named_contact", named((1, 2), (3, 1), (4, 5)), sources((7, 1)))
    assert [(row["subject"], row["code"]) for row in found] == [(2, "named_contact"), (3, "named_contact")]


def test_days_nobody_remembered_are_the_whole_window() -> None:
    found = contacts("named_contact", named((1, 2)), sources((7, 1), window=(1, "12:00", 3, "18:00")))
    spans = [(row["first_day"] - DAY, row["first_s"], row["last_day"] - DAY, row["last_s"]) for row in found]
    assert spans == [(1, second("12:00"), 3, second("18:00"))]


def test_a_contact_before_the_window_is_none() -> None:
    cases = sources((7, 1), window=(2, "0:00", 5, "24:00"))
    assert contacts("named_contact", named((1, 2, 0, 1)), cases) == []
    assert [row["first_day"] - DAY for row in contacts("named_contact", named((1, 2, 0, 2)), cases)] == [2]


def test_merged_persons_are_named_under_any_of_their_numbers() -> None:
    found = contacts("named_contact", named((11, 12), (11, 1)), sources((7, 1)), aliases={11: 1, 12: 2})
    assert [row["subject"] for row in found] == [2]
