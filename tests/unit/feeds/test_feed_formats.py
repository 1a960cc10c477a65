"""Each format reads a file typed by hand, and none loads outside a declared contract."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from feed_files import FILES, ROUTES_SAY, Receive

from ringfence.errors import FeedRejected, NotFound
from ringfence.feeds import Contract, list_formats, read_format
from ringfence.feeds.contracts import check_contract
from ringfence.policy import PolicySet
from ringfence.terms import to_us


def at(day: int, hour: int, minute: int = 0, second: int = 0, *, month: int = 2) -> int:
    """Microseconds of an instant in 2022, given in UTC: eight hours behind the files' wall clock."""
    return to_us(datetime(2022, month, day, hour, minute, second, tzinfo=UTC))


def test_every_format_has_a_file_typed_by_hand() -> None:
    assert list_formats() == sorted(FILES)


@pytest.mark.parametrize("name", sorted(FILES))
def test_a_file_typed_by_hand_is_accepted_whole(receive: Receive, name: str) -> None:
    received = receive(name, FILES[name])
    part = received.read()
    assert part.rejects.to_pylist() == []
    assert part.accepted.num_rows == received.row_count == len(FILES[name].splitlines()) - 1
    assert part.accepted.schema == received.declared.schema


@pytest.mark.parametrize("name", sorted(FILES))
def test_every_format_is_declared_by_the_shipped_policy_and_named_like_its_file(shipped: PolicySet, name: str) -> None:
    declared = read_format(name, policy=shipped)
    assert declared.name == name
    assert declared.contract.retention == f"feed.{name}"
    assert len(set(declared.names)) == len(declared.names)
    assert {period.starts for period in declared.periods} <= set(declared.names)


def test_check_ins_say_who_was_where_from_when_to_when(receive: Receive) -> None:
    rows = receive("check_ins", FILES["check_ins"]).read().accepted.to_pylist()
    assert [row["row"] for row in rows] == [2, 3, 4, 5]
    assert [row["entered_at"] for row in rows] == [
        at(28, 1, 30),
        at(28, 15, 30),
        at(1, 0, month=3),
        at(1, 0, 5, month=3),
    ]
    assert [row["left_at"] for row in rows] == [at(28, 2, 15), at(28, 16, 45, 30), None, at(1, 0, 50, month=3)]
    assert [row["name"] for row in rows] == ["张伟", "欧阳,丽娟", "李强", '艾克拜尔·"小艾"']
    assert [row["id_number"] for row in rows] == ["140202198001011234", "", "", ""]
    assert [row["phone"] for row in rows] == ["13800000001", "139 0000 0002", "", "+86 13700000003"]


def test_places_may_have_no_position(receive: Receive) -> None:
    rows = receive("places", FILES["places"]).read().accepted.to_pylist()
    assert [(row["kind"], row["longitude"], row["latitude"]) for row in rows] == [
        ("shop", 113.3012, 40.0768),
        ("restaurant", None, None),
        ("transport", -0.5, 10.0),
    ]
    assert rows[1]["name"] == "老王饭店, 二楼"


def test_the_register_may_say_sex_in_chinese_or_not_at_all(receive: Receive) -> None:
    rows = receive("resident_register", FILES["resident_register"]).read().accepted.to_pylist()
    assert [row["sex"] for row in rows] == ["male", "female", ""]
    assert [row["birth_date"] for row in rows] == [date(1980, 1, 1), date(1982, 2, 28), date(2020, 2, 29)]


def test_laboratory_results_are_kept_in_the_words_of_the_code_list(receive: Receive) -> None:
    rows = receive("laboratory_results", FILES["laboratory_results"]).read().accepted.to_pylist()
    assert [(row["pool_id"], row["test"], row["result"]) for row in rows] == [
        ("t1", "nucleic_acid", "positive"),
        ("t1", "nucleic_acid", "positive"),
        ("", "nucleic_acid", "negative"),
        ("t2", "antigen", "pending"),
    ]


def test_a_line_list_leaves_open_what_is_not_known(receive: Receive) -> None:
    rows = receive("case_line_list", FILES["case_line_list"]).read().accepted.to_pylist()
    assert [row["onset_date"] for row in rows] == [date(2022, 2, 26), None, date(2022, 2, 20)]
    assert [row["isolated_at"] for row in rows] == [at(28, 14, 30), None, None]
    assert [row["imported"] for row in rows] == ["no", "yes", ""]


def test_case_routes_are_read_as_they_were_told(receive: Receive) -> None:
    assert receive("case_routes", FILES["case_routes"]).read().accepted.to_pylist() == ROUTES_SAY


def test_a_roster_line_has_kinds_of_tasks_and_hours_up_to_midnight(receive: Receive) -> None:
    rows = receive("duty_roster", FILES["duty_roster"]).read().accepted.to_pylist()
    assert [row["task_kinds"] for row in rows] == [
        ["visit", "call", "identify"],
        ["visit", "call", "identify"],
        ["call", "message"],
    ]
    assert [(row["from_time"], row["to_time"]) for row in rows] == [(28_800, 79_200), (72_000, 28_800), (0, 86_400)]


def test_a_format_nobody_made_is_not_found(shipped: PolicySet) -> None:
    with pytest.raises(
        NotFound, match="there is no format hotel_guests; choose one of case_contacts, case_line_list, case_routes"
    ):
        read_format("hotel_guests", policy=shipped)


@pytest.mark.parametrize(
    ("contract", "sentence"),
    [
        ({"purpose": "curiosity"}, "for the purpose 'curiosity', which purposes.yaml does not declare"),
        ({"purpose": ""}, "for the purpose '', which purposes.yaml does not declare"),
        ({"retention": "feed.other"}, "kept as 'feed.other', of which retention.yaml says nothing"),
        ({"retention": ""}, "kept as '', of which retention.yaml says nothing"),
    ],
)
def test_a_format_without_declared_purpose_or_retention_does_not_load(
    shipped: PolicySet, contract: dict[str, str], sentence: str
) -> None:
    declared = read_format("check_ins", policy=shipped)
    changed: Contract = replace(declared.contract, **contract)
    with pytest.raises(FeedRejected, match=sentence):
        check_contract(replace(declared, contract=changed), policy=shipped)
