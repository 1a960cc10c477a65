"""Files of a small town through `flow.receive`: each row once, each person once, whatever order they come in."""

from collections.abc import Callable
from pathlib import Path

import pytest
from small_town import EVENING, PLACES, RESIDENTS, Town, case, check_in, said_of

from ringfence.errors import FeedRejected
from ringfence.intake import Refused
from ringfence.store import Store
from ringfence.terms import Language, ReasonCode, RecordKind, say

NEWCOMER = {"name": "钱来", "phone": "13999990000"}
LUNCH = ("2022-02-28 12:00", "2022-02-28 13:00")


@pytest.fixture
def town(staffed: Store, tmp_path: Path) -> Town:
    (tmp_path / "files").mkdir()
    return Town(staffed, tmp_path / "files", now=EVENING)


def test_a_newcomer_in_two_files_of_one_call_and_in_a_later_one_is_one_person(town: Town) -> None:
    town.receive(places=PLACES, resident_register=RESIDENTS)
    first = town.write("check_ins", [check_in(NEWCOMER, "noodles", *LUNCH), check_in("wang1", "noodles", *LUNCH)])
    second = town.write("check_ins", [check_in(NEWCOMER, "market", *LUNCH)])
    assert [one.newcomers for one in town.send(first, second)] == [1, 0]
    third = town.write("check_ins", [check_in(NEWCOMER, "library", *LUNCH)])
    assert [one.newcomers for one in town.send(third)] == [0]
    visits = town.store.lake.read(RecordKind.VISIT)["person"].to_pylist()
    [newcomer] = set(visits) - {town.numbers()["wang1"]}
    assert visits.count(newcomer) == 3
    assert [row["name"] for row in town.people() if row["person_no"] == newcomer] == ["钱来"]


def test_a_file_received_twice_changes_nothing_and_says_so(town: Town) -> None:
    places = town.write("places", PLACES)
    [first, again] = town.send(places, places)
    assert (first.is_known, again.is_known, again.batch_no, again.accepted) == (False, True, first.batch_no, 3)
    files = {path for path in town.store.vault.folder.rglob("*") if path.is_file()}
    [later] = town.send(places)
    assert (later.is_known, later.batch_no) == (True, first.batch_no)
    assert {path for path in town.store.vault.folder.rglob("*") if path.is_file()} == files, "a file belongs to nobody"
    assert town.rows("select count(*) from batch") == [(1,)]


def test_files_that_come_together_may_come_in_any_order(town: Town) -> None:
    routes = town.write(
        "case_routes", [{"case_id": "C1", "date": "2022-02-28", "longitude": "113.3", "latitude": "40.1"}]
    )
    cases = town.write("case_line_list", [case("wang1", "C1", "2022-03-01 18:00")])
    visits = town.write("check_ins", [check_in("wang1", "noodles", *LUNCH)])
    register, places = town.write("resident_register", RESIDENTS), town.write("places", PLACES)
    arrived = town.send(routes, cases, visits, register, places)
    assert [one.file for one in arrived] == [one.path.name for one in (routes, cases, visits, register, places)]
    assert [(one.rejected, one.newcomers) for one in arrived] == [(0, 0)] * 5


def test_routes_before_their_line_list_are_told_and_come_in_when_they_are_sent_again(town: Town) -> None:
    town.receive(places=PLACES, resident_register=RESIDENTS)
    point = {"longitude": "113.3", "latitude": "40.1"}
    routes = town.write("case_routes", [{"case_id": key, "date": "2022-02-28", **point} for key in ("C1", "C2")])
    [early] = town.send(routes)
    assert (early.accepted, early.rejected) == (0, 2)
    assert early.refused == (Refused(code=ReasonCode.UNKNOWN_PERSON, column="case_id", rows=2, first_row=2),)
    town.receive(case_line_list=[case("wang1", "C1", "2022-03-01 18:00")])
    [again] = town.send(routes)
    assert (again.accepted, again.rejected, again.is_known) == (1, 1, False)
    [unchanged] = town.send(routes)
    assert (unchanged.is_known, unchanged.accepted, unchanged.rejected) == (True, 1, 1)
    assert town.store.lake.read(RecordKind.ROUTE_POINT).num_rows == 1


def test_an_empty_report_is_known_on_its_own_day_only(town: Town) -> None:
    nothing = town.write("case_line_list", [])
    assert [one.is_known for one in town.send(nothing, nothing)] == [False, True]
    town.now += 24 * (EVENING - EVENING.replace(hour=EVENING.hour - 1))
    assert [one.is_known for one in town.send(nothing)] == [False]


