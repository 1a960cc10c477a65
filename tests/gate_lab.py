"""A laboratory that signs whatever a test wants signed, and a forger who has everything but its key."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from cbor2 import dumps

from ringfence.gate.hc1 import write_hc1
from ringfence.seal import (
    FileSigner,
    Keys,
    file_signer,
    issue_certificate,
    keys_by_id,
    make_key,
    make_root,
    sign_message,
    verifying_key,
)

DAY = timedelta(days=1)


@dataclass(frozen=True)
class Laboratory:
    """A signer, who believes it, and the time it works in."""

    signer: FileSigner
    trust: Keys
    now: datetime

    def claims(self, payload: object, **times: object) -> dict[Any, Any]:
        """A claims set issued a minute ago for two days, unless told otherwise; None leaves a time out."""
        issued = int(self.now.timestamp()) - 60
        given = {6: times.get("iat", issued), 4: times.get("exp", issued + 2 * 86_400)}
        return {1: "XX", **{key: value for key, value in given.items() if value is not None}, -260: {1: payload}}

    def sign(self, claims: object) -> bytes:
        """The signed message of whatever is to be claimed."""
        return sign_message(claims if isinstance(claims, bytes) else dumps(claims), signer=self.signer)

    def hc1(self, payload: object, **times: object) -> str:
        """A certificate as it is shown."""
        return write_hc1(self.sign(self.claims(payload, **times)))


def found_laboratory(now: datetime, *usages: str, days: int = 30) -> Laboratory:
    root_key, key = make_key(), make_key()
    root = make_root(root_key, name="city root", now=now - DAY, valid_for=3650 * DAY)
    certificate = issue_certificate(
        key.public_key(),
        name="laboratory 7",
        root_key=root_key,
        root=root,
        now=now - DAY,
        valid_for=days * DAY,
        usages=usages,
    )
    return Laboratory(file_signer(key, certificate=certificate), keys_by_id([verifying_key(certificate)]), now)


def payload(**changes: object) -> dict[str, Any]:
    """A negative nucleic acid test of an hour ago, its entry changed as asked; None leaves a field out."""
    entry = {
        "tg": "840539006",
        "tt": "LP6464-4",
        "sc": "2022-03-01T11:00:00+08:00",
        "tr": "260415000",
        "tc": "sampling point 3",
        "co": "CN",
        "is": "laboratory 7",
        "ci": "URN:UVCI:01:CN:7/1#Q",
        **changes,
    }
    return {
        "ver": "1.3.0",
        "nam": {"fnt": "ZHANG", "fn": "张", "gn": "三", "gnt": "SAN"},
        "dob": "1980-01-01",
        "t": [{key: value for key, value in entry.items() if value is not None}],
    }
