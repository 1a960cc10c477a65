"""Sixty seconds of certificates changed at random, at every layer: nothing crashes, and what is admitted was signed."""

import random
import time
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from cbor2 import CBORTag, dumps, loads
from gate_lab import Laboratory, found_laboratory, payload

from ringfence.gate import verify
from ringfence.gate.base45 import write_base45
from ringfence.gate.hc1 import PREFIX, read_packed, write_hc1
from ringfence.gate.key_usage import TEST_USAGE
from ringfence.seal import inflate

NOW = datetime(2022, 3, 1, 4, tzinfo=UTC)
SECONDS = 60
LONGEST = 0.25  # seconds of processor for one input, far above any; a busy machine may stall


def change_bytes(data: bytes, rng: random.Random) -> bytes:
    """A few bytes flipped, cut out, doubled, or put in."""
    changed = bytearray(data)
    for _ in range(rng.choice((1, 1, 1, 2, 5))):
        place = rng.randrange(len(changed) + 1)
        match rng.randrange(5):
            case 0 if place < len(changed):
                changed[place] ^= 1 << rng.randrange(8)
            case 1:
                del changed[place : place + rng.choice((1, 2, 8, 64))]
            case 2:
                changed[place:place] = rng.randbytes(rng.choice((1, 2, 8)))
            case 3:
                changed[place:place] = changed[place : place + rng.choice((1, 4, 32))]
            case _:
                changed[place : place + 1] = rng.choice((b"\xff", b"\x00", b"\x9f", b"\xbf", b"\xd2", b"\x5f", b"\xfb"))
    return bytes(changed)


def layers(laboratory: Laboratory, rng: random.Random) -> list[Callable[[str], str]]:
    """What changes a text at each layer; the innermost are signed again, so that every later stage is reached."""

    def text(shown: str) -> str:
        return change_bytes(shown.encode(), rng).decode("latin-1")

    def packed(shown: str) -> str:
        return PREFIX + write_base45(change_bytes(read_packed(shown.removeprefix(PREFIX)), rng))

    def message(shown: str) -> str:
        return write_hc1(change_bytes(_message(shown), rng))

    def part(shown: str) -> str:
        parts = list(loads(_message(shown)).value)
        place = rng.choice((0, 2, 3))
        parts[place] = change_bytes(parts[place], rng)
        return write_hc1(dumps(CBORTag(18, parts)))

    def signed_again(shown: str) -> str:
        return write_hc1(laboratory.sign(change_bytes(loads(_message(shown)).value[2], rng)))

    return [text, packed, message, part, signed_again]


def _message(shown: str) -> bytes:
    return inflate(read_packed(shown.removeprefix(PREFIX)), limit=1 << 14)


@pytest.mark.verify
def test_for_a_minute_nothing_crashes_and_nothing_unsigned_is_admitted() -> None:
    laboratory, rng = found_laboratory(NOW, TEST_USAGE), random.Random(8)
    shown, signed = laboratory.hc1(payload()), payload()
    *outer, signed_again = layers(laboratory, rng)
    tried, admitted, until = 0, 0, time.monotonic() + SECONDS
    while time.monotonic() < until:
        change = rng.choice([*outer, signed_again])
        text = change(shown)
        began = time.process_time()
        found = verify(text, trust=laboratory.trust, now=NOW)
        assert time.process_time() - began < LONGEST, text
        tried += 1
        if found.verdict.admits:
            admitted += 1
            assert all(found.passed.values())
            assert change is signed_again or found.payload == signed, text
    assert tried > 10_000
    assert admitted < tried / 4
