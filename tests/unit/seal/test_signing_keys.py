"""Keys and certificates: made for a purpose and a time, kept from other eyes, read without guessing."""

import base64
import hashlib
import resource
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import dsa, ec, ed25519, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, ExtensionOID, NameOID
from hypothesis import example, given
from hypothesis import strategies as st
from seal_authority import UNHURRIED, Authority

from ringfence.errors import DiskFull, InputRefused, KeysMissing
from ringfence.seal import (
    Algorithm,
    certificate_bytes,
    file_signer,
    is_issued_by,
    issue_certificate,
    make_key,
    make_root,
    read_certificate,
    read_key,
    usage_of,
    verifying_key,
    write_key,
)
from ringfence.seal.der import read_key_purposes

TEST_ISSUER = "1.3.6.1.4.1.1847.2021.1.1"  # EU health certificates: may sign test certificates only


# ---- private keys in files


@pytest.mark.parametrize("passphrase", [None, b"correct horse"])
def test_a_key_file_is_private_and_opens_again(tmp_path: Path, passphrase: bytes | None) -> None:
    key, path = make_key(), tmp_path / "laboratory.key"
    write_key(key, path=path, passphrase=passphrase)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert read_key(path, passphrase=passphrase).private_numbers() == key.private_numbers()
    assert (b"ENCRYPTED" in path.read_bytes()) == bool(passphrase)


def test_a_key_file_is_never_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "laboratory.key"
    write_key(make_key(), path=path)
    before = path.read_bytes()
    with pytest.raises(InputRefused, match="never overwritten"):
        write_key(make_key(), path=path)
    assert path.read_bytes() == before


def test_a_key_file_needs_its_folder(tmp_path: Path) -> None:
    with pytest.raises(InputRefused, match="name a folder"):
        write_key(make_key(), path=tmp_path / "missing" / "laboratory.key")


