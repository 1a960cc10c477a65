"""Files are read in pieces that are never larger than they need to be, and say the same whatever the pieces."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from feed_files import FILES, Receive

from ringfence.errors import FeedRejected
from ringfence.feeds import lines as reading
from ringfence.feeds.lines import LONGEST, Lines, read_lines


class Pieces:
    """A source of given pieces."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces = pieces

    def read(self, _size: int) -> bytes:
        return next(self._pieces, b"")


def read(*pieces: bytes, encoding: str = "utf-8") -> list[tuple[int, str]]:
    blocks: list[Lines] = list(read_lines(Pieces(iter(pieces)), encoding=encoding))
    return [pair for block in blocks for pair in zip(block.numbers.tolist(), block.texts.to_pylist(), strict=True)]


@pytest.mark.parametrize(
    ("pieces", "found"),
    [
        ([b"a\nb\n"], ["a\n", "b\n"]),
        ([b"a\n", b"b"], ["a\n", "b\n"]),
        ([b"a", b"b", b"\nc\nd"], ["ab\n", "c\n", "d\n"]),
        ([b"a\r", b"\nb\r\n"], ["a\n", "b\n"]),
        ([b"a\nb\r", b"\nc\r\n"], ["a\n", "b\n", "c\n"]),
        ([b"a\rb\r", b"c"], ["a\n", "b\n", "c\n"]),
        ([b"\n\n", b"\n"], ["\n", "\n", "\n"]),
        ([b"\xef\xbb\xbfa\n", b"\xef\xbb\xbfb\n"], ["a\n", "\ufeffb\n"]),
        (["张".encode()[:1], "张".encode()[1:] + b"\n"], ["张\n"]),
        ([], []),
    ],
)
def test_lines_are_put_together_from_pieces(pieces: list[bytes], found: list[str]) -> None:
    assert read(*pieces) == list(enumerate(found, start=1))


def test_of_a_line_that_is_too_long_only_the_beginning_is_kept() -> None:
    long = "长".encode() * 400_000
    lines = read(b"a\n" + long[:100_001], long[100_001:], long, long[1:] + b",end\nb\n", b"c\n")
    assert [number for number, _ in lines] == [1, 2, 3, 4]
    assert [lines[0][1], lines[2][1], lines[3][1]] == ["a\n", "b\n", "c\n"]
    assert LONGEST < len(lines[1][1].encode()) <= LONGEST + 5
    assert set(lines[1][1]) == {"长", "\n"}


def test_a_long_line_in_gb_18030_is_cut_between_characters() -> None:
    long = b"a" + ("\U00020000长".encode("gb18030")) * 200_000
    lines = read(b"a\n" + long, long + b"\nb\n", encoding="gb18030")
    assert [number for number, _ in lines] == [1, 2, 3]
    assert set(lines[1][1]) == {"a", "\U00020000", "长", "\n"}


@pytest.mark.parametrize("block", [1, 2, 3, 7, 64, 150])
@pytest.mark.parametrize("name", sorted(FILES))
def test_a_file_says_the_same_in_blocks_of_any_size(
    receive: Receive, monkeypatch: pytest.MonkeyPatch, name: str, block: int
) -> None:
    lines = FILES[name].splitlines(keepends=True)
    content = "".join([*lines, "broken\n", lines[1], "\n"])
    whole = receive(name, content).read()
    monkeypatch.setattr(reading, "BLOCK", block)
    received = receive(name, content)
    assert received.read() == whole
    assert len(list(received.read_parts())) > 1 or len(content) <= block
    assert received.read().rejects["code"].to_pylist() == ["too_few_fields", "duplicate_row"]


def test_a_repeat_is_found_blocks_later(receive: Receive, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "BLOCK", 128)
    header, first, *others = FILES["check_ins"].splitlines(keepends=True)
    part = receive("check_ins", header + first + "".join(others) * 20 + first).read()
    assert part.accepted["row"].to_pylist() == [2, 3, 4, 5]
    firsts = dict(zip(part.rejects["row"].to_pylist(), part.rejects["reason"].to_pylist(), strict=True))
    assert firsts[62 + 1] == '{"code":"duplicate_row","first":2}'
    assert firsts[6] == '{"code":"duplicate_row","first":3}'
    assert len(firsts) == 58


def test_a_mark_that_does_not_begin_the_file_is_a_letter_wherever_a_block_begins(
    receive: Receive, monkeypatch: pytest.MonkeyPatch
) -> None:
    header, first, *_ = FILES["check_ins"].splitlines(keepends=True)
    content = header + "\ufeff" + first + first + "\ufeff" + first.strip().replace("张", "章")
    for block in (len(content.encode()), len(header)):
        monkeypatch.setattr(reading, "BLOCK", block)
        part = receive("check_ins", content).read()
        assert part.accepted["row"].to_pylist() == [3]
        assert [reason.as_py() for reason in part.rejects["reason"]] == [
            '{"code":"unknown_place","column":"place_id","found":"\ufeffp1"}'
        ] * 2


def test_a_file_is_what_its_bytes_are_and_not_what_it_is_called(receive: Receive) -> None:
    first = receive("check_ins", FILES["check_ins"])
    assert receive("check_ins", FILES["check_ins"]).batch_id == first.batch_id
    assert receive("check_ins", FILES["check_ins"] + "\n").batch_id != first.batch_id
    assert first.batch_id == f"check_ins-{first.digest}"


def test_a_file_that_changes_while_it_is_read_is_refused(receive: Receive) -> None:
    received = receive("check_ins", FILES["check_ins"])
    with received.path.open("a") as file:
        file.write("more\n")
    with pytest.raises(FeedRejected, match=r"check_ins\.csv changed while it was being read; send it again"):
        received.read()


def test_what_is_no_file_is_refused(receive: Receive) -> None:
    received = receive("check_ins", FILES["check_ins"])
    received.path.unlink()
    with pytest.raises(FeedRejected, match=r"check_ins\.csv cannot be read: No such file or directory"):
        received.read()
    received.path.mkdir()
    with pytest.raises(FeedRejected, match=r"check_ins\.csv (is no file|cannot be read)"):
        received.read()


READ_AND_WEIGH = """
import sys
from pathlib import Path
from zoneinfo import ZoneInfo
from ringfence.feeds import Known, read_file, read_format
from ringfence.policy import read_defaults
from ringfence.terms import Clock

declared = read_format("case_routes", policy=read_defaults())
received = read_file(Path(sys.argv[1]), declared, known=Known(), clock=Clock(ZoneInfo("Asia/Shanghai")), today=19_052)
rejects = received.read().rejects
print(received.row_count, rejects["row"].to_pylist(), rejects["code"].to_pylist())
print(next(line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM:")))
"""


@pytest.mark.verify
def test_a_line_of_two_gigabytes_is_one_rejected_row_and_takes_a_fraction_of_that(tmp_path: Path) -> None:
    path = tmp_path / "case_routes.csv"
    header, first, second = FILES["case_routes"].splitlines(keepends=True)
    with path.open("wb") as file:
        file.write((header + first).encode())
        for _ in range(2048):
            file.write(b"x" * 2**20)
        file.write(("\n" + second).encode())
    said = subprocess.run(  # noqa: S603 - our own interpreter and script
        [sys.executable, "-c", READ_AND_WEIGH, str(path)], check=True, capture_output=True, text=True
    ).stdout.splitlines()
    assert said[0] == "3 [2, 3, 4] ['unknown_person', 'line_too_long', 'unknown_person']"
    assert int(said[1].split()[1]) < 600 * 1024, "kilobytes"
