"""The first of two passes over a file: what it is, before anything of it is believed (policy 2.1).

The digest, the encoding and which rows stand there twice are known only at a file's end, but wanted before its first
row is kept. So a file is read twice and never held.
"""

from dataclasses import dataclass
from pathlib import Path

from ringfence.errors import FeedRejected
from ringfence.feeds.containers import BRINGS, Container, Text, encodings_of, find_container, open_text
from ringfence.feeds.encodings import ENCODINGS, GB_18030, ChineseLook, Undecodable
from ringfence.feeds.feed import Feed
from ringfence.feeds.files import Stamp
from ringfence.feeds.header import read_header
from ringfence.feeds.lines import read_lines
from ringfence.feeds.repeats import LineDigests, Repeats
from ringfence.feeds.rows import keep_rows


@dataclass(frozen=True)
class Survey:
    """A file as found: SHA-256 of its bytes, how it is packed, encoding, columns, number of rows and their repeats.

    `names` are its columns in its order, empty for what is not read; `header` is its line with their names, which
    stands on `header_line` (0: there is none).
    """

    digest: str
    container: Container
    encoding: str
    names: tuple[str, ...]
    header: str
    header_line: int
    row_count: int
    repeats: Repeats


def survey_file(path: Path, feed: Feed, *, stamp: Stamp) -> Survey:
    """What a file is; FeedRejected for an empty one, another encoding, and columns other than declared."""
    container = find_container(path, stamp=stamp)
    if BRINGS.get(container, feed.declared.name) != feed.declared.name:
        raise FeedRejected(
            "{file} holds messages ({container}) that bring {brought}, and {feed} brings {format}; name its own feed",
            file=path.name,
            container=container,
            brought=BRINGS[container],
            feed=feed.name,
            format=feed.declared.name,
        )
    faults = []
    tried = encodings_of(container, declared=feed.encoding, tried=ENCODINGS)
    for encoding in tried:
        try:
            with open_text(path, feed, container=container, stamp=stamp) as text:
                return _survey(text, path.name, feed, container, encoding)
        except Undecodable as fault:
            faults.append(fault)
    raise FeedRejected(
        "{file} is not written in {encodings}: at byte {byte}, in line {line}, stands no character; "
        "save it as 'CSV UTF-8' and send it again",
        file=path.name,
        encodings=", ".join(tried),
        byte=faults[0].byte,
        line=faults[0].line,
    )


def _survey(text: Text, file: str, feed: Feed, container: Container, encoding: str) -> Survey:
    header_line = _header_line(container, feed)
    names: tuple[str, ...] = ()
    row_count, look, header = 0, ChineseLook(), ""
    with LineDigests() as digests:
        for lines in read_lines(text, encoding=encoding):
            if not names:
                names = read_header(lines, feed=feed, file=file) if header_line else tuple(feed.fields)
                header = lines.texts[header_line - 1].as_py() if header_line else ""
            if encoding == GB_18030:
                look.add(lines.to_buffer().to_pybytes().decode())
            rows = keep_rows(lines, after=header_line)
            digests.add(rows)
            row_count += rows.count
        repeats = digests.find()
    if not names:
        raise FeedRejected("{file} is empty, without even the names of its columns; send it again", file=file)
    if not look.is_convincing and not feed.encoding:
        raise Undecodable(byte=0, line=1)
    return Survey(text.digest, container, encoding, names, header, header_line, row_count, repeats)


def _header_line(container: Container, feed: Feed) -> int:
    if container is Container.JSON_LINES:
        return 0
    return 1 if container in BRINGS else feed.header_line
