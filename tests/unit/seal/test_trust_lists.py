"""Trust lists: signed, numbered, never rolled back, with a known age and a readable difference."""

from datetime import datetime, timedelta

import pytest
from cryptography import x509
from seal_authority import Authority

from ringfence.errors import InputRefused, TokenRefused
from ringfence.seal import (
    FileSigner,
    Keys,
    Stage,
    TrustList,
    certificate_bytes,
    compare_trust_lists,
    key_id_of,
    publish_trust_list,
    read_text,
    read_trust_list,
    sign_message,
    sign_text,
    verify_message,
)

HOUR = timedelta(hours=1)


@pytest.fixture
def laboratories(authority: Authority, now: datetime) -> list[x509.Certificate]:
    return [authority.signer(now)[1] for _ in range(3)]


def stage_of(text: str, *, trust: Keys, now: datetime, held: TrustList | None = None) -> Stage:
    with pytest.raises(TokenRefused) as refused:
        read_trust_list(text, trust=trust, now=now, held=held)
    stage = refused.value.values["stage"]
    assert isinstance(stage, Stage)
    return stage


def test_a_terminal_believes_exactly_the_certificates_of_the_list(
    authority: Authority, laboratories: list[x509.Certificate], signer: FileSigner, trust: Keys, now: datetime
) -> None:
    laboratory, certificate = authority.signer(now)
    text = publish_trust_list([*laboratories, certificate], held=None, signer=signer, now=now)
    read = read_trust_list(text, trust=trust, now=now)
    assert (read.version, read.issued_at) == (1, now)
    assert set(read.certificates) == {certificate_bytes(each) for each in (*laboratories, certificate)}
    message = sign_message(b"a pass", signer=laboratory)
    assert verify_message(message, keys=read.keys).key.certificate == certificate_bytes(certificate)
    with pytest.raises(TokenRefused):
        verify_message(sign_message(b"a pass", signer=signer), keys=read.keys)


def test_removing_a_key_revokes_what_it_signed(
    authority: Authority, laboratories: list[x509.Certificate], signer: FileSigner, trust: Keys, now: datetime
) -> None:
    laboratory, certificate = authority.signer(now)
    message = sign_message(b"a pass", signer=laboratory)
    first = read_trust_list(
        publish_trust_list([*laboratories, certificate], held=None, signer=signer, now=now), trust=trust, now=now
    )
    text = publish_trust_list(laboratories, held=first, signer=signer, now=now + HOUR)
    second = read_trust_list(text, trust=trust, now=now + HOUR, held=first)
    verify_message(message, keys=first.keys)
    with pytest.raises(TokenRefused):
        verify_message(message, keys=second.keys)


def test_versions_go_up_by_one_and_never_back(
    laboratories: list[x509.Certificate], signer: FileSigner, trust: Keys, now: datetime
) -> None:
    texts, held = [], None
    for count in (1, 2, 3):
        texts.append(publish_trust_list(laboratories[:count], held=held, signer=signer, now=now))
        held = read_trust_list(texts[-1], trust=trust, now=now, held=held)
    assert held is not None
    assert held.version == 3
    assert read_trust_list(texts[2], trust=trust, now=now, held=held) == held
    for older in texts[:2]:
        assert stage_of(older, trust=trust, now=now, held=held) is Stage.VERSION


def test_a_version_has_one_content_only(
    laboratories: list[x509.Certificate], signer: FileSigner, trust: Keys, now: datetime
) -> None:
    held = read_trust_list(
        publish_trust_list(laboratories[:2], held=None, signer=signer, now=now), trust=trust, now=now
    )
    for certificates, at in ((laboratories[:1], now), (laboratories[:2], now + HOUR), (laboratories, now)):
        twin = publish_trust_list(certificates, held=None, signer=signer, now=at)
        assert stage_of(twin, trust=trust, now=now + HOUR, held=held) is Stage.VERSION


