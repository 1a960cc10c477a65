"""PAXLST as it is really sent: every wild list says the same passengers as the tidy one."""

import pytest
from feed_files import Receive

from ringfence.errors import FeedRejected

TIDY = (
    "UNA:+.? 'UNB+UNOA:4+AIRLINE+GOV+220228:0900+1'UNG+PAXLST+A+B+220228:0900+1+UN+D:02B'"
    "UNH+PAX001+PAXLST:D:02B:UN:IATA'BGM+745'NAD+MS+++CONTROL OFFICE'COM+1234:TE'"
    "TDT+20+MU2391+++MU'LOC+125+SHA'DTM+189:2202280930:201'LOC+87+DAT'DTM+232:2202281150:201'"
    "NAD+FL+++ZHANG:WEI'ATT+2++M'DTM+329:800101'LOC+178+SHA'LOC+179+DAT'DOC+P:110:111+E12345678'"
    "NAD+FL+++O?'BRIEN:MARY ANN'ATT+2++F'DTM+329:19310515'FTX+SEA+++12A'DOC+I:110:111+140202198001011234'"
    "NAD+FM+++LI:FANG'ATT+2++F'DTM+329:220101'DOC+P+NULL'CNT+42:3'UNT+30+PAX001'UNE+1+1'UNZ+1+1'"
)

TELETYPE = "\x01QU DATGVXH\r\n.SHARM8X 280900\r\n\x02" + TIDY + "\r\n\x03\r\n--\r\nscanned by an antivirus\r\n"
OTHER_MARKS = (
    TIDY.replace("UNA:+.? '", "UNA;*,! |")
    .replace("?'", "\0")
    .replace("'", "|")
    .replace("+", "*")
    .replace(":", ";")
    .replace("\0", "'")
)

WILD = {
    "tidy": TIDY,
    "teletype headers and footers": TELETYPE,
    "a segment a line": TIDY.replace("'", "'\r\n").replace("?'\r\n", "?'"),
    "lines broken within tags": "\r\n".join(TIDY[place : place + 69] for place in range(0, len(TIDY), 69)),
    "other separators": OTHER_MARKS,
    "no advice": TIDY.removeprefix("UNA:+.? '"),
    "no envelope": TIDY[TIDY.index("UNH") :],
    "wrong totals": TIDY.replace("CNT+42:3", "CNT+42:99").replace("UNT+30", "UNT+2"),
    "cut short after the last passenger": TIDY[: TIDY.index("CNT+42")],
}


@pytest.mark.parametrize("name", WILD)
def test_a_wild_list_says_the_same_passengers(receive: Receive, name: str) -> None:
    part = receive("passenger_list", WILD[name]).read()
    assert part.rejects.to_pylist() == []
    rows = part.accepted.to_pylist()
    assert [row["name"] for row in rows] == ["ZHANG WEI", "O'BRIEN MARY ANN", "LI FANG"]
    assert [(row["kind"], row["trip_number"], str(row["departs_on"])) for row in rows] == [
        ("air", "MU2391", "2022-02-28")
    ] * 3
    assert [(row["board_stop"], row["alight_stop"]) for row in rows] == [("SHA", "DAT")] * 3
    assert [str(row["birth_date"]) for row in rows] == ["1980-01-01", "1931-05-15", "2022-01-01"]
    assert [row["sex"] for row in rows] == ["male", "female", "female"]
    assert [row["id_number"] for row in rows] == ["E12345678", "140202198001011234", ""]
    assert [row["seat"] for row in rows] == ["", "12A", ""]


def test_a_birth_year_of_two_figures_lies_before_the_flight(receive: Receive) -> None:
    listed = TIDY.replace("DTM+329:220101'", "DTM+329:230101'")
    assert str(receive("passenger_list", listed).read().accepted.to_pylist()[2]["birth_date"]) == "1923-01-01"


def test_a_passenger_who_cannot_be_is_rejected_and_the_others_fly(receive: Receive) -> None:
    part = receive("passenger_list", TIDY.replace("DTM+329:800101'", "DTM+329:801301'")).read()
    assert [(row["row"], row["code"], row["column"]) for row in part.rejects.to_pylist()] == [
        (2, "bad_date", "birth_date")
    ]
    assert part.accepted["row"].to_pylist() == [3, 4]


@pytest.mark.parametrize("content", ["UNB+UNOA:4'UNH+1+PAXLST:D:02B:UN'UNT+2+1'", "UNA:+.? '", "UNB", "UNB+" + "'" * 9])
def test_a_list_without_passengers_is_one_sentence(receive: Receive, content: str) -> None:
    with pytest.raises(FeedRejected, match=r"no passenger list|is empty|stand there once"):
        receive("passenger_list", content)


def test_an_air_list_in_another_format_is_refused(receive: Receive) -> None:
    with pytest.raises(FeedRejected):
        receive("check_ins", TIDY).read()
