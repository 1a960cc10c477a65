"""Files as they really come: every mutation is answered with a reason for each row, or one sentence for the file.

In each file of rows only the mutated line is rejected, so that nothing swallows its neighbours, and the counts add up.
"""

import pytest
from feed_files import FILES, Receive

from ringfence.errors import FeedRejected
from ringfence.feeds import Part
from ringfence.feeds.lines import LONGEST

CHECK_INS = "place_id,entered_at,left_at,name,id_number,phone\n"
BEFORE = "p1,2022-02-28 09:30,2022-02-28 10:15,张伟,140202198001011234,13800000001\n"
AFTER = "p2,2022-03-01 08:00,2022-03-01 09:00,王小明,,\n"


def check_in(
    place: str = "p1", entered: str = "2022-02-28 11:00", left: str = "", who: str = "李芳,,13800000002"
) -> str:
    return f"{place},{entered},{left},{who}\n"


ACCEPTED = ""
CHECK_IN_LINES = {
    "no left_at": (check_in(), ACCEPTED),
    "space around every field": (check_in(" p1 ", " 2022-02-28 11:00\t", "  ", " 李芳 ,\u3000, "), ACCEPTED),
    "every field quoted": ('"p1","2022-02-28 11:00","","李芳","","13800000002"\n', ACCEPTED),
    "comma and quotes in a quoted field": (check_in(who='"李,""小""芳",,'), ACCEPTED),
    "full-width figures": (check_in(entered="２０２２－０２－２８　１１：００"), ACCEPTED),
    "seconds": (check_in(entered="2022-02-28 11:00:59"), ACCEPTED),
    "29 February of a leap year": (check_in(entered="2020-02-29 11:00"), ACCEPTED),
    "tomorrow, where the day began already": (check_in(entered="2022-03-02 00:10"), ACCEPTED),
    "a month at a hotel": (check_in(left="2022-03-02 10:00", entered="2022-01-30 11:00"), ACCEPTED),
    "a letter beyond the first plane": (check_in(who="𠮷野😷,,"), ACCEPTED),
    "only a phone": (check_in(who=",,13800000002"), ACCEPTED),
    "no place": (check_in(place=""), "empty_field place_id"),
    "a place of blanks": (check_in(place="  "), "empty_field place_id"),
    "an unknown place": (check_in(place="p3"), "unknown_place place_id"),
    "a place in another case": (check_in(place="P1"), "unknown_place place_id"),
    "no entered_at": (check_in(entered=""), "empty_field entered_at"),
    "31 February": (check_in(entered="2022-02-31 11:00"), "bad_date entered_at"),
    "29 February of another year": (check_in(entered="2021-02-29 11:00"), "bad_date entered_at"),
    "month 13": (check_in(entered="2022-13-01 11:00"), "bad_date entered_at"),
    "month 0": (check_in(entered="2022-00-01 11:00"), "bad_date entered_at"),
    "day 0": (check_in(entered="2022-02-00 11:00"), "bad_date entered_at"),
    "hour 24": (check_in(entered="2022-02-28 24:00"), "bad_date entered_at"),
    "minute 60": (check_in(entered="2022-02-28 11:60"), "bad_date entered_at"),
    "second 60": (check_in(entered="2022-02-28 11:00:60"), "bad_date entered_at"),
    "slashes": (check_in(entered="2022/02/28 11:00"), "bad_date entered_at"),
    "one figure for a month": (check_in(entered="2022-2-28 11:00"), "bad_date entered_at"),
    "day first": (check_in(entered="28-02-2022 11:00"), "bad_date entered_at"),
    "a T between": (check_in(entered="2022-02-28T11:00"), "bad_date entered_at"),
    "a zone behind": (check_in(entered="2022-02-28 11:00Z"), "bad_date entered_at"),
    "fractions of a second": (check_in(entered="2022-02-28 11:00:00.0"), "bad_date entered_at"),
    "a day only": (check_in(entered="2022-02-28"), "bad_date entered_at"),
    "a number of Excel's": (check_in(entered="44620.4583"), "bad_date entered_at"),
    "Chinese numerals": (check_in(entered="二〇二二年二月二十八日"), "bad_date entered_at"),
    "full-width nonsense": (check_in(entered="２０２２－０２－３１　１１：００"), "bad_date entered_at"),
    "the year 2099": (check_in(entered="2099-02-28 11:00"), "date_out_of_range entered_at"),
    "the year 9999": (check_in(entered="9999-12-31 23:59"), "date_out_of_range entered_at"),
    "the year 0": (check_in(entered="0000-01-01 00:00"), "date_out_of_range entered_at"),
    "the year 1899": (check_in(entered="1899-12-31 23:59"), "date_out_of_range entered_at"),
    "the day after tomorrow": (check_in(entered="2022-03-03 00:00"), "date_out_of_range entered_at"),
    "a bad left_at": (check_in(left="10:15"), "bad_date left_at"),
    "left before entered": (check_in(left="2022-02-28 10:59"), "ends_before_start left_at"),
    "left when entered": (check_in(left="2022-02-28 11:00"), "ends_before_start left_at"),
    "left six weeks later": (check_in("p1", "2022-01-17 11:00", "2022-02-28 11:00"), "date_out_of_range left_at"),
    "nobody": (check_in(who=",,"), "no_identifier "),
    "nobody but blanks": (check_in(who=" ,\u3000,\t"), "no_identifier "),
    "a name of 101 characters": (check_in(who="李" * 101 + ",,"), "text_too_long name"),
    "a name of 300,000 characters": (check_in(who="x" * 300_000 + ",,"), "text_too_long name"),
    "a line of a megabyte": (check_in(who="x" * LONGEST + ",,"), "line_too_long "),
    "a line of forty megabytes": (check_in(who="长" * 14_000_000 + ",,"), "line_too_long "),
    "the header again": (CHECK_INS, "unknown_place place_id"),
    "the line before again": (BEFORE, "duplicate_row "),
    "five fields": ("p1,2022-02-28 11:00,,李芳,\n", "too_few_fields "),
    "seven fields": ("p1,2022-02-28 11:00,,李芳,,,\n", "too_many_fields "),
    "shifted by a field": ("," + check_in(), "too_many_fields "),
    "cut short": ("p1,2022-02-28 1\n", "too_few_fields "),
    "a lone word": ("合计\n", "too_few_fields "),
    "a lone blank": (" \n", "too_few_fields "),
    "commas only": (",,,,,\n", "empty_field place_id"),
    "semicolons": (check_in().replace(",", ";"), "too_few_fields "),
    "tabs": (check_in().replace(",", "\t"), "too_few_fields "),
    "a quotation mark left open": (check_in(who='"李芳,,'), "broken_quotes "),
    "a quotation mark left open at the end": (check_in(who='李芳,,"'), "broken_quotes "),
    "a quotation mark within a field": (check_in(who='李"芳,,'), "broken_quotes "),
    "letters after a quoted field": (check_in(who='"李"芳,,'), "broken_quotes "),
    "three quotation marks": (check_in(who='"""李芳,,'), "broken_quotes "),
    "a backslash before a quotation mark": (check_in(who=r'"李\"芳",,'), "broken_quotes "),
    "a NUL": (check_in(who="李\0芳,,"), "bad_character "),
    "a NUL in quotes": (check_in(who='"李\0芳",,'), "bad_character "),
    "a return within": (check_in(who="李\r芳,,"), "bad_character "),
    "an escape": (check_in(who="\x1b[31m李芳,,"), "bad_character "),
    "a delete": (check_in(who="李芳\x7f,,"), "bad_character "),
}


