"""Proposals for files nobody declared yet, and what a person still has to say."""

import io
import tomllib
from pathlib import Path

import openpyxl
import pytest
from feed_files import FILES

from ringfence.errors import FeedRejected
from ringfence.feeds import read_feed, suggest_feed
from ringfence.policy import PolicySet

GUESTS = """\
入住登记表,,,,,,,
酒店编号,房号,入住时间,退房时间,姓名,性别,证件号码,备注
p1,305,2022/2/25,2022/2/27,张伟,男,140202198001011234,
p1,307,2022/2/26,,李芳,女士,,常客
"""


@pytest.mark.parametrize("name", sorted(FILES))
def test_our_own_headers_propose_their_own_format_with_every_column(
    tmp_path: Path, shipped: PolicySet, name: str
) -> None:
    path = tmp_path / "sent"
    path.write_text(FILES[name], encoding="utf-8")
    said = tomllib.loads(suggest_feed(path, policy=shipped).text)
    assert said["format"] == name
    assert list(said["columns"].values()) == list(said["columns"])
    assert set(said["columns"]) == set(FILES[name].splitlines()[0].split(","))


def as_workbook(text: str) -> bytes:
    book = openpyxl.Workbook()
    for line in text.splitlines():
        book.active.append(line.split(","))  # type: ignore[union-attr]
    packed = io.BytesIO()
    book.save(packed)
    return packed.getvalue()


@pytest.mark.parametrize("content", [GUESTS.encode("gb18030"), GUESTS.encode("utf-8-sig"), as_workbook(GUESTS)])
def test_chinese_headers_below_a_title_are_matched_and_what_is_unsure_is_asked(
    tmp_path: Path, shipped: PolicySet, content: bytes
) -> None:
    path = tmp_path / "平城宾馆 guests_2022-03.xlsx"
    path.write_bytes(content)
    suggestion = suggest_feed(path, policy=shipped)
    said = tomllib.loads(suggestion.text)
    assert (said["format"], said["header_line"], said["ignored"]) == ("guest_register", 2, ["备注"])
    assert said["columns"] | {"room": "房号", "arrived_on": "入住时间", "id_number": "证件号码"} == said["columns"]
    assert said["layouts"] == {"arrived_on": "YYYY/M/D", "left_on": "YYYY/M/D"}
    assert said["words"] == {"sex": {"女士": ""}}
    assert suggestion.unsure == ("words.sex",)
    assert (said["purpose"], said["retention"]) == ("", "")
    assert "张伟" not in suggestion.text


def test_a_proposal_is_no_feed_until_a_person_has_filled_it_in(tmp_path: Path, shipped: PolicySet) -> None:
    path = tmp_path / "guests.csv"
    path.write_text(GUESTS, encoding="utf-8")
    text = suggest_feed(path, policy=shipped).text
    with pytest.raises(FeedRejected, match="declares no department"):
        read_feed(text, policy=shipped)
    text = text.replace('department = ""', 'department = "公安局"').replace('purpose = ""', 'purpose = "tracing"')
    text = text.replace('retention = ""', 'retention = "feed.guest_register"')
    with pytest.raises(FeedRejected, match="every word of 'sex'"):
        read_feed(text, policy=shipped)
    feed = read_feed(text.replace('"女士" = ""', '"女士" = "female"'), policy=shipped)
    assert (feed.name, feed.declared.name, feed.header_line) == ("guests", "guest_register", 2)


@pytest.mark.parametrize("content", ["", "合计,12\n", "a,b,c\n1,2,3\n"])
def test_a_file_without_a_known_header_is_said_to_have_none(tmp_path: Path, shipped: PolicySet, content: str) -> None:
    path = tmp_path / "sums.csv"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(FeedRejected, match="nothing is known as a header"):
        suggest_feed(path, policy=shipped)