@contextmanager
def no_room() -> Iterator[None]:
    """No file of this process may grow past ten bytes: what a full disk does to a write."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (10, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_half_a_key_is_not_left_on_a_full_disk(tmp_path: Path) -> None:
    with pytest.raises(DiskFull, match="make room"), no_room():
        write_key(make_key(), path=tmp_path / "laboratory.key")
    assert list(tmp_path.iterdir()) == []


def test_a_key_that_others_can_read_is_not_used_until_it_is_private(tmp_path: Path) -> None:
    path = tmp_path / "laboratory.key"
    write_key(make_key(), path=path)
    path.chmod(0o640)
    with pytest.raises(KeysMissing, match="chmod 600"):
        read_key(path)
    path.chmod(0o600)
    read_key(path)


@pytest.mark.parametrize(("written", "given"), [(b"right", b"wrong"), (b"right", None), (None, b"unneeded")])
def test_a_key_does_not_open_with_another_passphrase(
    tmp_path: Path, written: bytes | None, given: bytes | None
) -> None:
    path = tmp_path / "laboratory.key"
    write_key(make_key(), path=path, passphrase=written)
    with pytest.raises(KeysMissing, match="does not open"):
        read_key(path, passphrase=given)


def pem_of(key: ec.EllipticCurvePrivateKey | ed25519.Ed25519PrivateKey) -> bytes:
    form = serialization.PrivateFormat.PKCS8
    return key.private_bytes(serialization.Encoding.PEM, form, serialization.NoEncryption())


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"", id="empty"),
        pytest.param(b"no key\n", id="something else"),
        pytest.param(pem_of(make_key())[:-60], id="cut off"),
        pytest.param(pem_of(ec.generate_private_key(ec.SECP384R1())), id="another curve"),
        pytest.param(pem_of(ed25519.Ed25519PrivateKey.generate()), id="another kind"),
    ],
)
def test_a_file_without_a_p_256_key_is_said_to_be_so(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "laboratory.key"
    path.write_bytes(content)
    path.chmod(0o600)
    with pytest.raises(KeysMissing, match=r"laboratory\.key"):
        read_key(path)


def test_a_lost_key_file_is_one_clear_sentence(tmp_path: Path) -> None:
    with pytest.raises(KeysMissing, match="cannot be read; name the right one"):
        read_key(tmp_path / "lost.key")


def test_a_signer_needs_the_key_of_its_certificate(authority: Authority) -> None:
    with pytest.raises(KeysMissing, match="made together"):
        file_signer(make_key(), certificate=authority.certificate)


def self_signed(key: ec.EllipticCurvePrivateKey) -> x509.Certificate:
    return make_root(key, name="self", now=datetime.fromisoformat("2022-03-01T00:00Z"), valid_for=timedelta(days=1))


@UNHURRIED
@given(st.binary(max_size=300))
def test_a_signature_is_r_and_s_side_by_side(message: bytes) -> None:
    key = make_key()
    signature = file_signer(key, certificate=self_signed(key)).sign(message)
    assert len(signature) == 64
    assert verifying_key(self_signed(key)).has_signed(message, signature=signature)


# ---- certificates


def test_a_signing_certificate_is_the_roots_and_says_what_for_and_how_long(authority: Authority, now: datetime) -> None:
    signer, certificate = authority.signer(now, TEST_ISSUER, days=30)
    key = verifying_key(certificate)
    assert is_issued_by(certificate, root=authority.certificate)
    assert key.key_id == signer.key_id == hashlib.sha256(certificate_bytes(certificate)).digest()[:8]
    assert key.algorithm is Algorithm.ES256
    assert key.usages == {TEST_ISSUER}
    assert key.period is not None
    assert (key.period.starts_at, key.period.ends_at) == (now, now + timedelta(days=30))


def test_the_root_signs_certificates_and_a_signing_key_signs_messages(authority: Authority, now: datetime) -> None:
    for certificate, is_root in ((authority.certificate, True), (authority.signer(now)[1], False)):
        extensions = certificate.extensions
        usage = extensions.get_extension_for_class(x509.KeyUsage).value
        limits = extensions.get_extension_for_class(x509.BasicConstraints).value
        assert (usage.key_cert_sign, usage.digital_signature, limits.ca) == (is_root, not is_root, is_root)


def test_a_certificate_of_another_root_is_not_this_roots(authority: Authority, now: datetime) -> None:
    key = make_key()
    twin = make_root(key, name="city root", now=now, valid_for=timedelta(days=3650))
    stranger = issue_certificate(
        make_key().public_key(), name="x", root_key=key, root=twin, now=now, valid_for=timedelta(days=1)
    )
    assert is_issued_by(stranger, root=twin)
    assert not is_issued_by(stranger, root=authority.certificate)


@pytest.mark.parametrize(("starts", "days"), [(0, 3651), (3640, 30), (-1, 30)])
def test_no_certificate_outlives_its_root(authority: Authority, now: datetime, starts: int, days: int) -> None:
    with pytest.raises(InputRefused, match="valid until"):
        authority.signer(now + timedelta(days=starts), days=days)


def test_a_root_certificate_is_of_no_use_without_its_key(authority: Authority, now: datetime) -> None:
    with pytest.raises(InputRefused, match="made together"):
        issue_certificate(
            make_key().public_key(),
            name="x",
            root_key=make_key(),
            root=authority.certificate,
            now=now,
            valid_for=timedelta(days=1),
        )


def test_a_certificate_is_read_in_the_forms_it_is_handed_around_in(authority: Authority) -> None:
    certificate = authority.certificate
    der = certificate_bytes(certificate)
    pem = certificate.public_bytes(serialization.Encoding.PEM)
    text = base64.b64encode(der)
    for data in (der, pem, b"\n" + pem, text, text + b"\n", base64.encodebytes(der)):
        assert read_certificate(data) == certificate


@pytest.mark.parametrize("data", [b"", b"0", b"AAAA", b"-----BEGIN CERTIFICATE-----\n", b"\x30\x82\x01\x00rest"])
def test_what_is_no_certificate_is_refused(data: bytes) -> None:
    with pytest.raises(InputRefused, match="not a certificate"):
        read_certificate(data)


DER = certificate_bytes(self_signed(make_key()))


@pytest.mark.filterwarnings("ignore:Parsed a serial number which wasn't positive")  # the library's word on some of them
@UNHURRIED
@given(index=st.integers(0, len(DER) - 1), value=st.integers(0, 255))
@example(index=DER.index(b"\xa0\x03\x02\x01\x02") + 4, value=21)  # a version of X.509 that does not exist
def test_a_damaged_certificate_is_read_or_refused_and_nothing_else_happens(index: int, value: int) -> None:
    damaged = DER[:index] + bytes([value]) + DER[index + 1 :]
    with suppress(InputRefused):
        assert verifying_key(read_certificate(damaged)).certificate == damaged


def certificate_for(key: object, now: datetime, *, extension: x509.ExtensionType | None = None) -> x509.Certificate:
    """A certificate for any key, made by `cryptography` alone."""
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "x")])
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(name).serial_number(1)
    builder = builder.public_key(key).not_valid_before(now).not_valid_after(now + timedelta(days=1))
    if extension is not None:
        builder = builder.add_extension(extension, critical=False)
    return builder.sign(make_key(), hashes.SHA256())


@pytest.mark.parametrize(
    "key",
    [
        pytest.param(ec.generate_private_key(ec.SECP384R1()), id="P-384"),
        pytest.param(ec.generate_private_key(ec.SECP256K1()), id="secp256k1"),
        pytest.param(rsa.generate_private_key(65537, 2047), id="RSA of 2047 bits"),  # noqa: S505 (to be refused)
        pytest.param(ed25519.Ed25519PrivateKey.generate(), id="Ed25519"),
        pytest.param(dsa.generate_private_key(2048), id="DSA"),
    ],
)
def test_a_key_of_a_kind_that_is_not_checked_is_refused(key: ec.EllipticCurvePrivateKey, now: datetime) -> None:
    with pytest.raises(InputRefused):
        verifying_key(certificate_for(key.public_key(), now))


def test_an_rsa_key_of_2048_bits_is_checked_with_pss(now: datetime) -> None:
    key = rsa.generate_private_key(65537, 2048)
    assert verifying_key(certificate_for(key.public_key(), now)).algorithm is Algorithm.PS256


# ---- what a certificate may be used for, against `cryptography`'s own reading

ARCS = st.integers(0, 2**80)
OBJECT_IDS = st.builds(
    lambda top, second, rest: ".".join(map(str, (top, second if top == 2 else second % 40, *rest))),
    st.integers(0, 2),
    st.integers(0, 200),
    st.lists(ARCS, min_size=1, max_size=3),
)


@UNHURRIED
@given(st.lists(OBJECT_IDS, min_size=1, max_size=4, unique=True))
def test_purposes_are_read_as_cryptography_reads_them(purposes: list[str]) -> None:
    usage = x509.ExtendedKeyUsage([x509.ObjectIdentifier(purpose) for purpose in purposes])
    now = datetime.fromisoformat("2022-03-01T00:00Z")
    certificate = certificate_for(make_key().public_key(), now, extension=usage)
    theirs = certificate.extensions.get_extension_for_oid(ExtensionOID.EXTENDED_KEY_USAGE).value
    assert isinstance(theirs, x509.ExtendedKeyUsage)
    assert read_key_purposes(certificate.tbs_certificate_bytes) == {purpose.dotted_string for purpose in theirs}


def test_no_extension_means_no_limit(now: datetime) -> None:
    assert verifying_key(certificate_for(make_key().public_key(), now)).usages is None


def element(tag: int, *contents: bytes) -> bytes:
    body = b"".join(contents)
    size = bytes([len(body)]) if len(body) < 128 else bytes([0x82, *len(body).to_bytes(2)])
    return bytes([tag]) + size + body


def with_purposes(*values: bytes) -> bytes:
    """The signed part of a certificate reduced to extensions: a malformed one first, then extended key usages."""
    malformed = element(0x30, element(6, bytes.fromhex("551d0f")), element(4, b"\xff\xff"))
    usages = [element(0x30, element(6, bytes.fromhex("551d25")), element(4, value)) for value in values]
    return element(0x30, element(2, b"\1"), element(0xA3, element(0x30, malformed, *usages)))


def test_a_malformed_neighbour_does_not_hide_the_purposes() -> None:
    server = element(6, bytes.fromhex("2b06010505070301"))
    assert read_key_purposes(with_purposes(element(0x30, server))) == {ExtendedKeyUsageOID.SERVER_AUTH.dotted_string}


@pytest.mark.parametrize("count", [1, 15, 16, 17, 30])
def test_lists_of_any_length_are_read(count: int) -> None:
    """Six bytes of content make an element of eight: sixteen of them are the first list with a two-byte length."""
    purposes = [element(6, bytes([0x2B, 6, 1, 4, 1, number])) for number in range(count)]
    assert read_key_purposes(with_purposes(der_list(*purposes))) == {f"1.3.6.1.4.1.{n}" for n in range(count)}


def der_list(*elements: bytes) -> bytes:
    """A SEQUENCE with its length in the shortest form."""
    body = b"".join(elements)
    return b"\x30" + (bytes([len(body)]) if len(body) < 128 else bytes([0x81, len(body)])) + body


def test_an_extension_that_names_nothing_is_not_the_same_as_none() -> None:
    assert read_key_purposes(with_purposes(element(0x30))) == frozenset()
    assert read_key_purposes(with_purposes()) is None


@pytest.mark.parametrize(
    "tbs",
    [
        pytest.param(with_purposes(b""), id="no list"),
        pytest.param(with_purposes(b"\x30\x05\x06"), id="a list that breaks off"),
        pytest.param(with_purposes(element(0x30, element(4, b"\1"))), id="a list of something else"),
        pytest.param(with_purposes(element(0x30, element(6, b"\x2b\x86"))), id="a name that breaks off"),
        pytest.param(with_purposes(element(0x30, element(6, b""))), id="an empty name"),
        pytest.param(with_purposes(element(0x30), element(0x30)), id="twice"),
        pytest.param(with_purposes(b"\x30\x80\x00\x00"), id="an open length"),
        pytest.param(with_purposes(b"\x3f\x01\x00"), id="a long tag"),
        pytest.param(b"", id="nothing"),
        pytest.param(b"\x30", id="half a head"),
    ],
)
def test_purposes_that_cannot_be_read_never_count_as_no_limit(tbs: bytes) -> None:
    with pytest.raises(InputRefused, match="purposes cannot be read"):
        read_key_purposes(tbs)


@UNHURRIED
@given(st.binary(max_size=60), st.integers(0, 60), st.binary(max_size=3))
def test_any_bytes_are_read_or_refused(noise: bytes, index: int, extra: bytes) -> None:
    sound = with_purposes(element(0x30, element(6, b"\x2b\x06")))
    for tbs in (noise, with_purposes(noise), sound[:index] + extra + sound[index:]):
        with suppress(InputRefused):
            assert isinstance(read_key_purposes(tbs), frozenset | None)


def test_every_kind_of_sealed_text_has_a_purpose_of_its_own() -> None:
    kinds = ("link", "exit_certificate", "order_paper", "trust_list", "ledger_head")
    assert len({usage_of(kind) for kind in kinds}) == len(kinds)
    assert all(x509.ObjectIdentifier(usage_of(kind)).dotted_string.startswith("2.25.") for kind in kinds)
