"""Revoked certificates are refused under each of their three marks, and the list is never rolled back."""

import hashlib
from datetime import datetime, timedelta

import numpy as np
import pytest
from gate_lab import Laboratory, found_laboratory, payload

from ringfence.errors import TokenRefused
from ringfence.gate import Decision, Revocations, publish_revocations, read_revocations, verify
from ringfence.gate.hc1 import read_packed, read_prefix, write_hc1
from ringfence.gate.revocations import marks_of
from ringfence.seal import Algorithm, inflate, read_message
from ringfence.terms import ReasonCode

UCI = "URN:UVCI:01:CN:7/1#Q"
P256_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551


def hashed(text: str | bytes) -> bytes:
    return hashlib.sha256(text.encode() if isinstance(text, str) else text).digest()[:16]


def signed_bytes(text: str) -> bytes:
    return inflate(read_packed(read_prefix(text)), limit=1 << 14)


def listed(laboratory: Laboratory, *hashes: bytes, held: Revocations | None = None) -> Revocations:
    text = publish_revocations(hashes, held=held, signer=laboratory.signer, now=laboratory.now)
    return read_revocations(text, trust=laboratory.trust, now=laboratory.now, held=held)


@pytest.fixture
def laboratory(now: datetime) -> Laboratory:
    return found_laboratory(now)


@pytest.mark.parametrize("mark", [UCI, "CN" + UCI, "XX" + UCI])
def test_a_pass_is_revoked_by_its_number_alone_or_with_its_country(laboratory: Laboratory, mark: str) -> None:
    shown, now = laboratory.hc1(payload()), laboratory.now
    assert verify(shown, trust=laboratory.trust, now=now, revoked=listed(laboratory, hashed("x"))).verdict.admits
    found = verify(shown, trust=laboratory.trust, now=now, revoked=listed(laboratory, hashed("x"), hashed(mark)))
    assert found.verdict.decision is Decision.REFUSE
    assert found.verdict.reason
    assert found.verdict.reason.code is ReasonCode.CERTIFICATE_REVOKED


def test_a_pass_revoked_by_its_signature_stays_revoked_when_its_bearer_turns_s_over(laboratory: Laboratory) -> None:
    message = signed_bytes(laboratory.hc1(payload()))
    signature = read_message(message).signature
    turned = signature[:32] + (P256_ORDER - int.from_bytes(signature[32:])).to_bytes(32)
    shown = write_hc1(message.replace(signature, turned))
    revoked = listed(laboratory, hashed(signature[:32]))
    assert verify(shown, trust=laboratory.trust, now=laboratory.now).verdict.admits
    assert not verify(shown, trust=laboratory.trust, now=laboratory.now, revoked=revoked).verdict.admits


def test_a_list_is_never_rolled_back_nor_given_another_content(laboratory: Laboratory) -> None:
    first = listed(laboratory, hashed("a"))
    second = listed(laboratory, hashed("b"), held=first)
    assert (second.version, len(second.marks)) == (2, 2)
    old = publish_revocations([hashed("a")], held=None, signer=laboratory.signer, now=laboratory.now)
    other = publish_revocations([hashed("c")], held=first, signer=laboratory.signer, now=laboratory.now)
    for text in (old, other):
        with pytest.raises(TokenRefused, match="would replace"):
            read_revocations(text, trust=laboratory.trust, now=laboratory.now, held=second)


def test_a_list_of_somebody_else_is_refused(laboratory: Laboratory, now: datetime) -> None:
    stranger = found_laboratory(now)
    text = publish_revocations([hashed("a")], held=None, signer=stranger.signer, now=now)
    with pytest.raises(TokenRefused):
        read_revocations(text, trust=laboratory.trust, now=now)


def test_two_million_entries_are_looked_up_as_a_plain_set_would(now: datetime) -> None:
    drawn = np.random.default_rng(8).integers(0, 2**64, 2_000_000, dtype=np.uint64)
    revoked = Revocations(version=1, issued_at=now, marks=np.unique(drawn))
    known, strange = drawn[:500], np.random.default_rng(9).integers(0, 2**64, 500, dtype=np.uint64)
    assert all(revoked.holds_any(known[place : place + 1]) for place in range(500))
    assert not any(revoked.holds_any(strange[place : place + 1]) for place in range(500))
    assert not revoked.holds_any(np.array([2**64 - 1], np.uint64)) or 2**64 - 1 in drawn


def test_an_empty_list_revokes_nothing(now: datetime) -> None:
    empty = Revocations(version=1, issued_at=now, marks=np.array([], np.uint64))
    assert not empty.holds_any(np.array([7], np.uint64))
    assert empty.is_stale(now=now + timedelta(hours=73), max_age=timedelta(hours=72))


def test_of_an_rsa_signature_all_of_it_counts(laboratory: Laboratory) -> None:
    [[key]] = laboratory.trust.values()
    rsa = type(key)(key_id=key.key_id, public_key=key.public_key, algorithm=Algorithm.PS256)
    signature = bytes(range(256))
    whole = marks_of(uci=UCI, countries=(), signature=signature, key=rsa)
    half = marks_of(uci=UCI, countries=(), signature=signature, key=key)
    assert int.from_bytes(hashed(signature)[:8]) in whole
    assert int.from_bytes(hashed(signature[:32])[:8]) in half
