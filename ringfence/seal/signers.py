"""Who signs: a key that stays where it is kept and gives away nothing but signatures."""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

from ringfence.errors import DiskFull, InputRefused, KeysMissing
from ringfence.seal.certificates import certificate_bytes
from ringfence.seal.keys import COORDINATE_BYTES, key_id_of

PRIVATE_MODE = 0o600
SHARED_BITS = 0o077


class Signer(Protocol):
    """Whatever holds a P-256 private key and signs with ES256.

    `key_id` is the first 8 bytes of SHA-256 of the signing certificate. `sign` returns r and s as 32 big-endian bytes
    each, 64 in all (RFC 9053 section 2.1), over SHA-256 of the message.

    The file form is `FileSigner`. The PKCS#11 form, for a token or hardware module in production, needs no more than
    this: open a session on the slot, log in, find the object of class CKO_PRIVATE_KEY by its CKA_LABEL and that of
    class CKO_CERTIFICATE with the same CKA_ID, take `key_id` from the certificate's CKA_VALUE, and in `sign` give
    SHA-256 of the message to C_SignInit and C_Sign with the mechanism CKM_ECDSA, which answers r and s side by side,
    each 32 bytes, just as wanted here. The key is made on the token with CKA_EXTRACTABLE false and
    only its public half leaves it, for `issue_certificate`. A session serves one thread at a time.
    """

    @property
    def key_id(self) -> bytes:
        """Which certificate checks what this signs."""
        ...

    def sign(self, message: bytes) -> bytes:
        """The signature over the message: r and s, 64 bytes."""
        ...


@dataclass(frozen=True)
class FileSigner:
    """A signer whose private key was read from a file and lies in this process's memory."""

    private_key: ec.EllipticCurvePrivateKey
    key_id: bytes

    def sign(self, message: bytes) -> bytes:
        """The signature over the message: r and s, 64 bytes."""
        r, s = decode_dss_signature(self.private_key.sign(message, ec.ECDSA(hashes.SHA256())))
        return r.to_bytes(COORDINATE_BYTES) + s.to_bytes(COORDINATE_BYTES)


def make_key() -> ec.EllipticCurvePrivateKey:
    """A fresh P-256 private key from the operating system's randomness."""
    return ec.generate_private_key(ec.SECP256R1())


def write_key(key: ec.EllipticCurvePrivateKey, *, path: Path, passphrase: bytes | None = None) -> None:
    """Keep a private key as PEM (PKCS#8), readable by its owner only, encrypted where a passphrase is given.

    InputRefused when the file exists, for whoever overwrites a key can never sign with it again, or when it cannot be
    made; DiskFull when it cannot be written whole, and then nothing of it stays.
    """
    sealed = serialization.BestAvailableEncryption(passphrase) if passphrase else serialization.NoEncryption()
    pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, sealed)
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, PRIVATE_MODE)
    except FileExistsError as error:
        raise InputRefused("{path} exists and a key is never overwritten; name another file", path=path) from error
    except OSError as error:
        raise InputRefused("{path} cannot be made; name a folder that can be written to", path=path) from error
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(pem)
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        path.unlink()
        raise DiskFull("{path} cannot be written whole and was removed; make room on the disk", path=path) from error
    _sync_folder(path.parent)


def _sync_folder(folder: Path) -> None:
    """Make a new file's name as durable as its content."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def read_key(path: Path, *, passphrase: bytes | None = None) -> ec.EllipticCurvePrivateKey:
    """The private key of a file.

    KeysMissing when there is no such file, when the passphrase does not open it, when it holds anything else than a
    P-256 key, and when others may read a file that no passphrase protects.
    """
    try:
        pem = path.read_bytes()
        is_shared = bool(path.stat().st_mode & SHARED_BITS)
    except OSError as error:
        raise KeysMissing("the key file {path} cannot be read; name the right one", path=path) from error
    if passphrase is None and is_shared:
        raise KeysMissing("others can read the key file {path}; take their rights away (chmod 600)", path=path)
    try:
        key = serialization.load_pem_private_key(pem, passphrase)
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise KeysMissing("the key file {path} does not open with this passphrase", path=path) from error
    if not isinstance(key, ec.EllipticCurvePrivateKey) or not isinstance(key.curve, ec.SECP256R1):
        raise KeysMissing("the key file {path} holds no P-256 key; name the right one", path=path)
    return key


def file_signer(key: ec.EllipticCurvePrivateKey, *, certificate: x509.Certificate) -> FileSigner:
    """A signer for the certificate; KeysMissing when the key is not the certificate's."""
    if key.public_key() != certificate.public_key():
        raise KeysMissing("the private key does not belong to the certificate; name the pair that was made together")
    return FileSigner(key, key_id_of(certificate_bytes(certificate)))
