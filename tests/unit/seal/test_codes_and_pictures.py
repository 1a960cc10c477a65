"""QR codes are written for paper and page, and read from any plain PNG."""

import struct
import xml.etree.ElementTree as ET
import zlib

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from seal_authority import UNHURRIED

from ringfence.errors import InputRefused
from ringfence.seal import read_codes, write_qr_png, write_qr_svg
from ringfence.seal.png import (
    MAX_SIDE,
    Bytes,
    Layout,
    _unfiltered_by_diagonal,
    _unfiltered_by_row,
    read_png,
)

ALPHANUMERIC = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"  # ISO/IEC 18004 table 5
NONE, SUB, UP, AVERAGE, PAETH = range(5)


# ---- a PNG writer as the standard tells it, byte by byte


def chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def png(  # the parts of a picture
    rows: list[bytes], *, width: int, depth: int, colour: int, before: bytes = b"", interlace: int = 0
) -> bytes:
    """A picture from rows that start with their filter byte; the pixels are cut into two IDAT chunks."""
    header = struct.pack(">IIBBBBB", width, len(rows), depth, colour, 0, 0, interlace)
    packed = zlib.compress(b"".join(rows))
    parts = chunk(b"IDAT", packed[:7]) + chunk(b"IDAT", packed[7:])
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + before + parts + chunk(b"IEND", b"")


def paeth(left: int, up: int, corner: int) -> int:
    estimate = left + up - corner
    return min((left, up, corner), key=lambda value: abs(estimate - value))


