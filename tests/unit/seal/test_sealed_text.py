"""Sealed texts: bound to their kind, their time and their key, and no character of them can be changed."""

import string
import zlib
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from cryptography import x509
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from seal_authority import Authority
from seal_oracle import bstr, mapping, tag, tstr

from ringfence.errors import InputRefused, TokenRefused
from ringfence.seal import (
    FileSigner,
    Header,
    Keys,
    Stage,
    keys_by_id,
    read_codes,
    read_text,
    sign_message,
    sign_text,
    usage_of,
    verifying_key,
    write_qr_png,
)
from ringfence.seal.sealed_text import TEXT_LIMIT, _armoured

FIXED = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=60)
DAY = timedelta(days=1)
CLAIMS = {"order": 4711, "measure": "home_quarantine", "from_day": 19052, "to_day": 19066}
SIMPLE = st.none() | st.booleans() | st.integers(-(2**64), 2**64 - 1) | st.binary(max_size=40) | st.text(max_size=40)
CLAIM_SETS = st.dictionaries(
    st.text(max_size=8),
    st.recursive(
        SIMPLE, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3)
    ),
    max_size=4,
)


def stage_of(text: str, *, trust: Keys, now: datetime, kind: str = "order_paper", **options: int) -> Stage:
    with pytest.raises(TokenRefused) as refused:
        read_text(text, kind=kind, trust=trust, now=now, **options)
    stage = refused.value.values["stage"]
    assert isinstance(stage, Stage)
    return stage


@FIXED
@given(claims=CLAIM_SETS)
def test_what_is_sealed_is_read_back(claims: dict[str, object], signer: FileSigner, trust: Keys, now: datetime) -> None:
    text = sign_text("order_paper", claims=claims, signer=signer, now=now, expires_at=now + DAY)
    sealed = read_text(text, kind="order_paper", trust=trust, now=now)
    assert (sealed.kind, sealed.claims, sealed.key_id) == ("order_paper", claims, signer.key_id)
    assert (sealed.issued_at, sealed.expires_at) == (now, now + DAY)


@pytest.fixture
def paper(signer: FileSigner, now: datetime) -> str:
    return sign_text("order_paper", claims=CLAIMS, signer=signer, now=now, expires_at=now + DAY)


def test_a_sealed_text_can_stand_in_an_address_and_in_a_code(paper: str) -> None:
    assert set(paper) <= set(string.ascii_letters + string.digits + "-._~")  # RFC 3986 section 2.3: unreserved
    assert read_codes(write_qr_png(paper)) == (paper,)


@pytest.mark.parametrize("kind", ["link", "exit_certificate", "order_paper2", "ORDER_PAPER", ""])
def test_a_text_of_one_kind_is_never_taken_for_another(paper: str, trust: Keys, now: datetime, kind: str) -> None:
    assert stage_of(paper, trust=trust, now=now, kind=kind) is Stage.KIND


def test_a_text_holds_from_its_issue_until_it_expires(paper: str, trust: Keys, now: datetime) -> None:
    second = timedelta(seconds=1)
    for instant in (now, now + DAY - second):
        read_text(paper, kind="order_paper", trust=trust, now=instant)
    for instant in (now - second, now + DAY, now + 100 * DAY):
        assert stage_of(paper, trust=trust, now=instant) is Stage.PERIOD


def test_a_text_without_an_end_holds_when_its_key_no_longer_does(authority: Authority, now: datetime) -> None:
    signer, certificate = authority.signer(now, days=30)
    text = sign_text("order_paper", claims=CLAIMS, signer=signer, now=now, expires_at=None)
    trust = keys_by_id([verifying_key(certificate)])
    assert read_text(text, kind="order_paper", trust=trust, now=now + 400 * DAY).expires_at is None


@pytest.mark.parametrize("days", [-1, 31])
def test_a_text_signed_outside_its_keys_time_is_refused(authority: Authority, now: datetime, days: int) -> None:
    signer, certificate = authority.signer(now + DAY, days=29)
    trust = keys_by_id([verifying_key(certificate)])
    signed_at = now + DAY + days * DAY
    text = sign_text("order_paper", claims=CLAIMS, signer=signer, now=signed_at, expires_at=None)
    assert stage_of(text, trust=trust, now=now + 100 * DAY) is Stage.PERIOD


def test_fractions_of_a_second_never_make_a_text_hold_longer(signer: FileSigner, trust: Keys, now: datetime) -> None:
    end = now + timedelta(seconds=10, microseconds=999_999)
    text = sign_text("link", claims={}, signer=signer, now=now + timedelta(microseconds=999_999), expires_at=end)
    sealed = read_text(text, kind="link", trust=trust, now=now + timedelta(microseconds=999_999))
    assert (sealed.issued_at, sealed.expires_at) == (now, now + timedelta(seconds=10))


