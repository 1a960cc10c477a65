"""Whatever stands in a file, the rows accepted and rejected are those that a plain loop over its lines finds.

The oracle knows what a format declares and nothing of the engine: it walks through each line letter by letter, reads
fields with Python's own parsers, and agrees with Python's csv module on every line that it takes for a record.
"""

import csv
import re
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from random import Random
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ringfence.feeds import CASE_KEYS, Column, Format, Kind, Known, Order, list_formats, read_file, read_format
from ringfence.feeds import lines as reading
from ringfence.policy import read_defaults
from ringfence.terms import Area, Clock, day_number

ZONE = ZoneInfo("Europe/Berlin")  # its clocks change on 2022-03-27
TODAY = date(2022, 3, 30)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
KEYS = {"place": ["p1", "p2"], "area": ["111"], "case": ["C1", "C2"], "disease": ["mers"], "site": ["F1"]}
UNKNOWN = {
    "place": "unknown_place",
    "area": "unknown_area",
    "case": "unknown_person",
    "disease": "unknown_code",
    "site": "unknown_place",
}
KNOWN = Known(
    areas={"111": Area(code="111", name="镇", level="township", parent_code="", path="111/")},
    places=pa.table({"place_no": pa.array([1, 2], pa.int64()), "place_id": KEYS["place"]}),
    cases=pa.table({"case_key": KEYS["case"], "person_no": pa.array([1, 2], pa.int64())}, schema=CASE_KEYS),
    diseases=frozenset(KEYS["disease"]),
    sites=frozenset(KEYS["site"]),
)
FORMATS = {name: read_format(name, policy=read_defaults()) for name in list_formats()}

Row = dict[str, Any]


class Refused(Exception):
    """Why a row is rejected: the code and, where one is to blame, the column."""

    def __init__(self, code: str, column: str = "") -> None:
        super().__init__(code, column)


class Judged(NamedTuple):
    """The accepted rows and the reasons against the others, by line."""

    accepted: dict[int, Row]
    rejected: dict[int, tuple[str, str]]


def judge(content: str, declared: Format) -> Judged:
    header, *lines = content.split("\n")
    names = header.removesuffix("\r").split(",")
    judged, first_lines = Judged({}, {}), dict[str, int]()
    for number, text in enumerate(lines, start=2):
        line = text.removesuffix("\r")
        if line:
            first = first_lines.setdefault(line, number)
            try:
                judged.accepted[number] = judge_row(line, names, declared, is_repeat=first != number)
            except Refused as refused:
                judged.rejected[number] = refused.args
    return judged


def judge_row(line: str, names: list[str], declared: Format, *, is_repeat: bool) -> Row:
    if any((ord(letter) < 32 and letter != "\t") or ord(letter) == 127 for letter in line):
        raise Refused("bad_character")
    fields = split_record(line)
    assert fields == next(csv.reader([line], strict=True))
    if len(fields) != len(names):
        raise Refused("too_many_fields" if len(fields) > len(names) else "too_few_fields")
    if is_repeat:
        raise Refused("duplicate_row")
    texts = {name: field.strip() for name, field in zip(names, fields, strict=True)}
    row = {column.name: read_field(column, texts[column.name]) for column in declared.columns}
    for period in declared.periods:
        judge_period(row[period.starts], row[period.ends], period.order, period.longest, period.ends)
    if {"name", "id_number", "phone"} <= row.keys() and not row["name"] + row["id_number"] + row["phone"]:
        raise Refused("no_identifier")
    return row


def split_record(line: str) -> list[str]:
    """The fields of a line by RFC 4180, letter by letter."""
    fields, field, state = [], "", "start"
    for letter in line:
        if state == "quoted":
            state, field = ("quote", field) if letter == '"' else (state, field + letter)
        elif letter == ",":
            fields, field, state = [*fields, field], "", "start"
        elif letter == '"' and state != "plain":
            state, field = "quoted", field + ('"' if state == "quote" else "")
        elif letter == '"' or state == "quote":
            raise Refused("broken_quotes")
        else:
            state, field = "plain", field + letter
    if state == "quoted":
        raise Refused("broken_quotes")
    return [*fields, field]


def judge_period(starts: Any, ends: Any, order: Order, longest: timedelta | None, column: str) -> None:  # noqa: ANN401
    if starts is None or ends is None:
        return
    if not {Order.AFTER: ends > starts, Order.NOT_BEFORE: ends >= starts, Order.DIFFERENT: ends != starts}[order]:
        raise Refused("ends_before_start", column)
    if longest is not None and ends - starts > longest / timedelta(microseconds=1):
        raise Refused("date_out_of_range", column)


def read_field(column: Column, text: str) -> Any:  # noqa: ANN401 - a value of the column's kind
    if not text:
        if column.is_required:
            raise Refused("empty_field", column.name)
        return "" if column.kind in {Kind.TEXT, Kind.CODE} else None
    if column.kind is Kind.TEXT:
        return read_text(column, text)
    if column.kind in {Kind.CODE, Kind.CODES}:
        return read_codes(column, text)
    text = narrow(text)
    if column.kind in {Kind.WHOLE, Kind.DECIMAL}:
        return read_number(column, text)
    return read_time(column, text)