def expected(kind: int, left: int, up: int, corner: int) -> int:
    return (0, left, up, (left + up) // 2, paeth(left, up, corner))[kind]


def filtered(rows: Bytes, kinds: list[int], step: int) -> list[bytes]:
    """Rows of bytes with the filters named applied (section 9.2), one byte at a time."""
    result = []
    for y, kind in enumerate(kinds):
        line = bytearray([kind])
        for x, value in enumerate(rows[y].tolist()):
            left = int(rows[y, x - step]) if x >= step else 0
            up = int(rows[y - 1, x]) if y else 0
            corner = int(rows[y - 1, x - step]) if y and x >= step else 0
            line.append((value - expected(kind, left, up, corner)) % 256)
        result.append(bytes(line))
    return result


@UNHURRIED
@given(data=st.data(), channels=st.sampled_from([1, 2, 3, 4]), width=st.integers(1, 9), height=st.integers(1, 9))
def test_every_filter_is_undone(data: st.DataObject, channels: int, width: int, height: int) -> None:
    size = width * channels
    values = data.draw(st.binary(min_size=height * size, max_size=height * size))
    kinds = data.draw(st.lists(st.integers(NONE, PAETH), min_size=height, max_size=height))
    rows = np.frombuffer(values, np.uint8).reshape(height, size)
    colour = {1: 0, 2: 4, 3: 2, 4: 6}[channels]
    plain = png(filtered(rows, [NONE] * height, channels), width=width, depth=8, colour=colour)
    coded = png(filtered(rows, kinds, channels), width=width, depth=8, colour=colour)
    assert np.array_equal(read_png(coded), read_png(plain))


@settings(UNHURRIED)
@given(
    st.lists(st.sampled_from((NONE, SUB, UP)), min_size=1, max_size=9), st.integers(1, 9), st.sampled_from((1, 3, 4))
)
def test_filters_that_look_left_or_up_only_are_undone_the_quick_way(
    kinds: list[int], width: int, channels: int
) -> None:
    rows = np.random.default_rng(width).integers(0, 256, (len(kinds), width * channels)).astype(np.uint8)
    colour = {1: 0, 3: 2, 4: 6}[channels]
    layout = Layout(width=width, height=len(kinds), depth=8, colour=colour)
    packed = np.frombuffer(b"".join(filtered(rows, kinds, channels)), np.uint8).reshape(len(kinds), -1)
    assert (_unfiltered_by_row(packed, layout=layout) == rows).all()
    assert (_unfiltered_by_diagonal(packed, layout=layout) == rows).all()


def test_a_reader_in_a_hurry_refuses_more_pixels_than_it_has_time_for() -> None:
    picture = write_qr_png("x")
    side = read_png(picture).shape[0]
    assert read_codes(picture, most_pixels=side * side) == ("x",)
    with pytest.raises(InputRefused):
        read_codes(picture, most_pixels=side * side - 1)


def test_grey_is_read_as_it_is() -> None:
    rows = np.arange(256, dtype=np.uint8).reshape(4, 64)
    assert np.array_equal(read_png(png(filtered(rows, [NONE, SUB, UP, PAETH], 1), width=64, depth=8, colour=0)), rows)


@pytest.mark.parametrize(
    ("depth", "row", "grey"),
    [
        (1, b"\0\xa0", [255, 0, 255]),
        (2, b"\0\x1b", [0, 85, 170, 255][:3]),
        (4, b"\0\x0f\x80", [0, 255, 136]),
        (16, b"\0\x00\xff\x80\x00\xff\x00", [0, 128, 255]),
    ],
)
def test_grey_of_any_depth_is_read(depth: int, row: bytes, grey: list[int]) -> None:
    assert read_png(png([row], width=3, depth=depth, colour=0)).tolist() == [grey]


COLOURS = [(255, 255, 255), (0, 0, 0), (255, 0, 0), (0, 255, 0), (0, 0, 255), (10, 200, 90)]


def brightness(red: int, green: int, blue: int, alpha: int = 255) -> float:
    """Rec. 601 brightness on white paper."""
    return 255 - (255 - (0.299 * red + 0.587 * green + 0.114 * blue)) * alpha / 255


@pytest.mark.parametrize("depth", [8, 16])
def test_colours_become_their_brightness(depth: int) -> None:
    low = b"" if depth == 8 else b"\x7f"
    row = b"\0" + b"".join(bytes([value]) + low for colour in COLOURS for value in colour)
    read = read_png(png([row], width=len(COLOURS), depth=depth, colour=2))
    assert np.allclose(read, [[brightness(*colour) for colour in COLOURS]], atol=1.5)


def test_what_is_transparent_lies_on_white_paper() -> None:
    colours = [(*colour, alpha) for colour in COLOURS for alpha in (0, 128, 255)]
    row = b"\0" + bytes(value for colour in colours for value in colour)
    read = read_png(png([row], width=len(colours), depth=8, colour=6))
    assert np.allclose(read, [[brightness(*colour) for colour in colours]], atol=2)
    assert read_png(png([b"\0\0\0\0\x80\0\xff"], width=3, depth=8, colour=4)).tolist() == [[255, 127, 0]]


def test_a_picture_as_large_as_allowed_is_read() -> None:
    assert read_png(png([bytes(1 + 4 * 2047)] * 2048, width=2047, depth=8, colour=6)).shape == (2048, 2047)


@pytest.mark.parametrize(("depth", "row"), [(1, b"\0\x40"), (2, b"\0\x10"), (4, b"\0\x01\x00"), (8, b"\0\0\1\0")])
def test_a_palette_is_looked_up(depth: int, row: bytes) -> None:
    palette = chunk(b"PLTE", bytes([0, 0, 0, 255, 255, 255]))
    assert read_png(png([row], width=3, depth=depth, colour=3, before=palette)).tolist() == [[0, 255, 0]]
    clear = palette + chunk(b"tRNS", b"\0")
    assert read_png(png([row], width=3, depth=depth, colour=3, before=clear)).tolist() == [[255, 255, 255]]


GREY = png([b"\0\0\0\0"] * 3, width=3, depth=8, colour=0)
BAD_PICTURES = {
    "nothing": b"",
    "a JPEG": b"\xff\xd8\xff\xe0\0\x10JFIF",
    "no header": b"\x89PNG\r\n\x1a\n" + chunk(b"IEND", b""),
    "cut off": GREY[:-5],
    "a damaged chunk": GREY.replace(b"IDAT", b"IDAU", 1),
    "no pixels": b"\x89PNG\r\n\x1a\n" + GREY[8:33] + chunk(b"IEND", b""),
    "too few pixels": png([b"\0\0\0"] * 3, width=3, depth=8, colour=0),
    "no width": png([b"\0"] * 3, width=0, depth=8, colour=0),
    "no height": png([], width=3, depth=8, colour=0),
    "a depth that does not exist": png([b"\0\0\0\0"], width=3, depth=5, colour=0),
    "a depth its colour does not have": png([b"\0" + bytes(9)], width=3, depth=4, colour=2),
    "a colour type that does not exist": png([b"\0\0\0\0"], width=3, depth=8, colour=5),
    "an unknown filter": png([b"\x05\0\0\0"], width=3, depth=8, colour=0),
    "interlaced": png([b"\0\0\0\0"], width=3, depth=8, colour=0, interlace=1),
    "no palette": png([b"\0\0\0\0"], width=3, depth=8, colour=3),
    "a colour beyond the palette": png([b"\0\0\1\0"], width=3, depth=8, colour=3, before=chunk(b"PLTE", bytes(3))),
    "a palette that breaks off": png([b"\0\0\0\0"], width=3, depth=8, colour=3, before=chunk(b"PLTE", bytes(4))),
    "more transparency than colours": png(
        [b"\0\0\0\0"], width=3, depth=8, colour=3, before=chunk(b"PLTE", bytes(3)) + chunk(b"tRNS", bytes(2))
    ),
    "wider than allowed": png([bytes(MAX_SIDE + 2)], width=MAX_SIDE + 1, depth=8, colour=0),
    "higher than allowed": png([bytes(2)] * (MAX_SIDE + 1), width=1, depth=8, colour=0),
    "more bytes than allowed": png([bytes(1 + 4 * 2048)] * 2048, width=2048, depth=8, colour=6),
    "a chunk longer than the file": b"\x89PNG\r\n\x1a\n" + b"\x7f\xff\xff\xff" + GREY[12:],
    "pixels that are not compressed": b"\x89PNG\r\n\x1a\n"
    + GREY[8:33]
    + chunk(b"IDAT", bytes(9))
    + chunk(b"IEND", b""),
}


@pytest.mark.parametrize("picture", BAD_PICTURES.values(), ids=BAD_PICTURES.keys())
def test_a_picture_that_cannot_be_read_is_one_clear_sentence(picture: bytes) -> None:
    with pytest.raises(InputRefused, match="save it as a plain PNG"):
        read_codes(picture)


def test_more_pixels_than_the_picture_has_are_not_unpacked() -> None:
    bomb = png([b"\0\0\0\0"] * 3 + [bytes(1 << 20)] * 20, width=3, depth=8, colour=0)
    small = bomb[:16] + struct.pack(">II", 3, 3) + bomb[24:29]
    sound = small + struct.pack(">I", zlib.crc32(small[12:])) + bomb[33:]
    assert read_png(sound).shape == (3, 3)


@UNHURRIED
@given(st.binary(max_size=120), st.integers(0, len(GREY)))
def test_any_bytes_are_a_picture_or_refused(noise: bytes, index: int) -> None:
    for data in (noise, GREY[:index] + noise + GREY[index:], GREY[:33] + noise):
        try:
            assert read_png(data).dtype == np.uint8
        except InputRefused:
            continue


# ---- codes


@settings(deadline=None, max_examples=40)
@given(
    text=st.text(ALPHANUMERIC, min_size=1, max_size=400), scale=st.integers(2, 6), correction=st.sampled_from("LMQH")
)
def test_a_written_code_is_read_back(text: str, scale: int, correction: str) -> None:
    assert read_codes(write_qr_png(text, correction=correction, pixels_a_module=scale)) == (text,)


@pytest.mark.parametrize("text", ["RF1." + "aZ_-" * 120, "https://example.org/d/RF1.aZ", "隔离通知书"])
def test_texts_of_any_kind_are_read_back(text: str) -> None:
    assert read_codes(write_qr_png(text)) == (text,)


def test_the_svg_shows_the_same_modules_as_the_png() -> None:
    """The SVG's strokes are painted by hand: each move and line covers half a module above and below it."""
    text = "RF1.TEST"
    root = ET.fromstring(write_qr_svg(text))  # noqa: S314 (our own output)
    side = int(root.attrib["viewBox"].split()[2])
    stroke = next(path.attrib["d"] for path in root if "stroke" in path.attrib)
    assert np.array_equal(paint(stroke, side), read_png(write_qr_png(text, pixels_a_module=1)))


def paint(path: str, side: int) -> Bytes:
    """Black strokes on white, from a path of absolute and relative moves and horizontal lines."""
    picture = np.full((side, side), 255, np.uint8)
    x = y = 0.0
    for command in path.replace("M", " M").replace("m", " m").replace("h", " h").split(" M"):
        if command.strip():
            start, *rest = command.split(" h")
            x, y, *_ = map(float, start.split())
            for part in rest:
                length, *move = part.split(" m")
                picture[int(y), int(x) : int(x) + int(length)] = 0
                x += float(length)
                if move:
                    dx, dy = map(float, move[0].replace("-", " -").split())
                    x, y = x + dx, y + dy
    return picture


def test_the_svg_can_stand_in_a_page_and_in_a_file() -> None:
    svg = write_qr_svg("RF1.TEST")
    assert svg.startswith('<svg xmlns="http://www.w3.org/2000/svg" viewBox=')
    assert "style=" not in svg


def test_several_codes_in_one_picture_are_all_read() -> None:
    texts = ("FIRST", "SECOND")
    codes = [read_png(write_qr_png(text)) for text in texts]
    height = max(len(code) for code in codes)
    rows = np.hstack([np.pad(code, ((0, height - len(code)), (0, 0)), constant_values=255) for code in codes])
    picture = png([b"\0" + row.tobytes() for row in rows], width=rows.shape[1], depth=8, colour=0)
    assert sorted(read_codes(picture)) == sorted(texts)


def test_a_picture_without_a_code_holds_none() -> None:
    assert read_codes(png([b"\0" + b"\xff" * 64] * 64, width=64, depth=8, colour=0)) == ()


def test_a_text_too_long_for_a_code_is_refused() -> None:
    with pytest.raises(InputRefused, match="5000 characters are more than a QR code holds"):
        write_qr_png("A" * 5000)
