"""Hotel, ward, work group and class: as household, each with its own words and its crowd."""

import pytest
from trace_records import contacts, homes, join, second, sources


@pytest.mark.parametrize(
    ("rule", "kind", "code"),
    [
        ("hotel", "hotel_room", "same_room"),
        ("hotel", "hotel_floor", "same_floor"),
        ("ward", "ward", "same_ward"),
        ("work_group", "work_group", "same_work_group"),
        ("work_group", "class", "same_class"),
    ],
)
def test_whoever_belonged_to_the_group_while_it_mattered_is_a_contact(rule: str, kind: str, code: str) -> None:
    records = homes((1, 8, 1, 4), (2, 8, 3, 6), (3, 9, 0, 6), (4, 8, 5, 6), kind=kind)
    found = contacts(rule, records, sources((7, 1), window=(0, "0:00", 3, "18:00")))
    spans = [(row["subject"], row["code"], row["first_day"] - 19_050, row["last_s"]) for row in found]
    assert spans == [(2, code, 3, second("18:00"))]


def test_the_crowd_is_everybody_who_was_there() -> None:
    room = homes((1, 8), (2, 8), kind="hotel_room")
    floor = homes((1, 3), (2, 3), (4, 3), (5, 3), kind="hotel_floor")
    found = contacts("hotel", join(room, floor), sources((7, 1)))
    assert [(row["subject"], row["code"], row["crowd"]) for row in found] == [
        (2, "same_floor", 4),
        (2, "same_room", 2),
        (4, "same_floor", 4),
        (5, "same_floor", 4),
    ]


def test_another_kind_of_group_is_another_rule() -> None:
    assert contacts("ward", homes((1, 8), (2, 8), kind="class"), sources((7, 1))) == []