def read_text(column: Column, text: str) -> str:
    if len(text) > column.longest:
        raise Refused("text_too_long", column.name)
    if column.refers_to is not None and text not in KEYS[column.refers_to]:
        raise Refused(UNKNOWN[column.refers_to], column.name)
    return text


def read_codes(column: Column, text: str) -> str | list[str]:
    parts = [part.strip() for part in text.split(";")] if column.kind is Kind.CODES else [text]
    assert column.codes is not None
    if not set(parts) <= column.codes.keys():
        raise Refused("unknown_code", column.name)
    kept = [column.codes[part] for part in parts]
    return kept if column.kind is Kind.CODES else kept[0]


def narrow(text: str) -> str:
    is_wide = all(
        0x20 <= ord(letter) < 0x7F or 0xFF01 <= ord(letter) <= 0xFF5E or letter == "\u3000" for letter in text
    )
    if not is_wide:
        return text
    return "".join(chr(ord(x) - 0xFEE0) if ord(x) > 0xFF00 else x.replace("\u3000", " ") for x in text)


def read_number(column: Column, text: str) -> float:
    whole, decimal = r"-?[0-9]{1,18}", r"-?[0-9]{1,18}(\.[0-9]{1,18})?([eE][+-]?[0-9]{1,2})?"
    if not re.fullmatch(whole if column.kind is Kind.WHOLE else decimal, text, re.ASCII):
        raise Refused("bad_number", column.name)
    number = int(text) if column.kind is Kind.WHOLE else float(text)
    if (column.at_least is not None and number < column.at_least) or (
        column.at_most is not None and number > column.at_most
    ):
        raise Refused("number_out_of_range", column.name)
    return number


def read_time(column: Column, text: str) -> Any:  # noqa: ANN401 - a date, seconds or microseconds
    patterns = {
        Kind.DAY: "[0-9]{4}-[0-9]{2}-[0-9]{2}",
        Kind.TIME_OF_DAY: "[0-9]{2}:[0-9]{2}(:[0-9]{2})?",
        Kind.INSTANT: "[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}(:[0-9]{2})?",
    }
    if not re.fullmatch(patterns[column.kind], text, re.ASCII):
        raise Refused("bad_date", column.name)
    if column.kind is Kind.TIME_OF_DAY:
        return read_time_of_day(column, text)
    if text.startswith("0000"):
        text = text.replace(
            "0000", "0004", 1
        )  # Python knows no year 0; like it, the year 4 is a leap year and too early
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise Refused("bad_date", column.name) from None
    if not date(1900, 1, 1) <= moment.date() <= TODAY + timedelta(days=column.days_ahead):
        raise Refused("date_out_of_range", column.name)
    return moment.date() if column.kind is Kind.DAY else read_instant(column, moment)


def read_time_of_day(column: Column, text: str) -> int:
    if text.removesuffix(":00") in {"24:00", "24"}:
        return 86_400
    try:
        shown = time.fromisoformat(text)
    except ValueError:
        raise Refused("bad_date", column.name) from None
    return shown.hour * 3600 + shown.minute * 60 + shown.second


def read_instant(column: Column, moment: datetime) -> int:
    instant = moment.replace(tzinfo=ZONE).astimezone(UTC)
    if instant.astimezone(ZONE).replace(tzinfo=None) != moment:
        raise Refused("skipped_time", column.name)
    return (instant - EPOCH) // timedelta(microseconds=1)


# -------------------------------------------------------------------------------------------------------- files

ODD = (
    "", " ", "\u3000", "\t", "x", "张伟", '"', '""', "a,b", 'a"b', "a\0b", "a\rb", "\x1b", "\u00a0x", "\u2028",
    "\ufeff",
    "2022-03-27 02:30", "2022-02-30", "2022-02-30 10:00", "2099-01-01 00:00", "0000-02-29 00:00", "1899-12-31",
    "2022-3-1", "２０２２－０３－０１", "２０２２－０３－０１　１０：００", "2022-03-01 24:00", "24:00", "24:00:00",
    "24:00:01", "7:00", "-", "-0", "1e5", "1.", ".5", "+1", "１２", "²", "1" * 19, "male;female", "visit;call",
    "visit; call;", "x" * 101, "张" * 501, "p1", "111", "C1",
)  # fmt: skip
ODD_LETTERS = ('"', ",", "\0", "\r", "\t", " ", "\x7f", "\u3000", "，")


