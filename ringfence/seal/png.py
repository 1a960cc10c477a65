"""PNG pictures (ISO/IEC 15948) as grey values, for reading codes; zxing-cpp itself takes only decoded pictures.

Every depth and colour type is read, interlaced pictures are not. Transparent pixels count as lying on white paper.
"""

import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ringfence.errors import InputRefused

SIGNATURE = b"\x89PNG\r\n\x1a\n"
MAX_BYTES = 1 << 24  # unpacked: 2048 x 2048 in full colour, 4096 x 4096 in grey; a code needs far less
MAX_SIDE = 1 << 13  # pixels: the work grows with width and height, not with the bytes alone
GREY, RGB, PALETTE, GREY_ALPHA, RGB_ALPHA = 0, 2, 3, 4, 6
CHANNELS = {GREY: 1, RGB: 3, PALETTE: 1, GREY_ALPHA: 2, RGB_ALPHA: 4}
DEPTHS = {GREY: (1, 2, 4, 8, 16), RGB: (8, 16), PALETTE: (1, 2, 4, 8), GREY_ALPHA: (8, 16), RGB_ALPHA: (8, 16)}
LEFT, UP, PAETH = 1, 2, 4  # of the filter types: none, left, up, mean, Paeth
BYTE, WHITE = 8, 255
LUMA = np.array([77, 150, 29], np.uint16)  # ITU-R BT.601, in 256ths

Bytes = npt.NDArray[np.uint8]