@pytest.mark.parametrize("later", [timedelta(0), -DAY, timedelta(microseconds=1)])
def test_nothing_is_sealed_that_would_never_hold(signer: FileSigner, now: datetime, later: timedelta) -> None:
    with pytest.raises(InputRefused, match="before it is issued"):
        sign_text("link", claims={}, signer=signer, now=now, expires_at=now + later)


def test_a_key_limited_to_a_purpose_seals_that_kind_only(authority: Authority, now: datetime) -> None:
    signer, certificate = authority.signer(now, usage_of("link"))
    trust = keys_by_id([verifying_key(certificate)])
    for kind, is_allowed in (("link", True), ("exit_certificate", False)):
        text = sign_text(kind, claims={}, signer=signer, now=now, expires_at=None)
        if is_allowed:
            assert read_text(text, kind=kind, trust=trust, now=now).claims == {}
        else:
            assert stage_of(text, trust=trust, now=now, kind=kind) is Stage.USAGE


def test_a_laboratorys_key_for_test_certificates_seals_no_order(authority: Authority, now: datetime) -> None:
    signer, certificate = authority.signer(now, "1.3.6.1.4.1.1847.2021.1.1")
    text = sign_text("order_paper", claims=CLAIMS, signer=signer, now=now, expires_at=None)
    assert stage_of(text, trust=keys_by_id([verifying_key(certificate)]), now=now) is Stage.USAGE


def test_a_stranger_can_seal_nothing(paper: str, authority: Authority, now: datetime) -> None:
    _, other = authority.signer(now)
    assert stage_of(paper, trust=keys_by_id([verifying_key(other)]), now=now) is Stage.KEY_ID
    assert stage_of(paper, trust={}, now=now) is Stage.KEY_ID


# ---- every change is noticed


def test_no_character_can_be_exchanged_left_out_or_doubled(paper: str, trust: Keys, now: datetime) -> None:
    for index, character in enumerate(paper):
        turned = "A" if character != "A" else "B"
        for changed in (turned, character.swapcase(), "", character * 2, "=", " ", "é", "+", "/"):
            if changed != character:
                stage_of(paper[:index] + changed + paper[index + 1 :], trust=trust, now=now)


@pytest.mark.verify
def test_no_character_can_be_any_other_character(paper: str, trust: Keys, now: datetime) -> None:
    for index, character in enumerate(paper):
        for other in set(string.printable) - {character}:
            stage_of(paper[:index] + other + paper[index + 1 :], trust=trust, now=now)


@pytest.mark.parametrize("around", ["{} ", " {}", "{}\n", "{}=", "{}==", "{}.", "{}A", "rf1{}", "RF1.{}", "HC1:{}"])
def test_nothing_may_stand_around_a_sealed_text(paper: str, trust: Keys, now: datetime, around: str) -> None:
    stage_of(around.format(paper), trust=trust, now=now)


@FIXED
@given(text=st.text(max_size=80))
def test_any_text_is_refused(text: str, trust: Keys, now: datetime) -> None:
    stage_of(text, trust=trust, now=now)
    stage_of("RF1." + text, trust=trust, now=now)


# ---- what even a trusted key cannot make a reader do


def sealed_by_hand(signer: FileSigner, payload: bytes, kind: str = "order_paper") -> str:
    headers = {Header.TYPE: f"application/vnd.ringfence.{kind}"}
    return _armoured(sign_message(payload, signer=signer, headers=headers))


def claims_set(*pairs: tuple[bytes, bytes]) -> bytes:
    """The claims set issued at 2022-03-01 04:00 UTC, with whatever else it holds."""
    return zlib.compress(mapping((b"\x06", bytes.fromhex("1a621d9a40")), *pairs))


