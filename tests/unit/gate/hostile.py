"""Forged, malformed, replayed and swollen certificates: for each stage, inputs that pass every stage before it."""

import gzip
import math
import zlib
from collections.abc import Iterator
from typing import Any

from cbor2 import CBORTag, dumps, loads
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from gate_lab import Laboratory, found_laboratory, payload

from ringfence.gate import Stage
from ringfence.gate.base45 import write_base45
from ringfence.gate.hc1 import PREFIX, write_hc1
from ringfence.gate.key_usage import RECOVERY_USAGE, TEST_USAGE, VACCINATION_USAGE
from ringfence.seal import deflate

P256_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
DEEP = 5_000
Shown = tuple[str, Laboratory]

VACCINATION = {"tg": "840539006", "vp": "J07BX03", "mp": "CoronaVac", "ma": "Sinovac-Biotech", "dn": 2, "sd": 2,
               "dt": "2021-08-01", "co": "CN", "is": "centre 7", "ci": "URN:UVCI:01:CN:V1"}  # fmt: skip
RECOVERY = {"tg": "840539006", "fr": "2021-12-01", "co": "CN", "is": "centre 7", "df": "2021-12-12",
            "du": "2022-06-01", "ci": "URN:UVCI:01:CN:R1"}  # fmt: skip


def hostile(stage: Stage, laboratory: Laboratory) -> list[Shown]:
    """What is shown, and the laboratory whose key the gate believes."""
    return list(HOSTILE[stage](laboratory))


def unprefixed(laboratory: Laboratory) -> Iterator[Shown]:
    good = laboratory.hc1(payload())
    body = good.removeprefix(PREFIX)
    for prefix in ("", "HC2:", "HC0:", "hc1:", "HC1", "HC1;", " HC1:", "\nHC1:", "\ufeffHC1:", "\x00HC1:", "HC1：",
                   "ＨＣ１:", "HCI:", "HC10:", "H C1:", "HC1 :", "dcc:", "HC1.", "1HC:"):  # fmt: skip
        yield prefix + body, laboratory
    yield "", laboratory
    yield "X" * 5_000_000, laboratory
    yield "\ud800", laboratory


