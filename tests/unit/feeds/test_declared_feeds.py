"""Feeds as departments send them: their own headers, words, layouts and containers, typed by hand."""

import io
import re
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import openpyxl
import pytest
from feed_files import CHECK_INS

from ringfence.errors import FeedRejected, NotAllowed
from ringfence.feeds import (
    Feed,
    Known,
    Received,
    declare_feed,
    find_feed,
    list_formats,
    read_feed,
    read_feeds,
    read_file,
    read_format,
)
from ringfence.policy import PolicySet, read_in_force
from ringfence.store import Store
from ringfence.terms import Actor, Area, Clock

ReadAs = Callable[[Feed, bytes], Received]

VENUES = """
feed = "venue_codes"
format = "check_ins"
department = "大数据局"
purpose = "tracing"
retention = "feed.check_ins"
time_zone = "Asia/Shanghai"
ignored = ["备注"]

[columns]
place_id = "场所编号"
entered_at = "进入时间"
name = "姓名"
phone = "手机号"

[words.place_id]
"平城超市" = "p1"

[layouts]
entered_at = "YYYY/M/D H:mm"
"""

SHEET: list[list[object]] = [
    ["姓名", "手机号", "场所编号", "进入时间", "备注"],
    ["张伟", 13800000001, "平城超市", datetime(2022, 2, 28, 9, 30), "常客"],  # noqa: DTZ001 - a sheet knows no zone
    ["李芳", "13800000002", "p2", "2022/2/28 9:31", None],
    [None, None, None, None, None],
    ["王五", None, "p9", "2022/2/28 9:32", None],
]


@pytest.fixture
def read_as(tmp_path: Path, known: Known) -> ReadAs:
    """Reads a content as a file of a feed on 2022-03-01, in a deployment that goes by UTC."""

    def read(feed: Feed, content: bytes) -> Received:
        path = tmp_path / "sent"
        path.write_bytes(content)
        return read_file(path, feed, known=known, clock=Clock(ZoneInfo("UTC")), today=19_052)

    return read


@pytest.fixture
def venues(shipped: PolicySet) -> Feed:
    return read_feed(VENUES, policy=shipped)


def workbook(rows: list[list[object]], *, further: str = "") -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in rows:
        sheet.append(row)
    if further:
        book.create_sheet(further).append(["x"])
    packed = io.BytesIO()
    book.save(packed)
    return packed.getvalue()


def test_a_workbook_under_a_departments_own_headers_words_and_layouts_is_read_row_by_row(
    read_as: ReadAs, venues: Feed
) -> None:
    part = read_as(venues, workbook(SHEET)).read()
    first, second = part.accepted.to_pylist()
    assert (first["row"], first["place_id"], first["name"], first["phone"]) == (2, "p1", "张伟", "13800000001")
    assert [
        datetime.fromtimestamp(one["entered_at"] / 1e6, ZoneInfo("UTC")).isoformat() for one in (first, second)
    ] == [
        "2022-02-28T01:30:00+00:00",
        "2022-02-28T01:31:00+00:00",
    ]
    assert [(one["row"], one["code"], one["column"]) for one in part.rejects.to_pylist()] == [
        (5, "unknown_place", "place_id")
    ]


def test_the_same_rows_as_gb18030_csv_below_a_title_and_as_json_lines_are_the_same(
    read_as: ReadAs, venues: Feed, shipped: PolicySet
) -> None:
    title = "进入登记表,,,,\n姓名,手机号,场所编号,进入时间,备注\n"
    rows = "张伟,13800000001,平城超市,2022/2/28 9:30,常客\n李芳,13800000002,p2,2022/2/28 9:31,\n"
    below = read_feed(VENUES.replace("\n[columns]", "header_line = 2\n[columns]"), policy=shipped)
    from_csv = read_as(below, (title + rows).encode("gb18030")).read().accepted.drop_columns("row")
    objects = (
        '{"姓名":"张伟","手机号":13800000001,"场所编号":"平城超市","进入时间":"2022/2/28 9:30"}\n'
        '{"姓名":"李芳","手机号":"13800000002","场所编号":"p2","进入时间":"2022/2/28 9:31","备注":null}\n'
    )
    from_json = read_as(venues, objects.encode("utf-8-sig")).read().accepted
    from_sheet = read_as(venues, workbook(SHEET)).read().accepted.drop_columns("row")
    assert from_json["row"].to_pylist() == [1, 2]
    assert from_csv.equals(from_sheet)
    assert from_json.drop_columns("row").equals(from_sheet)


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("{", "broken_json"),
        ("[]", "broken_json"),
        ('{"姓名":"李","姓名":"王"}', "broken_json"),
        ('{"姓名":{"姓":"李"}}', "broken_json"),
        ('{"姓名":NaN}', "broken_json"),
        ('{"姓名":"李","身份证":"1"}', "undeclared_name"),
        ('{"姓名":"李\\u0000"}', "bad_character"),
        ('{"姓名":"\\ud800"}', "broken_json"),
        ('{"姓名":"李"}', "empty_field"),
    ],
)
def test_a_broken_object_is_rejected_and_its_neighbour_kept(
    read_as: ReadAs, venues: Feed, line: str, code: str
) -> None:
    good = '{"姓名":"张伟","场所编号":"p1","进入时间":"2022/2/28 9:30"}'
    part = read_as(venues, f"{good}\n{line}\n".encode()).read()
    assert [one["code"] for one in part.rejects.to_pylist()] == [code]
    assert part.accepted["row"].to_pylist() == [1]