def verdicts(part: Part) -> dict[int, str]:
    return {row["row"]: f"{row['code']} {row['column']}" for row in part.rejects.to_pylist()}


@pytest.mark.parametrize("mutation", CHECK_IN_LINES)
def test_a_mutated_check_in_is_answered_and_its_neighbours_are_kept(receive: Receive, mutation: str) -> None:
    line, verdict = CHECK_IN_LINES[mutation]
    received = receive("check_ins", CHECK_INS + BEFORE + line + AFTER)
    part = received.read()
    assert verdicts(part) == ({3: verdict} if verdict else {})
    assert part.accepted["row"].to_pylist() == ([2, 4] if verdict else [2, 3, 4])
    assert received.row_count == 3


OTHER_LINES = [
    ("places", "p5,,shop,111,,", "empty_field name"),
    ("places", "p5,店,bakery,111,,", "unknown_code kind"),
    ("places", "p5,店,Shop,111,,", "unknown_code kind"),
    ("places", "p5,店,shop,999,,", "unknown_area area_code"),
    ("places", "p5,店,shop,111,东经113,40", "bad_number longitude"),
    ("places", 'p5,店,shop,111,"113,3",40', "bad_number longitude"),
    ("places", "p5,店,shop,111,nan,40", "bad_number longitude"),
    ("places", "p5,店,shop,111,inf,40", "bad_number longitude"),
    ("places", "p5,店,shop,111,1_1,40", "bad_number longitude"),
    ("places", "p5,店,shop,111,0x1F,40", "bad_number longitude"),
    ("places", "p5,店,shop,111,113.3.1,40", "bad_number longitude"),
    ("places", "p5,店,shop,111,181,40", "number_out_of_range longitude"),
    ("places", "p5,店,shop,111,1e99,40", "number_out_of_range longitude"),
    ("places", "p5,店,shop,111,113,-90.001", "number_out_of_range latitude"),
    ("places", "p5,店,shop,111,１１３．３,４０", ACCEPTED),
    ("places", "p5,店,shop,111,-180,90", ACCEPTED),
    ("resident_register", ",h1,赵四,,,,,,111", "empty_field person_id"),
    ("resident_register", "r9,,赵四,,,,,,111", "empty_field household_id"),
    ("resident_register", "r9,h1,赵四,x,,,,,111", "unknown_code sex"),
    ("resident_register", "r9,h1,赵四,男,1980-02-30,,,,111", "bad_date birth_date"),
    ("resident_register", "r9,h1,赵四,男,19800228,,,,111", "bad_date birth_date"),
    ("resident_register", "r9,h1,赵四,男,1899-12-31,,,,111", "date_out_of_range birth_date"),
    ("resident_register", "r9,h1,赵四,男,2022-03-03,,,,111", "date_out_of_range birth_date"),
    ("resident_register", "r9,h1,,男,1980-01-01,,,某街1号,111", "no_identifier "),
    ("resident_register", "r9,h1,赵四,,,,,,", "empty_field area_code"),
    ("resident_register", "r9,h1,赵四,,,,,,14", "unknown_area area_code"),
    ("resident_register", f"r9,h1,赵四,,,,,{'巷' * 501},111", "text_too_long address"),
    ("resident_register", "r9,h1,赵四,女,１９８０－０１－０１,,,,111", ACCEPTED),
    ("laboratory_results", "s9,,2022-02-28 08:00,2022-02-28 08:00,antigen,maybe,,赵四,,,,,", "unknown_code result"),
    ("laboratory_results", "s9,,2022-02-28 08:00,2022-02-28 08:00,,negative,,赵四,,,,,", "empty_field test"),
    ("laboratory_results", "s9,,2022-02-28 08:00,2022-02-28 08:00,pcr,negative,,赵四,,,,,", "unknown_code test"),
    ("laboratory_results", "s9,,2022-02-28 08:00,2022-02-28 07:59,antigen,pending,,赵,,,,,",
     "ends_before_start reported_at"),
    ("laboratory_results", ",,2022-02-28 08:00,2022-02-28 08:00,antigen,negative,,赵四,,,,,", "empty_field sample_id"),
    ("laboratory_results", "s9,,2022-02-28 08:00,2022-02-28 08:00,antigen,negative,,,男,,,,某街", "no_identifier "),
    ("laboratory_results", "s9,t9,2022-02-28 08:00,2022-02-28 08:00,antigen,not_done,,赵四,,,,,", ACCEPTED),
    ("case_line_list", "C9,赵四,,,,,,plague,confirmed,,,2022-02-28 08:00,,", "unknown_code disease"),
    ("case_line_list", "C9,赵四,,,,,,mers,sure,,,2022-02-28 08:00,,", "unknown_code classification"),
    ("case_line_list", "C9,赵四,,,,,,mers,confirmed,,,,,", "empty_field reported_at"),
    ("case_line_list", "C9,赵四,,,,,,mers,confirmed,2022-02-30,,2022-02-28 08:00,,", "bad_date onset_date"),
    ("case_line_list", "C9,赵四,,,,,,mers,confirmed,2023-02-28,,2022-02-28 08:00,,", "date_out_of_range onset_date"),
    ("case_line_list", "C9,赵四,,,,,,mers,confirmed,,,2022-02-28 08:00,,maybe", "unknown_code imported"),
    ("case_line_list", "C9,赵,,,,,,mers,suspect,,2022-02-28 08:01,2022-02-28 08:00,,", "ends_before_start reported_at"),
    ("case_routes", "C9,2022-02-25,shop,113,40,10", "unknown_person case_id"),
    ("case_routes", "C1,2022-02-25,shop,,40,10", "empty_field longitude"),
    ("case_routes", "C1,2022-02-25,shop,113,40,10.5", "bad_number precision_m"),
    ("case_routes", "C1,2022-02-25,shop,113,40,1e3", "bad_number precision_m"),
    ("case_routes", "C1,2022-02-25,shop,113,40,99999999999999999999", "bad_number precision_m"),
    ("case_routes", "C1,2022-02-25,shop,113,40,-1", "number_out_of_range precision_m"),
    ("case_routes", "C1,2022-02-25 10:00,shop,113,40,10", "bad_date date"),
    ("duty_roster", "u9,111,village,visit,40,2022-03-01,08:00,22:00,o1,", "unknown_code level"),
    ("duty_roster", "u9,111,grid,visit;dance,40,2022-03-01,08:00,22:00,o1,", "unknown_code task_kinds"),
    ("duty_roster", "u9,111,grid,visit;;call,40,2022-03-01,08:00,22:00,o1,", "unknown_code task_kinds"),
    ("duty_roster", "u9,111,grid,,40,2022-03-01,08:00,22:00,o1,", "empty_field task_kinds"),
    ("duty_roster", "u9,111,grid,visit,四十,2022-03-01,08:00,22:00,o1,", "bad_number daily_capacity"),
    ("duty_roster", "u9,111,grid,visit,-1,2022-03-01,08:00,22:00,o1,", "number_out_of_range daily_capacity"),
    ("duty_roster", "u9,111,grid,visit,40,2022-03-01,8:00,22:00,o1,", "bad_date from_time"),
    ("duty_roster", "u9,111,grid,visit,40,2022-03-01,08:00,24:01,o1,", "bad_date to_time"),
    ("duty_roster", "u9,111,grid,visit,40,2022-03-01,08:00,08:00:00,o1,", "ends_before_start to_time"),
    ("duty_roster", "u9,111,grid,visit,40,2024-03-01,08:00,22:00,o1,", "date_out_of_range date"),
    ("duty_roster", "u9,111,grid,visit,40,2023-03-01,08:00,22:00,o1,", ACCEPTED),
    ("duty_roster", "u9,111,grid,visit,40,2022-03-01,08:00,22:00,,o2", "empty_field leader"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "line", "verdict"), OTHER_LINES)
