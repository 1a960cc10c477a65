"""No wrong admits and no crashes: at least fifteen hostile inputs a stage, each bounded in time and memory."""

import struct
import time
import tracemalloc
import zlib

import numpy as np
import pytest
from cbor2 import CBORTag
from gate_lab import Laboratory, payload
from hostile import HOSTILE, hostile

from ringfence.gate import Decision, Stage, read_picture, verify
from ringfence.seal import write_qr_png
from ringfence.seal.png import read_png

STAGES = list(Stage)
MOST_SECONDS = 0.05
MOST_BYTES = 64 << 20


@pytest.mark.parametrize("stage", STAGES)
def test_what_fails_at_a_stage_passed_all_before_it_and_is_never_admitted(laboratory: Laboratory, stage: Stage) -> None:
    shown = hostile(stage, laboratory)
    assert len(shown) >= 15
    before = STAGES[: STAGES.index(stage)]
    for number, (text, believed) in enumerate(shown):
        found = verify(text, trust=believed.trust, now=believed.now)
        assert not found.verdict.admits, (number, text[:60])
        assert found.verdict.reason
        assert found.verdict.next_step
        assert [found.passed[one] for one in before] == [True] * len(before), (number, found.passed)
        assert found.passed[stage] is False, (number, found.passed)
        assert (found.payload is None) == (not found.passed[Stage.SIGNATURE] or not found.passed[Stage.CBOR])


@pytest.mark.parametrize("stage", STAGES)
def test_every_hostile_input_is_answered_within_50_ms_and_64_mb(laboratory: Laboratory, stage: Stage) -> None:
    for number, (text, believed) in enumerate(hostile(stage, laboratory)):
        spent = []
        for _ in range(3):  # a busy machine may stall any one of them
            began = time.process_time()
            verify(text, trust=believed.trust, now=believed.now)
            spent.append(time.process_time() - began)
        assert min(spent) <= MOST_SECONDS, (number, spent)
        tracemalloc.start()
        verify(text, trust=believed.trust, now=believed.now)
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert most <= MOST_BYTES, (number, most)


def test_the_certificate_they_are_all_made_from_is_admitted(laboratory: Laboratory) -> None:
    found = verify(laboratory.hc1(payload()), trust=laboratory.trust, now=laboratory.now)
    assert found.verdict.decision is Decision.ADMIT
    assert set(found.passed.values()) == {True}
    assert set(HOSTILE) == set(Stage)


def test_times_that_are_not_whole_and_tagged_dates_are_read(laboratory: Laboratory) -> None:
    issued = laboratory.now.timestamp() - 60.5
    tagged = payload(sc=CBORTag(0, "2022-03-01T03:00:00Z"))
    for shown in (laboratory.hc1(payload(), iat=issued, exp=issued + 90.5), laboratory.hc1(tagged)):
        assert verify(shown, trust=laboratory.trust, now=laboratory.now).verdict.admits


@pytest.mark.parametrize("dob", ["1963", "1963-00", "1963-01", "", "2099-12-31"])
def test_birth_dates_as_passports_have_them_are_read(laboratory: Laboratory, dob: str) -> None:
    shown = laboratory.hc1({**payload(), "dob": dob})
    assert verify(shown, trust=laboratory.trust, now=laboratory.now).verdict.admits


def test_of_several_codes_in_a_picture_the_one_certificate_counts_and_two_say_nothing(laboratory: Laboratory) -> None:
    first, second = (laboratory.hc1(payload(ci=f"URN:UVCI:01:CN:{number}")) for number in (1, 2))
    assert read_picture(beside(first, first)) == first
    assert read_picture(beside("a timetable", first)) == first
    assert read_picture(beside(first, second)) is None
    assert read_picture(beside("a timetable", "a menu")) is None


@pytest.mark.parametrize("picture", [b"", b"no picture", bytes(1 << 20), write_qr_png("x")[:200]])
def test_what_is_no_picture_says_nothing(picture: bytes) -> None:
    assert read_picture(picture) is None


@pytest.mark.parametrize(
    ("width", "height", "packed"),
    [
        (8_192, 8_192, zlib.compress(bytes(1 << 20))),
        (2**31 - 1, 2**31 - 1, b""),
        (1_449, 1_448, zlib.compress(bytes(1_450 * 1_448))),
        (1_448, 1_448, zlib.compress(bytes(1_449 * 1_448))),
        (1_448, 1_448, zlib.compress(b"\x02" * 1_449 * 1_448)),
        (1_024, 1_024, zlib.compress(bytes(1 << 26))),
        (1, 1, zlib.compress(bytes(1 << 26))),
    ],
)
def test_a_picture_that_swells_is_answered_in_time_and_memory(width: int, height: int, packed: bytes) -> None:
    picture = as_png(width, height, packed)
    spent = []
    for _ in range(3):
        began = time.process_time()
        assert read_picture(picture) is None
        spent.append(time.process_time() - began)
    assert min(spent) <= MOST_SECONDS
    tracemalloc.start()
    read_picture(picture)
    assert tracemalloc.get_traced_memory()[1] <= MOST_BYTES
    tracemalloc.stop()


def beside(*texts: str) -> bytes:
    """A grey picture with a code for each text, side by side on white."""
    codes = [read_png(write_qr_png(text)) for text in texts]
    height = max(code.shape[0] for code in codes)
    paper = [np.pad(code, ((0, height - code.shape[0]), (40, 40)), constant_values=255) for code in codes]
    rows = np.hstack(paper)
    filtered = np.pad(rows, ((0, 0), (1, 0))).astype(np.uint8).tobytes()
    return as_png(rows.shape[1], height, zlib.compress(filtered))


def as_png(width: int, height: int, packed: bytes) -> bytes:
    """A grey picture around packed rows, whatever they are."""
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", packed), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body)) for name, body in chunks
    )
