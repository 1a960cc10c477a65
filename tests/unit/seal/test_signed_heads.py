"""Signed heads of the ledger."""

from datetime import datetime, timedelta

import pytest
from seal_authority import Authority

from ringfence.errors import TokenRefused
from ringfence.seal import FileSigner, Keys, check_head, sign_head, sign_text

HEAD = {"chain": 1, "seq": 93_000, "mac": bytes(range(32))}


def test_a_head_says_years_later_what_it_said(signer: FileSigner, trust: Keys, now: datetime) -> None:
    text = sign_head(HEAD, signer=signer, now=now)
    assert check_head(text, trust=trust, now=now + timedelta(days=1000)) == HEAD


def test_a_head_of_a_stranger_or_of_another_kind_is_refused(
    authority: Authority, signer: FileSigner, trust: Keys, now: datetime
) -> None:
    stranger, _ = authority.signer(now)
    for text in (
        sign_head(HEAD, signer=stranger, now=now),
        sign_text("trust_list", claims=HEAD, signer=signer, now=now, expires_at=None),
    ):
        with pytest.raises(TokenRefused):
            check_head(text, trust=trust, now=now)