def test_a_mutated_line_of_any_format_is_answered_and_its_neighbours_are_kept(
    receive: Receive, name: str, line: str, verdict: str
) -> None:
    lines = FILES[name].splitlines()
    received = receive(name, "\n".join([*lines[:2], line, *lines[2:]]))
    part = received.read()
    assert verdicts(part) == ({3: verdict} if verdict else {})
    others = [2, *range(4, len(lines) + 2)]
    assert part.accepted["row"].to_pylist() == sorted([*others, 3] if not verdict else others)
    assert received.row_count == len(lines)


WHOLE = CHECK_INS + BEFORE + check_in() + AFTER
FILES_READ_WHOLE = {
    "as it is": WHOLE.encode(),
    "with a byte order mark": WHOLE.encode("utf-8-sig"),
    "in GB 18030": WHOLE.encode("gb18030"),
    "in GB 18030 with a character of four bytes": WHOLE.replace("李芳", "李㐂").encode("gb18030"),
    "in GB 18030 with a mark": b"\x84\x31\x95\x33" + WHOLE.encode("gb18030"),
    "with returns and newlines": WHOLE.replace("\n", "\r\n").encode(),
    "with returns and newlines but the last": WHOLE.replace("\n", "\r\n").encode()[:-1],
    "with returns only": WHOLE.replace("\n", "\r").encode(),
    "with returns only but the last": WHOLE.replace("\n", "\r").encode()[:-1],
    "with both kinds of line ends": (CHECK_INS + BEFORE).replace("\n", "\r\n").encode() + (check_in() + AFTER).encode(),
    "without a newline at the end": WHOLE.encode()[:-1],
    "with a quoted header": WHOLE.replace(CHECK_INS, '"' + CHECK_INS.strip().replace(",", '","') + '"\n').encode(),
    "with blanks in the header": WHOLE.replace(CHECK_INS, CHECK_INS.replace(",", " , ")).encode(),
}