OURS = bytes.fromhex("3a00010000")  # -65537
EMPTY = (OURS, b"\xa0")
BY_HAND = [
    pytest.param(Stage.COMPRESSION, b"", id="no stream"),
    pytest.param(Stage.COMPRESSION, b"not compressed", id="not compressed"),
    pytest.param(Stage.COMPRESSION, claims_set(EMPTY)[:-1], id="a stream that breaks off"),
    pytest.param(Stage.COMPRESSION, claims_set(EMPTY) + b"\0", id="a byte after the stream"),
    pytest.param(Stage.COMPRESSION, claims_set(EMPTY) * 2, id="two streams"),
    pytest.param(Stage.COMPRESSION, claims_set(EMPTY)[:-4] + bytes(4), id="a wrong checksum"),
    pytest.param(Stage.COMPRESSION, zlib.compress(bytes(TEXT_LIMIT + 1)), id="a byte more than allowed"),
    pytest.param(Stage.COMPRESSION, zlib.compress(bytes(30_000_000)), id="a bomb"),
    pytest.param(Stage.CBOR, zlib.compress(b""), id="nothing compressed"),
    pytest.param(Stage.CBOR, zlib.compress(b"\xa0\0"), id="a byte after the claims"),
    pytest.param(Stage.CBOR, zlib.compress(b"\x81" * 60_000), id="nested too deep"),
    pytest.param(Stage.CBOR, claims_set(EMPTY, EMPTY), id="claims twice"),
    pytest.param(Stage.CBOR, claims_set((OURS, mapping((tstr("at"), tag(1, b"\0"))))), id="a date"),
    pytest.param(Stage.CLAIMS, zlib.compress(b"\xa0"), id="no claims"),
    pytest.param(Stage.CLAIMS, zlib.compress(b"\x80"), id="a list"),
    pytest.param(Stage.CLAIMS, zlib.compress(mapping(EMPTY)), id="no time of issue"),
    pytest.param(Stage.CLAIMS, claims_set(), id="nothing claimed"),
    pytest.param(Stage.CLAIMS, claims_set((OURS, b"\x80")), id="claims that are a list"),
    pytest.param(Stage.CLAIMS, claims_set(EMPTY, (b"\x05", b"\0")), id="a claim nobody knows"),
    pytest.param(Stage.CLAIMS, claims_set(EMPTY, (b"\x04", tstr("later"))), id="an expiry that is a text"),
    pytest.param(Stage.CLAIMS, claims_set(EMPTY, (b"\x04", bytes.fromhex("f97e00"))), id="an expiry that is NaN"),
    pytest.param(Stage.CLAIMS, claims_set(EMPTY, (b"\x04", bytes.fromhex("f97c00"))), id="an expiry that is endless"),
    pytest.param(Stage.CLAIMS, claims_set(EMPTY, (b"\x04", b"\xf6")), id="an expiry that is null"),
    pytest.param(Stage.CLAIMS, claims_set(EMPTY, (b"\x04", b"\x20")), id="an expiry before 1970"),
    pytest.param(
        Stage.CLAIMS, claims_set(EMPTY, (b"\x04", bytes.fromhex("1bffffffffffffffff"))), id="an expiry after all time"
    ),
]


def test_a_text_sealed_by_hand_is_believed(signer: FileSigner, trust: Keys, now: datetime) -> None:
    text = sealed_by_hand(signer, claims_set((OURS, mapping((tstr("order"), bstr(b"4711"))))))
    sealed = read_text(text, kind="order_paper", trust=trust, now=now)
    assert (sealed.claims, sealed.issued_at) == ({"order": b"4711"}, now)


@pytest.mark.parametrize(("stage", "payload"), BY_HAND)
def test_a_sound_signature_makes_no_unsound_content_pass(
    signer: FileSigner, trust: Keys, now: datetime, stage: Stage, payload: bytes
) -> None:
    assert stage_of(sealed_by_hand(signer, payload), trust=trust, now=now) is stage


def test_a_type_outside_the_signature_counts_for_nothing(signer: FileSigner, trust: Keys, now: datetime) -> None:
    assert stage_of(_armoured(sign_message(claims_set(EMPTY), signer=signer)), trust=trust, now=now) is Stage.KIND


def test_a_text_longer_than_allowed_is_not_even_decoded(trust: Keys, now: datetime) -> None:
    assert stage_of("RF1." + "A" * TEXT_LIMIT, trust=trust, now=now) is Stage.TEXT
    assert stage_of("RF1.AAAA", trust=trust, now=now, limit=7) is Stage.TEXT
    assert stage_of("RF1.AAAA", trust=trust, now=now, limit=8) is Stage.COSE


def test_what_cannot_be_read_back_is_not_sealed(signer: FileSigner, now: datetime) -> None:
    with pytest.raises(TokenRefused):
        sign_text("link", claims={"until": now}, signer=signer, now=now, expires_at=None)


def test_two_trusted_keys_with_one_id_are_both_tried(
    signing: tuple[FileSigner, x509.Certificate], authority: Authority, now: datetime
) -> None:
    signer, certificate = signing
    text = sign_text("link", claims={}, signer=signer, now=now, expires_at=None)
    mine, (_, stranger) = verifying_key(certificate), authority.signer(now)
    twin = replace(verifying_key(stranger), key_id=mine.key_id)
    assert read_text(text, kind="link", trust=keys_by_id([twin, mine]), now=now).key_id == mine.key_id
