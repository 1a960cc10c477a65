"""Certificates (X.509, RFC 5280): an offline root vouches for signing keys, each for a time and for named purposes."""

import base64
import binascii
from collections.abc import Iterable
from contextlib import suppress
from datetime import datetime, timedelta
from uuid import NAMESPACE_OID, uuid5

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import NameOID

from ringfence.errors import InputRefused
from ringfence.seal.der import read_key_purposes
from ringfence.seal.keys import Period, PublicKey, VerifyingKey, algorithm_of, key_id_of

PEM_START = b"-----BEGIN"


def usage_of(kind: str) -> str:
    """The key purpose of a kind of sealed text as an object identifier, made from a name as ITU-T X.667 allows."""
    return f"2.25.{uuid5(NAMESPACE_OID, f'ringfence {kind}').int}"


def certificate_bytes(certificate: x509.Certificate) -> bytes:
    """The DER form."""
    return certificate.public_bytes(serialization.Encoding.DER)


def read_certificate(data: bytes) -> x509.Certificate:
    """The certificate in PEM, DER or bare base64 form; InputRefused for anything else."""
    try:
        if data.lstrip().startswith(PEM_START):
            return x509.load_pem_x509_certificate(data)
        return x509.load_der_x509_certificate(_without_base64(data))
    except (ValueError, x509.InvalidVersion) as error:
        raise InputRefused("the {size} bytes are not a certificate in PEM, DER or base64", size=len(data)) from error


def verifying_key(certificate: x509.Certificate) -> VerifyingKey:
    """The key a certificate vouches for, with its limits.

    InputRefused when its key is of no kind that is checked here, or when its purposes cannot be read: what cannot be
    read never counts as unlimited.
    """
    data = certificate_bytes(certificate)
    key = _public_key(certificate, key_id=key_id_of(data))
    return VerifyingKey(
        key_id=key_id_of(data),
        public_key=key,
        algorithm=algorithm_of(key),
        usages=read_key_purposes(certificate.tbs_certificate_bytes),
        period=Period(starts_at=certificate.not_valid_before_utc, ends_at=certificate.not_valid_after_utc),
        certificate=data,
    )


def make_root(key: ec.EllipticCurvePrivateKey, *, name: str, now: datetime, valid_for: timedelta) -> x509.Certificate:
    """The root certificate of a key: self-signed, allowed to issue signing certificates and nothing below them."""
    period = Period(starts_at=now, ends_at=now + valid_for)
    return (
        _builder(key.public_key(), subject=_name(name), issuer=_name(name), period=period)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_key_usage(is_root=True), critical=True)
        .sign(key, hashes.SHA256())
    )


def issue_certificate(
    public_key: ec.EllipticCurvePublicKey,
    *,
    name: str,
    root_key: ec.EllipticCurvePrivateKey,
    root: x509.Certificate,
    now: datetime,
    valid_for: timedelta,
    usages: Iterable[str] = (),
) -> x509.Certificate:
    """A signing certificate from the root, limited to the purposes named (none named: not limited).

    InputRefused when it would outlive the root, or when the root's key is another.
    """
    period = Period(starts_at=now, ends_at=now + valid_for)
    if root_key.public_key() != root.public_key():
        raise InputRefused("the root's key does not belong to the root certificate; name the pair made together")
    if not (root.not_valid_before_utc <= now and period.ends_at <= root.not_valid_after_utc):
        raise InputRefused("the root is valid until {until} only; ask for less or renew it", until=_until(root))
    builder = (
        _builder(public_key, subject=_name(name), issuer=root.subject, period=period)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_key_usage(is_root=False), critical=True)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(root_key.public_key()), critical=False)
    )
    if purposes := [x509.ObjectIdentifier(usage) for usage in usages]:
        builder = builder.add_extension(x509.ExtendedKeyUsage(purposes), critical=False)
    return builder.sign(root_key, hashes.SHA256())


def is_issued_by(certificate: x509.Certificate, *, root: x509.Certificate) -> bool:
    """Whether the root's key signed the certificate and their names fit."""
    try:
        certificate.verify_directly_issued_by(root)
    except (InvalidSignature, ValueError, TypeError):
        return False
    return True


def _public_key(certificate: x509.Certificate, *, key_id: bytes) -> PublicKey:
    with suppress(ValueError, UnsupportedAlgorithm):
        key = certificate.public_key()
        if isinstance(key, ec.EllipticCurvePublicKey | rsa.RSAPublicKey):
            return key
    raise InputRefused("certificate {key_id} holds no key that is checked here; ask for another", key_id=key_id.hex())


def _builder(
    key: ec.EllipticCurvePublicKey, *, subject: x509.Name, issuer: x509.Name, period: Period
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(period.starts_at)
        .not_valid_after(period.ends_at)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
    )


def _name(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])


def _key_usage(*, is_root: bool) -> x509.KeyUsage:
    """A root signs certificates, a signing key signs messages, and neither does the other's work."""
    return x509.KeyUsage(
        digital_signature=not is_root,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=is_root,
        crl_sign=is_root,
        encipher_only=False,
        decipher_only=False,
    )


def _until(certificate: x509.Certificate) -> str:
    return certificate.not_valid_after_utc.isoformat()


def _without_base64(data: bytes) -> bytes:
    """Base64 decoded, DER as it is: the length byte after DER's first is no character of base64."""
    try:
        return base64.b64decode(b"".join(data.split()), validate=True)
    except binascii.Error:
        return data