def whole(text: str) -> Callable[[bytes], bytes]:
    return lambda _written: text.encode()


SPOILT = [
    ("empty", whole(""), "is empty, without even the names of its columns"),
    ("wrong encoding", lambda written: written.decode().encode("utf-16"), "is not written in utf-8, gb18030"),
    ("missing column", lambda written: written.replace(b"place_id,", b"", 1), "has the column 'place_id' 0 times"),
    ("doubled column", lambda written: written.replace(b"place_id,", b"place_id,place_id,", 1), "2 times"),
]


@pytest.mark.parametrize(("spoil", "said"), [case[1:] for case in SPOILT], ids=[case[0] for case in SPOILT])
def test_a_file_that_cannot_be_read_is_one_sentence_and_nothing_of_it_is_kept(
    town: Town, spoil: Callable[[bytes], bytes], said: str
) -> None:
    town.receive(places=PLACES)
    sent = town.write("check_ins", [check_in("wang1", "noodles", *LUNCH)])
    sent.path.write_bytes(spoil(sent.path.read_bytes()))
    with pytest.raises(FeedRejected, match=said) as refused:
        town.send(sent)
    assert sent.path.name in str(refused.value)
    assert say(refused.value.sentence, refused.value.values, Language.ZH) != str(refused.value)
    assert town.rows("select count(*) from batch") == [(1,)]


def test_broken_rows_are_counted_by_reason_and_the_sound_ones_come_in(town: Town) -> None:
    town.receive(places=PLACES, resident_register=RESIDENTS)
    lines = [
        check_in("wang1", "noodles", *LUNCH),
        check_in("wang2", "nowhere", *LUNCH),
        check_in("wang3", "noodles", "2099-01-01 12:00", "2099-01-01 13:00"),
        check_in({"name": "", "phone": ""}, "noodles", *LUNCH),
        check_in("li1", "noodles", "2022-02-30 12:00", ""),
    ]
    [arrived] = town.receive(check_ins=lines)
    assert (arrived.accepted, arrived.rejected) == (1, 4)
    assert {(one.code, one.column, one.first_row) for one in arrived.refused} == {
        (ReasonCode.UNKNOWN_PLACE, "place_id", 3),
        (ReasonCode.DATE_OUT_OF_RANGE, "entered_at", 4),
        (ReasonCode.NO_IDENTIFIER, "", 5),
        (ReasonCode.BAD_DATE, "entered_at", 6),
    }


def test_a_mark_at_the_beginning_and_a_huge_line_harm_no_other_row(town: Town) -> None:
    town.receive(places=PLACES, resident_register=RESIDENTS)
    sent = town.write("check_ins", [check_in("wang1", "noodles", *LUNCH)])
    written = sent.path.read_bytes()
    sent.path.write_bytes(b"\xef\xbb\xbf" + written + b"x" * (40 * 2**20) + b"\n")
    [arrived] = town.send(sent)
    assert (arrived.accepted, arrived.rejected, arrived.refused[0].code) == (1, 1, ReasonCode.LINE_TOO_LONG)


def test_a_line_list_of_an_unknown_disease_names_it_by_its_column(town: Town) -> None:
    town.receive(resident_register=RESIDENTS)
    [arrived] = town.receive(case_line_list=[case("wang1", "C1", "2022-03-01 18:00", disease="plague")])
    assert arrived.refused == (Refused(code=ReasonCode.UNKNOWN_CODE, column="disease", rows=1, first_row=2),)
    assert town.signals() == []


def test_a_register_sent_anew_is_what_is_linked_to_from_then_on(town: Town) -> None:
    town.receive(places=PLACES, resident_register=RESIDENTS)
    town.receive(check_ins=[check_in("wang1", "noodles", *LUNCH)])  # the register is ready in memory from here on
    moved = {**RESIDENTS[3], "phone": "13712345678"}
    town.receive(resident_register=[moved])
    said = {"name": moved["name"], "phone": moved["phone"], "birth_date": moved["birth_date"]}
    [arrived] = town.receive(
        case_line_list=[case({**said_of("li1"), **said, "id_number": ""}, "C9", "2022-03-01 18:00")]
    )
    assert arrived.newcomers == 0
    [signal] = town.signals()
    assert signal.subject.key == str(town.numbers()["li1"])
    looks = town.rows("select count(*) from ledger where action = 'register.read'")
    assert looks == [(4,)], "every look at the register is on record, also at what is in memory"