def test_a_long_number_that_a_sheet_has_cut_is_rejected_instead_of_believed(
    read_as: ReadAs, shipped: PolicySet
) -> None:
    names = CHECK_INS.splitlines()[0].split(",")
    row = ["p1", "2022-02-28 09:30", "", "张伟", 140202198001011234, ""]
    part = read_as(Feed.of(read_format("check_ins", policy=shipped)), workbook([names, row])).read()
    assert [(one["code"], one["column"]) for one in part.rejects.to_pylist()] == [("lost_digits", "id_number")]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (workbook(SHEET, further="二"), "2 sheets with rows"),
        (workbook([]), "0 sheets with rows"),
        (workbook(SHEET)[:-50], "no workbook that can be read"),
        (b"PK\x03\x04 and then nothing", "no workbook that can be read"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 and then nothing", "no workbook that can be read"),
    ],
    ids=["two sheets", "no row", "cut short", "no zip", "no compound file"],
)
def test_a_workbook_that_cannot_be_read_is_one_sentence(
    read_as: ReadAs, venues: Feed, content: bytes, sentence: str
) -> None:
    with pytest.raises(FeedRejected, match=sentence):
        read_as(venues, content)


SPOILT = {
    "no purpose": ('purpose = "tracing"\n', "", "declares no purpose"),
    "no retention": ('retention = "feed.check_ins"\n', "", "declares no retention"),
    "an undeclared purpose": ('purpose = "tracing"', 'purpose = "curiosity"', "purposes.yaml does not declare"),
    "an undeclared retention": ("feed.check_ins", "feed.for_ever", "retention.yaml says nothing"),
    "a needed column left out": ('place_id = "场所编号"\n', "", "does not say where 'place_id' stands"),
    "a column the format lacks": ('name = "姓名"', 'seat = "姓名"', "columns has 'seat'"),
    "a header for two columns": ('phone = "手机号"', 'phone = "姓名"', "speaks of '姓名' twice"),
    "a layout that says too little": ("YYYY/M/D H:mm", "M/D H:mm", "does not say how 'entered_at' is written"),
    "no time zone": ("Asia/Shanghai", "Asia/Nowhere", "no time zone"),
    "a format's name": ('"venue_codes"', '"check_ins"', "cannot be called"),
    "a word nobody knows": ('department = "大数据局"', 'department = "x"\ncolour = "red"', "cannot be read"),
    "a day of the week there is not": (
        "[columns]",
        '[due]\nby = 08:00:00\nweekdays = ["yesterday"]\n[columns]',
        "read",
    ),
    "no day of the week": ("[columns]", "[due]\nby = 08:00:00\nweekdays = []\n[columns]", "no day of the week"),
    "no TOML": ("[columns]", "[columns", "cannot be read"),
}


@pytest.mark.parametrize(("old", "new", "sentence"), SPOILT.values(), ids=SPOILT.keys())
def test_a_feed_that_says_too_little_or_too_much_is_refused(
    shipped: PolicySet, old: str, new: str, sentence: str
) -> None:
    assert old in VENUES
    with pytest.raises(FeedRejected, match=sentence):
        read_feed(VENUES.replace(old, new), policy=shipped)


def test_the_newest_text_of_a_feed_is_in_force_and_only_who_may_declares(
    staffed: Store, now: datetime, areas: dict[str, Area]
) -> None:
    policy = read_in_force(staffed.desk, now=now)
    steward = Actor("data_steward")
    for text in (VENUES, VENUES.replace("大数据局", "工信局")):
        staffed.act(lambda act, text=text: declare_feed(act, text, policy=policy, areas=areas), actor=steward, now=now)  # type: ignore[misc]
    feeds = read_feeds(staffed.desk, policy=policy)
    assert [one.feed.declared.contract.department for one in feeds.values()] == ["工信局"]
    assert find_feed("venue_codes", feeds=feeds, policy=policy).may_raise_signals is False
    assert find_feed("laboratory_results", feeds=feeds, policy=policy).may_raise_signals is True
    with pytest.raises(NotAllowed):
        staffed.act(lambda act: declare_feed(act, VENUES, policy=policy, areas=areas), actor=Actor("clinic"), now=now)


AS_ABOVE = {"department", "purpose", "retention", "basis"}
"""What the second text of the page leaves to the first."""


def test_the_texts_that_the_page_for_departments_shows_can_be_declared(shipped: PolicySet) -> None:
    page = (Path(__file__).parents[3] / "docs" / "feeds.md").read_text("utf-8")
    whole, of_messages = re.findall(r"```toml\n(.*?)```", page, flags=re.DOTALL)
    feed = read_feed(whole, policy=shipped)
    assert not feed.may_raise_signals
    assert feed.due is not None
    as_above = "\n".join(line for line in whole.splitlines() if line.split(" ")[0] in AS_ABOVE)
    as_above = as_above.replace("check_ins", "sentinel_counts").replace('"tracing"', '"surveillance"')
    messages = read_feed(
        of_messages.replace("# department, purpose, retention, basis as above", as_above), policy=shipped
    )
    assert messages.declared.name == "sentinel_counts"
    named = set(re.findall(r"`([a-z_]+)`", page.split("## The formats")[1].split("Files of")[0]))
    assert named == set(list_formats()), "every format has its line"