def test_a_list_is_stale_when_it_is_older_than_policy_allows(
    laboratories: list[x509.Certificate], signer: FileSigner, trust: Keys, now: datetime
) -> None:
    read = read_trust_list(publish_trust_list(laboratories, held=None, signer=signer, now=now), trust=trust, now=now)
    assert not read.is_stale(now=now + 72 * HOUR, max_age=72 * HOUR)
    assert read.is_stale(now=now + 72 * HOUR + timedelta(seconds=1), max_age=72 * HOUR)


def test_a_stale_list_can_still_be_read(
    laboratories: list[x509.Certificate], signer: FileSigner, trust: Keys, now: datetime
) -> None:
    text = publish_trust_list(laboratories, held=None, signer=signer, now=now)
    assert read_trust_list(text, trust=trust, now=now + 1000 * HOUR).version == 1


def test_the_difference_names_what_is_added_and_what_is_no_longer_trusted(
    laboratories: list[x509.Certificate], signer: FileSigner, trust: Keys, now: datetime
) -> None:
    a, b, c = laboratories
    first = read_trust_list(publish_trust_list([a, b], held=None, signer=signer, now=now), trust=trust, now=now)
    second = read_trust_list(publish_trust_list([b, c], held=first, signer=signer, now=now), trust=trust, now=now)
    plan = compare_trust_lists(second, held=first)
    ids = {name: key_id_of(certificate_bytes(each)).hex() for name, each in zip("abc", laboratories, strict=True)}
    assert [line["key_id"] for line in plan.added] == [ids["c"]]
    assert [line["key_id"] for line in plan.released] == [ids["a"]]
    assert plan.added[0]["subject"] == "CN=laboratory 7"
    assert plan.basis == "1"
    assert len(compare_trust_lists(first, held=None).added) == 2
    assert compare_trust_lists(first, held=first).is_empty


def test_only_a_trusted_signer_publishes_and_only_lists_are_lists(
    authority: Authority, laboratories: list[x509.Certificate], signer: FileSigner, trust: Keys, now: datetime
) -> None:
    stranger, _ = authority.signer(now)
    forged = publish_trust_list(laboratories, held=None, signer=stranger, now=now)
    assert stage_of(forged, trust=trust, now=now) is Stage.KEY_ID
    other = sign_text("link", claims={"version": 9, "certificates": []}, signer=signer, now=now, expires_at=None)
    assert stage_of(other, trust=trust, now=now) is Stage.KIND


@pytest.mark.parametrize(
    "claims",
    [
        {},
        {"version": 1},
        {"version": 0, "certificates": []},
        {"version": "1", "certificates": []},
        {"version": 1, "certificates": {}},
        {"version": 1, "certificates": ["text"]},
        {"version": 1, "certificates": [], "more": 1},
    ],
)
def test_a_list_without_its_parts_is_refused(
    signer: FileSigner, trust: Keys, now: datetime, claims: dict[str, object]
) -> None:
    text = sign_text("trust_list", claims=claims, signer=signer, now=now, expires_at=None)
    assert stage_of(text, trust=trust, now=now) is Stage.CLAIMS


def test_a_list_with_something_else_than_a_certificate_is_refused(
    signer: FileSigner, trust: Keys, now: datetime
) -> None:
    claims = {"version": 1, "certificates": [b"no certificate"]}
    text = sign_text("trust_list", claims=claims, signer=signer, now=now, expires_at=None)
    with pytest.raises(InputRefused, match="not a certificate"):
        read_trust_list(text, trust=trust, now=now)


def test_a_country_sized_list_fits(authority: Authority, signer: FileSigner, trust: Keys, now: datetime) -> None:
    """Three hundred certificates: past what a paper may hold, far below what a list may."""
    certificates = [authority.signer(now)[1] for _ in range(300)]
    text = publish_trust_list(certificates, held=None, signer=signer, now=now)
    assert len(read_trust_list(text, trust=trust, now=now).certificates) == 300
    with pytest.raises(TokenRefused):
        read_text(text, kind="trust_list", trust=trust, now=now)
