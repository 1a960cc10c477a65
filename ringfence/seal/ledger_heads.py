"""Signed heads of the ledger: what a second custodian keeps, so that a ledger cut short is noticed (policy 6.4)."""

from datetime import datetime

from ringfence.seal.keys import Keys
from ringfence.seal.sealed_text import Claims, read_text, sign_text
from ringfence.seal.signers import Signer

LEDGER_HEAD = "ledger_head"


def sign_head(head: Claims, *, signer: Signer, now: datetime) -> str:
    """A chain's head (its fields as the ledger names them) as a sealed text that never expires."""
    return sign_text(LEDGER_HEAD, claims=head, signer=signer, now=now, expires_at=None)


def check_head(text: str, *, trust: Keys, now: datetime) -> Claims:
    """The fields of a signed head, for comparison with the ledger; TokenRefused when nobody trusted signed it."""
    return read_text(text, kind=LEDGER_HEAD, trust=trust, now=now).claims
