"""A city's root, a laboratory's signing key, and what a reader trusts."""

from datetime import datetime

import pytest
from cryptography import x509
from seal_authority import Authority, found_authority

from ringfence.seal import FileSigner, Keys, keys_by_id, verifying_key


@pytest.fixture
def authority(now: datetime) -> Authority:
    return found_authority(now)


@pytest.fixture
def signing(authority: Authority, now: datetime) -> tuple[FileSigner, x509.Certificate]:
    return authority.signer(now)


@pytest.fixture
def signer(signing: tuple[FileSigner, x509.Certificate]) -> FileSigner:
    return signing[0]


@pytest.fixture
def trust(signing: tuple[FileSigner, x509.Certificate]) -> Keys:
    return keys_by_id([verifying_key(signing[1])])