def base45(laboratory: Laboratory) -> Iterator[Shown]:
    body = laboratory.hc1(payload()).removeprefix(PREFIX)
    whole = body[: len(body) // 3 * 3]
    for changed in (
        *(body + ending for ending in ("\n", "\r\n", "\t", "\x00", "=", "_", "a", "é", "１", "\ud800", "😀", ",")),
        *(whole[:30] + triple + whole[33:] for triple in ("GGW", ":::", "ZZZ", "FGX", "abc", "#00")),
        *(whole + ending for ending in ("0", "::", "V5", "U6")),
        body.lower(),
        whole + "0" * 5_000,
        "A" * 4_300,
        "0" * 3_000_000,
    ):
        yield PREFIX + changed, laboratory


def zlib_(laboratory: Laboratory) -> Iterator[Shown]:
    message = laboratory.sign(laboratory.claims(payload()))
    packed = deflate(message)
    raw = zlib.compressobj(9, zlib.DEFLATED, -15)
    with_dictionary = zlib.compressobj(zdict=b"HC1")
    for changed in (
        *(packed[:size] for size in (0, 1, 2, 3, 10, len(packed) - 4, len(packed) - 1)),
        *(packed + ending for ending in (b"\x00", b"\x00\x00", packed, b"x" * 100)),
        packed[:-1] + bytes([packed[-1] ^ 1]),
        bytes([packed[0] ^ 0x80]) + packed[1:],
        message,
        gzip.compress(message),
        raw.compress(message) + raw.flush(),
        with_dictionary.compress(message) + with_dictionary.flush(),
        zlib.compress(bytes(2_800_000), 9),
        zlib.compress(b"\xd2\x84" * 500_000, 9),
        zlib.compress(message + bytes(1 << 14), 9),
        b"\x78\x9c" + bytes(2_000),
    ):
        yield PREFIX + write_base45(changed), laboratory


def cose(laboratory: Laboratory) -> Iterator[Shown]:
    protected, unprotected, inner, signature = loads(laboratory.sign(laboratory.claims(payload()))).value
    parts = [protected, unprotected, inner, signature]
    critical = dumps({1: -7, 2: ["exp"], 4: laboratory.signer.key_id})
    for changed in (
        *(dumps(CBORTag(tag, parts)) for tag in (16, 17, 61, 96, 97, 98)),
        *(dumps(CBORTag(outer, CBORTag(inside, parts))) for outer, inside in ((18, 18), (61, 61), (18, 61))),
        *(dumps(CBORTag(18, few)) for few in (parts[:3], [*parts, b""], [], {}, parts[0], "text", 7)),
        *(
            dumps(CBORTag(18, [*parts[:place], wrong, *parts[place + 1 :]]))
            for place, wrong in (
                (0, {}), (0, b"\x80"), (0, b"\xff"), (0, b"\xa2\x01\x26\x01\x26"), (0, dumps({True: 1})), (0, critical),
                (1, []), (1, {2: [1]}), (1, {1.5: 1}), (2, None), (2, "text"), (3, None), (3, ""),
            )
        ),
        dumps(CBORTag(18, parts)) + b"\x00",
        dumps(CBORTag(18, parts))[:-1],
        *(head + b"\xff" * 8 for head in (b"\x9b", b"\xbb", b"\x5b", b"\x7b", b"\xdb")),
        b"\x81" * DEEP + b"\x80",
        b"\xa1\x01" * DEEP + b"\x80",
        b"\xd2" * DEEP + b"\x80",
        b"\x9f" * DEEP,
        dumps({"sub": "nobody", 4: 2**40}),  # an unsigned claims set, which python-cwt 3.3 takes for a verified one
    ):  # fmt: skip
        yield write_hc1(changed), laboratory


def cbor(laboratory: Laboratory) -> Iterator[Shown]:
    good = laboratory.claims(payload())
    entries = dumps(payload())
    for signed in (
        b"", b"\xff", b"\x1c", dumps([]), dumps("text"), dumps(7), dumps(None), dumps({}), dumps({4: 1, 6: 1}),
        dumps({**good, -260: None}), dumps({**good, -260: []}), dumps({**good, -260: {}}),
        dumps({**good, -260: {2: payload()}}), dumps({**good, -260: {1: []}}), dumps({**good, -260: {1: entries}}),
        dumps({**good, -260: dumps({1: payload()})}), dumps(good) + b"\x00", dumps(good)[:-1],
        b"\xa2\x04\x01\x04\x02", dumps({**good, 7: CBORTag(2, b"\xff" * 9)}), dumps({**good, 7: CBORTag(258, [1])}),
        dumps({**good, 7: CBORTag(4, [2**60, 1])}), dumps({**good, 7: CBORTag(35, "(a+)+$")}),
        dumps({**good, 7: CBORTag(28, [])}), dumps({**good, 7: CBORTag(1, 2**62)}), b"\x81" * DEEP + b"\x80",
        b"\xa1\x01" * DEEP + b"\x80", b"\x9f" * DEEP, b"\xbb" + b"\xff" * 8, b"\x5b\x7f" + b"\xff" * 7,
    ):  # fmt: skip
        yield write_hc1(laboratory.sign(signed)), laboratory


def signature(laboratory: Laboratory) -> Iterator[Shown]:
    stranger = found_laboratory(laboratory.now, TEST_USAGE)
    protected, _, inner, made = loads(laboratory.sign(laboratory.claims(payload()))).value
    other = loads(laboratory.sign(laboratory.claims(payload(ci="URN:UVCI:01:CN:7/2")))).value[3]
    r, s = int.from_bytes(made[:32]), int.from_bytes(made[32:])
    key_id = laboratory.signer.key_id
    for forged in (
        b"", bytes(64), made[:-1], made + b"\x00", made[32:] + made[:32], other, encode_dss_signature(r, s),
        bytes(32) + made[32:], made[:32] + bytes(32), P256_ORDER.to_bytes(32) + made[32:],
        made[:32] + P256_ORDER.to_bytes(32), bytes([made[0] ^ 1]) + made[1:], made[:-1] + bytes([made[-1] ^ 1]),
        b"\xff" * 64, stranger.signer.sign(inner), bytes(10_000),
    ):  # fmt: skip
        yield write_hc1(dumps(CBORTag(18, [protected, {}, inner, forged]))), laboratory
    for header in ({4: key_id}, {1: -7}, {}, {1: -7, 4: b""}, {1: -7, 4: key_id.hex()}, {1: -7, 4: bytes(8)},
                   {1: -37, 4: key_id}, {1: -35, 4: key_id}, {1: 5, 4: key_id}, {1: 0, 4: key_id},
                   {1: "none", 4: key_id}, {1: None, 4: key_id}, {1: -7.0, 4: key_id},
                   {1: -7, 4: stranger.signer.key_id}):  # fmt: skip
        yield write_hc1(dumps(CBORTag(18, [dumps(header), {}, inner, made]))), laboratory
    changed = dumps({**loads(inner), 4: 2**40})
    yield write_hc1(dumps(CBORTag(18, [protected, {}, changed, made]))), laboratory
    yield stranger.hc1(payload()), laboratory
    yield laboratory.hc1(payload()), stranger
    borrowed = type(stranger.signer)(stranger.signer.private_key, key_id)
    yield Laboratory(borrowed, laboratory.trust, laboratory.now).hc1(payload()), laboratory


def key_usage(laboratory: Laboratory) -> Iterator[Shown]:
    person = {key: payload()[key] for key in ("ver", "nam", "dob")}
    groups: dict[str, list[Any]] = {"t": payload()["t"], "v": [VACCINATION], "r": [RECOVERY]}
    entitled = {"t": TEST_USAGE, "v": VACCINATION_USAGE, "r": RECOVERY_USAGE}
    for own, usage in entitled.items():
        limited = found_laboratory(laboratory.now, usage, "1.3.6.1.5.5.7.3.1")
        for shown in ("tvr".replace(own, ""), "tvr", own + "tvr".replace(own, "")[0], *"tvr".replace(own, ""), ""):
            yield limited.hc1({**person, **{key: groups[key] for key in shown}}), limited
    day = 86_400
    now = int(laboratory.now.timestamp())
    for issued in (now - 2 * day, now - day - 1, now - 400 * day, 0):
        yield laboratory.hc1(payload(), iat=issued, exp=now + day), laboratory


def expired(laboratory: Laboratory) -> Iterator[Shown]:
    now = laboratory.now.timestamp()
    for exp in (None, now - 1, now - 0.001, 0, -1, True, "2030-01-01", str(now + 9), math.nan, math.inf, -math.inf,
                2**63, -(2**63), 1e300, 253_402_300_800, b"\x7f\xff", [now + 9], {}, now - 86_400 * 365):  # fmt: skip
        yield laboratory.hc1(payload(), exp=exp), laboratory
    own = {key: type(one)(**{**vars(one), "period": None}) for key, [one] in laboratory.trust.items()}
    unlimited = Laboratory(laboratory.signer, {key: (one,) for key, one in own.items()}, laboratory.now)
    for iat in (None, now + 1, now + 0.001, True, "", math.nan, math.inf, 2**63, [now], now + 86_400 * 365):
        yield unlimited.hc1(payload(), iat=iat), unlimited


def schema(laboratory: Laboratory) -> Iterator[Shown]:
    good = payload()
    for field, wrong in (
        ("tg", 840539006), ("tt", None), ("tr", None), ("sc", None), ("co", None), ("is", None), ("ci", None),
        ("sc", "2022-03-01T11:00:00"), ("sc", "2022-03-01"), ("sc", "2022-02-30T11:00:00Z"), ("sc", 1646103600),
        ("sc", ""), ("tc", "x" * 81), ("ci", "x" * 81), ("is", "x" * 5_000), ("nm", 7), ("co", "cn"), ("co", ""),
        ("tr", ["260415000"]), ("tr", True),
    ):  # fmt: skip
        yield laboratory.hc1(payload(**{field: wrong})), laboratory
    for changes in (
        {"ver": 1}, {"ver": "1"}, {"ver": None}, {"nam": None}, {"nam": "ZHANG"}, {"nam": {}}, {"nam": {"fnt": "张"}},
        {"nam": {"fnt": "zhang"}}, {"nam": {"fnt": "A" * 81}}, {"nam": {"fnt": "A", "fn": None}}, {"dob": None},
        {"dob": "1980-1-1"}, {"dob": "1880-01-01"}, {"dob": "1980-01-01T00:00:00"}, {"dob": 1980}, {"t": good["t"] * 2},
        {"t": good["t"][0]}, {"t": [None]}, {"t": ["x"]}, {"t": {"0": good["t"][0]}}, {"v": None}, {"v": []},
    ):  # fmt: skip
        yield laboratory.hc1({**good, **changes}), laboratory


HOSTILE = {
    Stage.UNPREFIXED: unprefixed,
    Stage.BASE45: base45,
    Stage.ZLIB: zlib_,
    Stage.COSE: cose,
    Stage.CBOR: cbor,
    Stage.SIGNATURE: signature,
    Stage.KEY_USAGE: key_usage,
    Stage.EXPIRED: expired,
    Stage.SCHEMA: schema,
}
