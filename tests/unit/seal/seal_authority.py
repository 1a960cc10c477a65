"""An offline root that gives out signing keys."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from hypothesis import settings

from ringfence.seal import FileSigner, file_signer, issue_certificate, make_key, make_root

# A test here says what happens, not how fast: a busy machine may stall any example.
UNHURRIED = settings(deadline=None)


@dataclass(frozen=True)
class Authority:
    """The offline root."""

    key: ec.EllipticCurvePrivateKey
    certificate: x509.Certificate

    def signer(self, now: datetime, *usages: str, days: int = 30) -> tuple[FileSigner, x509.Certificate]:
        """A fresh signer and its certificate."""
        key = make_key()
        certificate = issue_certificate(
            key.public_key(),
            name="laboratory 7",
            root_key=self.key,
            root=self.certificate,
            now=now,
            valid_for=timedelta(days=days),
            usages=usages,
        )
        return file_signer(key, certificate=certificate), certificate


def found_authority(now: datetime) -> Authority:
    key = make_key()
    return Authority(key, make_root(key, name="city root", now=now, valid_for=timedelta(days=3650)))