@dataclass(frozen=True, kw_only=True)
class Layout:
    """How a picture's bytes lie: width and height in pixels, bits a sample, and the colour type."""

    width: int
    height: int
    depth: int
    colour: int

    @property
    def row_bytes(self) -> int:
        """Bytes a row, without the filter byte before it."""
        return (self.width * CHANNELS[self.colour] * self.depth + 7) // 8

    @property
    def pixel_bytes(self) -> int:
        """How far back a filter looks for the pixel to the left (section 9.2)."""
        return max(1, CHANNELS[self.colour] * self.depth // 8)


def read_png(data: bytes, *, most_pixels: int = MAX_SIDE * MAX_SIDE) -> Bytes:
    """The picture's grey values, shape (height, width), 0 black to 255 white.

    InputRefused when the bytes are no PNG, are damaged, interlaced, or larger than allowed.
    """
    try:
        chunks = list(_chunks(data))
        layout = _layout(chunks[0], most_pixels=most_pixels)
        packed = b"".join(body for name, body in chunks if name == b"IDAT")
        rows = _unfiltered(_unpacked(packed, layout=layout), layout=layout)
        return _grey(_samples(rows, layout=layout), layout=layout, chunks=dict(chunks))
    except (ValueError, IndexError, struct.error, zlib.error) as error:
        raise InputRefused("the picture is no PNG that can be read; save it as a plain PNG") from error


def _chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Name and body of each chunk up to IEND (section 5.3)."""
    if not data.startswith(SIGNATURE):
        raise ValueError("no PNG signature")
    start, name = len(SIGNATURE), b""
    while name != b"IEND":
        size, name = struct.unpack_from(">I4s", data, start)
        body = data[start + 8 : start + 8 + size]
        (checksum,) = struct.unpack_from(">I", data, start + 8 + size)
        if zlib.crc32(name + body) != checksum:
            raise ValueError("a chunk is damaged")
        yield name, body
        start += 12 + size


def _layout(chunk: tuple[bytes, bytes], *, most_pixels: int) -> Layout:
    """The layout that the header chunk names (section 11.2.1), if it is one of those read here."""
    name, body = chunk
    width, height, depth, colour, compression, filtering, interlace = struct.unpack(">IIBBBBB", body)
    if name != b"IHDR" or depth not in DEPTHS.get(colour, ()) or compression or filtering or interlace:
        raise ValueError("a layout that is not read")
    layout = Layout(width=width, height=height, depth=depth, colour=colour)
    if not (0 < width <= MAX_SIDE and 0 < height <= MAX_SIDE) or height * (1 + layout.row_bytes) > MAX_BYTES:
        raise ValueError("an empty picture, or one too large")
    if width * height > most_pixels:
        raise ValueError("more pixels than the reader has time for")
    return layout


def _unpacked(packed: bytes, *, layout: Layout) -> Bytes:
    """The filtered rows, shape (height, 1 + row_bytes); never more than the layout asks for."""
    size = layout.height * (1 + layout.row_bytes)
    stream = zlib.decompressobj()
    plain = stream.decompress(packed, size)
    if len(plain) != size:
        raise ValueError("the picture breaks off")
    return np.frombuffer(plain, np.uint8).reshape(layout.height, -1)


def _unfiltered(filtered: Bytes, *, layout: Layout) -> Bytes:
    """The rows with their filters undone (section 9), shape (height, row_bytes)."""
    highest = filtered[:, 0].max()
    if highest > PAETH:
        raise ValueError("an unknown filter")
    undo = _unfiltered_by_row if highest <= UP else _unfiltered_by_diagonal
    return undo(filtered, layout=layout)


def _unfiltered_by_row(filtered: Bytes, *, layout: Layout) -> Bytes:
    """Where rows look left or up only: a row that looks left is a sum along it, a run that looks up one down it."""
    kinds = filtered[:, 0]
    rows = filtered[:, 1:].reshape(layout.height, -1, layout.pixel_bytes).copy()
    rows[kinds == LEFT] = np.cumsum(rows[kinds == LEFT], axis=1, dtype=np.uint8)
    edges = np.flatnonzero(np.diff(kinds == UP, prepend=False, append=False))
    for start, end in edges.reshape(-1, 2).tolist():
        first = max(start - 1, 0)  # above the first row lies nothing
        rows[first:end] = np.cumsum(rows[first:end], axis=0, dtype=np.uint8)
    return rows.reshape(layout.height, -1)


def _unfiltered_by_diagonal(filtered: Bytes, *, layout: Layout) -> Bytes:
    """Any filters: a byte needs the pixels left of it, above it and above that one, so a diagonal is done at once.

    The array carries a row and a column of zeros, so that a step of `columns` in its flat form walks down a diagonal.
    """
    kinds, step = filtered[:, :1], layout.pixel_bytes
    height, columns = layout.height, layout.row_bytes // step
    width = columns + 1
    padded = np.zeros((height + 1, width, step), np.uint8)
    padded[1:, 1:] = filtered[:, 1:].reshape(height, columns, step)
    flat = padded.reshape(-1, step)
    for diagonal in range(height + columns - 1):
        top, bottom = max(0, diagonal - columns + 1), min(height - 1, diagonal)
        start, end = (top + 1) * width + diagonal - top + 1, (bottom + 1) * width + diagonal - bottom + 2
        left, up, corner = (flat[start - back : end - back : columns] for back in (1, width, width + 1))
        flat[start:end:columns] += _predicted(kinds[top : bottom + 1], left=left, up=up, corner=corner)
    return padded[1:, 1:].reshape(height, -1)


def _predicted(kinds: Bytes, *, left: Bytes, up: Bytes, corner: Bytes) -> Bytes:
    """What each row's filter expects of a pixel (section 9.2 to 9.4): nothing, left, up, their mean, Paeth's choice."""
    beside, above, across = left.astype(np.int16), up.astype(np.int16), corner.astype(np.int16)
    to_left, to_up, to_corner = abs(above - across), abs(beside - across), abs(beside + above - 2 * across)
    nearest = np.where(to_up <= to_corner, up, corner)
    paeth = np.where((to_left <= to_up) & (to_left <= to_corner), left, nearest)
    mean = ((beside + above) >> 1).astype(np.uint8)
    return np.choose(kinds, (np.zeros_like(left), left, up, mean, paeth))


def _samples(rows: Bytes, *, layout: Layout) -> Bytes:
    """The samples as they are coded, shape (height, width, channels); of 16 bits the upper 8."""
    if layout.depth > BYTE:
        rows = rows[:, ::2]
    elif layout.depth < BYTE:
        bits = np.unpackbits(rows, axis=1).reshape(layout.height, -1, layout.depth)
        rows = (bits @ (1 << np.arange(layout.depth, dtype=np.uint8)[::-1]))[:, : layout.width]
    return rows.reshape(layout.height, layout.width, CHANNELS[layout.colour])


def _grey(samples: Bytes, *, layout: Layout, chunks: dict[bytes, bytes]) -> Bytes:
    """Grey values, shape (height, width)."""
    if layout.colour == PALETTE:
        return _palette(chunks)[samples[:, :, 0]]
    if layout.colour in {RGB, RGB_ALPHA}:
        grey = _luma(samples[:, :, :3])
    else:
        grey = samples[:, :, 0] * np.uint8(WHITE // ((1 << min(layout.depth, BYTE)) - 1))
    return _on_white(grey, alpha=samples[:, :, -1]) if layout.colour in {GREY_ALPHA, RGB_ALPHA} else grey


def _palette(chunks: dict[bytes, bytes]) -> Bytes:
    """The grey value of each colour of the palette."""
    colours = np.frombuffer(chunks.get(b"PLTE", b""), np.uint8).reshape(-1, 3)
    alpha = np.full(len(colours), WHITE, np.uint8)
    opacities = np.frombuffer(chunks.get(b"tRNS", b""), np.uint8)
    alpha[: len(opacities)] = opacities
    return _on_white(_luma(colours), alpha=alpha)


def _luma(colours: Bytes) -> Bytes:
    return (colours @ LUMA >> BYTE).astype(np.uint8)


def _on_white(grey: Bytes, *, alpha: Bytes) -> Bytes:
    return (WHITE - (WHITE - grey.astype(np.uint16)) * alpha // WHITE).astype(np.uint8)
