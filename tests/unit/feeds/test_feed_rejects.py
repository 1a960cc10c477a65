"""A rejected row says its line, its column and why, in every language, and can be given back as it was written."""

import json

import pytest
from feed_files import Receive

from ringfence.feeds import REJECTS
from ringfence.terms import Language, Reason, ReasonCode, say_reason

HEADER = "place_id,entered_at,left_at,name,id_number,phone\n"


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("p1,,,李芳,,", Reason.of(ReasonCode.EMPTY_FIELD, column="entered_at")),
        ("p3,2022-02-28 11:00,,李芳,,", Reason.of(ReasonCode.UNKNOWN_PLACE, column="place_id", found="p3")),
        ("p1,昨天,,李芳,,", Reason.of(ReasonCode.BAD_DATE, column="entered_at", found="昨天")),
        (r'p1,"a\b""c',  Reason.of(ReasonCode.BROKEN_QUOTES)),
        (r'p1,"a\b""c	d",,,,', Reason.of(ReasonCode.BAD_DATE, column="entered_at", found='a\\b"c\td')),
        ("p1,x", Reason.of(ReasonCode.TOO_FEW_FIELDS, found=2, expected=6)),
        ('p1,"x,y",,,,,"z",', Reason.of(ReasonCode.TOO_MANY_FIELDS, found=8, expected=6)),
        ("p1,2022-02-28 11:00,2022-02-28 10:00,李芳,,",
         Reason.of(ReasonCode.ENDS_BEFORE_START, column="left_at", starts="entered_at", ends="left_at")),
        ("p1,2022-02-28 11:00,,,,", Reason.of(ReasonCode.NO_IDENTIFIER)),
        ("p1,2022-02-28 11:00,," + "芳" * 150 + ",,",
         Reason.of(ReasonCode.TEXT_TOO_LONG, column="name", found="芳" * 100, limit=100)),
        ("p1,2022-02-28 11:00,,a\0b,,", Reason.of(ReasonCode.BAD_CHARACTER)),
    ],
)  # fmt: skip
def test_a_reject_holds_line_column_reason_and_the_line_itself(receive: Receive, line: str, reason: Reason) -> None:
    [row] = receive("check_ins", HEADER + line + "\n").read().rejects.to_pylist()
    assert row["row"] == 2
    assert row["column"] == reason.values.get("column", "")
    assert row["code"] == reason.code
    assert row["written"] == line
    assert Reason.from_json(row["reason"]) == reason
    assert row["reason"] == reason.to_json()
    for language in Language:
        assert "{" not in say_reason(Reason.from_json(row["reason"]), language)


def test_rejects_of_many_reasons_come_in_the_order_of_their_lines(receive: Receive) -> None:
    lines = ["p1,2022-02-28 11:00,,,,", "p1,x", "p1,,,李芳,,", "p3,2022-02-28 11:00,,李芳,,", "p1,y", 'p1,"']
    rejects = receive("check_ins", HEADER + "\n".join(lines)).read().rejects
    assert rejects.schema == REJECTS
    assert rejects["row"].to_pylist() == [2, 3, 4, 5, 6, 7]
    assert rejects["written"].to_pylist() == lines


def test_of_several_reasons_the_first_column_s_counts_and_a_repeat_before_all(receive: Receive) -> None:
    lines = ["p3,,昨天,,,", "p1,,昨天,,,", "p1,2022-02-28 11:00,昨天,,,", "p3,,昨天,,,"]
    rejects = receive("check_ins", HEADER + "\n".join(lines)).read().rejects
    assert rejects["code"].to_pylist() == ["unknown_place", "empty_field", "bad_date", "duplicate_row"]
    assert json.loads(rejects["reason"][3].as_py())["first"] == 2


def test_the_lines_given_back_and_mended_are_accepted(receive: Receive) -> None:
    lines = ["p1,2022-02-28 11:00,,李芳,,", 'p1,2022-02-30 11:00,,"王,五",,', "p1,2022-02-28 12:00,,赵六,,"]
    rejects = receive("check_ins", HEADER + "\n".join(lines)).read().rejects
    mended = HEADER + "\n".join(line.replace("02-30", "02-28") for line in rejects["written"].to_pylist())
    [row] = receive("check_ins", mended).read().accepted.to_pylist()
    assert row["name"] == "王,五"