@pytest.mark.parametrize("mutation", FILES_READ_WHOLE)
def test_a_file_says_the_same_however_it_is_written(receive: Receive, mutation: str) -> None:
    said = receive("check_ins", WHOLE).read().accepted.drop_columns(["name"])
    part = receive("check_ins", FILES_READ_WHOLE[mutation]).read()
    assert part.rejects.num_rows == 0
    assert part.accepted.drop_columns(["name"]) == said
    assert part.accepted["name"].to_pylist() in (["张伟", "李芳", "王小明"], ["张伟", "李㐂", "王小明"])


def test_columns_may_come_in_any_order(receive: Receive) -> None:
    content = "name,phone,id_number,left_at,entered_at,place_id\n李芳,138,,2022-02-28 12:00,2022-02-28 11:00,p1\n"
    [row] = receive("check_ins", content).read().accepted.to_pylist()
    assert (row["place_id"], row["name"], row["phone"], row["id_number"]) == ("p1", "李芳", "138", "")
    assert row["left_at"] - row["entered_at"] == 3_600_000_000


def test_empty_lines_are_no_rows_but_count_as_lines(receive: Receive) -> None:
    received = receive("check_ins", CHECK_INS + "\n" + BEFORE + "\r\n\n" + "broken\n" + AFTER + "\n\n")
    part = received.read()
    assert part.accepted["row"].to_pylist() == [3, 7]
    assert verdicts(part) == {6: "too_few_fields "}
    assert received.row_count == 3