def usual_field(dice: Random, column: Column, *, ends: bool) -> str:
    """What belongs into a column; in a third of the optional ones nothing."""
    if not column.is_required and dice.random() < 1 / 3:
        return ""
    day = date(2022, 3, 27 if ends else 20) + timedelta(days=dice.randrange(8 if column.days_ahead > 1 else 5))
    moment = f"{dice.randrange(24):02d}:{dice.randrange(60):02d}" + dice.choice(["", f":{dice.randrange(60):02d}"])
    codes = list(column.codes or ["x"])
    filled = {
        Kind.TEXT: dice.choice(KEYS[column.refers_to] if column.refers_to else ["张伟", "李,芳", '王"小"明', " 赵 "]),
        Kind.CODE: dice.choice(codes),
        Kind.CODES: ";".join(dice.choices(codes, k=dice.randrange(1, 4))),
        Kind.WHOLE: str(dice.randrange(1_000)),
        Kind.DECIMAL: f"{dice.uniform(-90, 90):.5f}",
        Kind.DAY: str(day),
        Kind.TIME_OF_DAY: moment,
        Kind.INSTANT: f"{day} {moment}",
    }
    return filled[column.kind]


def write_line(dice: Random, declared: Format) -> str:
    """A row, now and then with odd fields, now and then not quite a row."""
    ends = {period.ends for period in declared.periods}
    fields = [usual_field(dice, column, ends=column.name in ends) for column in declared.columns]
    for _ in range(dice.choices([0, 1, 2], [5, 3, 1])[0]):
        fields[dice.randrange(len(fields))] = dice.choice(ODD)
    line = ",".join(
        '"' + field.replace('"', '""') + '"' if set(field) & set(',"') or dice.random() < 0.2 else field
        for field in fields
    )
    damage, place = dice.randrange(12), dice.randrange(len(line))
    if damage == 0:
        return line[:place]
    if damage == 1:
        return line[:place] + dice.choice(ODD_LETTERS) + line[place:]
    return line


def write_file(dice: Random, declared: Format, *, rows: int) -> str:
    lines = [write_line(dice, declared) for _ in range(rows)]
    lines += dice.choices(lines, k=rows // 10)
    dice.shuffle(lines)
    end = dice.choice(["\n", "\r\n"])
    names = [column.name for column in declared.columns]
    return end.join([",".join(names), *lines]) + dice.choice(["", end])


@st.composite
def files(draw: st.DrawFn) -> tuple[str, str]:
    """Files of any text, most of it letters that mean something."""
    declared = FORMATS[draw(st.sampled_from(sorted(FORMATS)))]
    fields = st.one_of(
        st.sampled_from(ODD), st.text(st.sampled_from('",\t\r\0 12:-;张'), max_size=6), st.text(max_size=6)
    )
    rows = st.lists(fields, min_size=len(declared.names) - 1, max_size=len(declared.names) + 1).map(",".join)
    lines = draw(st.lists(rows.map(lambda row: row.replace("\n", "")), max_size=6))
    return declared.name, "\n".join([",".join(draw(st.permutations(declared.names))), *lines])


def check(path: Path, name: str, content: str) -> Judged:
    """What the engine finds is what the oracle finds."""
    declared = FORMATS[name]
    path.write_bytes(content.encode())
    received = read_file(path, declared, known=KNOWN, clock=Clock(ZONE), today=day_number(TODAY))
    part = received.read()
    expected = judge(content, declared)
    rejects = [(row["row"], (row["code"], row["column"])) for row in part.rejects.to_pylist()]
    assert rejects == sorted(expected.rejected.items())
    assert [(row.pop("row"), row) for row in part.accepted.to_pylist()] == sorted(expected.accepted.items())
    assert received.row_count == len(expected.accepted) + len(expected.rejected)
    return expected


@pytest.mark.parametrize("name", sorted(FORMATS))
def test_accepted_and_rejected_are_what_a_plain_loop_finds(tmp_path: Path, name: str) -> None:
    judged = check(tmp_path / "file.csv", name, write_file(Random(name), FORMATS[name], rows=800))
    codes = {code for code, _ in judged.rejected.values()}
    assert len(judged.accepted) > (100 if name != "case_contacts" else 1), "of pairs of two cases there are two"
    assert codes >= {
        "bad_character",
        "broken_quotes",
        "too_few_fields",
        "too_many_fields",
        "duplicate_row",
        "empty_field",
    }


@pytest.mark.parametrize("block", [100, 1_000, 10_000])
def test_the_size_of_the_blocks_makes_no_difference(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, block: int
) -> None:
    monkeypatch.setattr(reading, "BLOCK", block)
    judged = check(tmp_path / "file.csv", "check_ins", write_file(Random(block), FORMATS["check_ins"], rows=200))
    assert len(judged.accepted) > 50


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(files())
def test_nothing_that_may_stand_in_a_file_is_read_otherwise(tmp_path: Path, file: tuple[str, str]) -> None:
    check(tmp_path / "file.csv", *file)


@pytest.mark.verify
@pytest.mark.parametrize("seed", range(100))
def test_a_hundred_thousand_rows_are_judged_alike(tmp_path: Path, seed: int) -> None:
    name = sorted(FORMATS)[seed % len(FORMATS)]
    check(tmp_path / "file.csv", name, write_file(Random(seed), FORMATS[name], rows=1_000))


@pytest.mark.verify
@settings(max_examples=800, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(files())
def test_nothing_that_may_stand_in_many_files_is_read_otherwise(tmp_path: Path, file: tuple[str, str]) -> None:
    check(tmp_path / "file.csv", *file)