@pytest.mark.parametrize("content", [CHECK_INS, CHECK_INS.strip(), "\ufeff" + CHECK_INS, CHECK_INS + "\n\n"])
def test_a_file_of_a_header_only_is_a_file_of_no_rows(receive: Receive, content: str) -> None:
    received = receive("check_ins", content)
    part = received.read()
    assert received.row_count == part.accepted.num_rows == part.rejects.num_rows == 0
    assert part.accepted.schema == received.declared.schema


def test_a_field_over_two_lines_is_two_broken_rows(receive: Receive) -> None:
    part = receive("check_ins", CHECK_INS + BEFORE + 'p1,2022-02-28 11:00,,"李\n芳",,\n' + AFTER).read()
    assert verdicts(part) == {3: "broken_quotes ", 4: "broken_quotes "}
    assert part.accepted["row"].to_pylist() == [2, 5]


def test_a_file_cut_off_loses_its_last_row_and_says_so(receive: Receive) -> None:
    part = receive("check_ins", WHOLE.encode()[:-25]).read()
    assert verdicts(part) == {4: "too_few_fields "}


def test_a_tenth_of_broken_rows_leaves_nine_tenths(receive: Receive) -> None:
    broken = [line for line, verdict in CHECK_IN_LINES.values() if verdict and len(line) < 1000 and line != BEFORE]
    lines = [
        broken[number // 10 % len(broken)].strip("\n") + "\n"
        if number % 10 == 0
        else BEFORE.replace("1234", f"{number:04d}")
        for number in range(600)
    ]
    received = receive("check_ins", CHECK_INS + "".join(lines))
    part = received.read()
    assert received.row_count == 600
    assert (part.accepted.num_rows, part.rejects.num_rows) == (540, 60)
    assert part.rejects["row"].to_pylist() == list(range(2, 602, 10))


LATIN = "Müller,Größe,Öhringen\n" * 5
REFUSED = {
    "nothing at all": (b"", "is empty"),
    "a mark only": (b"\xef\xbb\xbf", "the column 'place_id' 0 times"),
    "a newline only": (b"\n", "the column 'place_id' 0 times"),
    "an empty line before the header": (b"\n" + WHOLE.encode(), "the column 'place_id' 0 times"),
    "UTF-16": (WHOLE.encode("utf-16"), "not written in utf-8, gb18030: at byte 0, in line 1"),
    "UTF-16 without a mark": (WHOLE.encode("utf-16-le"), "the column 'place_id' 0 times"),
    "Latin-1": ((CHECK_INS + LATIN).encode("latin-1"), "not written in utf-8, gb18030: at byte 50, in line 2"),
    "Big5": ((CHECK_INS + "張雅婷,臺北市信義區市府路一號,志明\n").encode("big5"), "at byte 49, in line 2"),
    "Shift-JIS": ((CHECK_INS + "山田太郎,東京都新宿区\n").encode("shift_jis"), "at byte 49, in line 2"),
    "half a character": (WHOLE.encode().replace("张".encode(), "张".encode()[:2]), "at byte 86, in line 2"),
    "bytes of no text": (bytes(range(128, 256)) * 9, "at byte 0, in line 1"),
    "a spreadsheet": (b"PK\x03\x04\x14\0\x06\0\x08\0\0\0!\0\xc9\xd4\xf1", "check_ins.csv "),
    "a column missing": (WHOLE.replace("left_at", "").encode(), "the column 'left_at' 0 times"),
    "a column doubled": (WHOLE.replace("phone", "name").encode(), "the column 'name' 2 times"),
    "a column more": (WHOLE.replace("phone", "phone,wechat").encode(), "7 columns where 6 are declared, and column 7"),
    "a column in another case": (WHOLE.replace("phone", "Phone").encode(), "the column 'phone' 0 times"),
    "no header": ((BEFORE + AFTER).encode(), "the column 'place_id' 0 times"),
    "semicolons": (WHOLE.replace(",", ";").encode(), "the column 'place_id' 0 times"),
    "an open quotation mark in the header": (('"' + WHOLE).encode(), "line 1 holds no names of columns"),
    "a header of three megabytes": (b"x" * 3 * LONGEST + b"\n" + BEFORE.encode(), "line 1 "),
}


@pytest.mark.parametrize("mutation", REFUSED)
def test_a_file_that_cannot_be_received_is_refused_in_one_sentence(receive: Receive, mutation: str) -> None:
    content, sentence = REFUSED[mutation]
    with pytest.raises(FeedRejected, match=sentence) as refusal:
        receive("check_ins", content)
    assert str(refusal.value).startswith("check_ins.csv ")
    assert "\n" not in str(refusal.value)


def test_a_refusal_repeats_nothing_that_stands_in_the_file(receive: Receive) -> None:
    for content in (BEFORE + AFTER, CHECK_INS.strip() + ",张伟\n", '"' + BEFORE):
        with pytest.raises(FeedRejected) as refusal:
            receive("check_ins", content)
        assert "张伟" not in str(refusal.value)
        assert "1380" not in str(refusal.value)
