"""Passes that laboratories of the city issue: a negative nucleic acid test as a signed health certificate (policy 1.2).

A pass holds from its issue until the policy's hours after sampling, and its signing key must be limited to tests: a key
that leaks makes no vaccinations, and taking it off the trust list takes back what it signed.
"""

import re
import secrets
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from unicodedata import combining, normalize

from ringfence.errors import InputRefused
from ringfence.gate.claims import EXPIRES, FORM, HEALTH_CERTIFICATE, ISSUED, ISSUER
from ringfence.gate.hc1 import write_hc1
from ringfence.gate.health_certificate import NOT_DETECTED, NUCLEIC_ACID, CertificateKind
from ringfence.gate.key_usage import KNOWN, USAGES
from ringfence.seal import Signer, VerifyingKey, sign_message, write_cbor

SCHEMA_VERSION = "1.3.0"
NUMBER_BYTES = 12

_NO_LATIN_LETTER = re.compile("[^A-Z]+")


@dataclass(frozen=True, kw_only=True)
class NegativeTest:
    """What a laboratory vouches for: whose sample, when and where taken, and that nothing was found.

    `disease` is its SNOMED CT code and `country` the two letters of ISO 3166-1, as health certificates have them.
    """

    surname: str
    given_name: str
    birth_date: date
    sampled_at: datetime
    sampling_point: str
    laboratory: str
    country: str
    disease: str


def issue_pass(test: NegativeTest, *, signer: Signer, key: VerifyingKey, max_age: timedelta, now: datetime) -> str:
    """The pass as an HC1 text, holding from now until `max_age` after sampling; `key` is the signer's public half.

    InputRefused when the test is of the future or too old already, or when the key may sign more than tests.
    """
    expires_at = test.sampled_at + max_age
    if not test.sampled_at <= now < expires_at:
        raise InputRefused(
            "a sample taken at {sampled_at} gives no pass at {now}; take a new one", sampled_at=test.sampled_at, now=now
        )
    limits = KNOWN & (key.usages or frozenset())
    if not limits or not limits <= USAGES[CertificateKind.TEST]:
        raise InputRefused(
            "key {key_id} is not limited to tests; have the root issue one that is", key_id=key.key_id.hex()
        )
    claims = {
        ISSUER: test.country,
        EXPIRES: int(expires_at.timestamp()),
        ISSUED: int(now.timestamp()),
        HEALTH_CERTIFICATE: {FORM: _payload(test)},
    }
    return write_hc1(sign_message(write_cbor(claims), signer=signer))


def latin_name(name: str) -> str:
    """A name as a passport's machine-readable lines write it (ICAO 9303): Latin capitals, `<` between its parts."""
    from pypinyin import lazy_pinyin  # noqa: PLC0415 - 55 MB of readings that who issues no pass need not hold

    plain = "".join(character for character in normalize("NFKD", name) if not combining(character))
    spoken = "".join(lazy_pinyin(plain, v_to_u=True)).replace("ü", "yu")  # as China's passports write it
    return _NO_LATIN_LETTER.sub("<", spoken.upper()).strip("<")


def _payload(test: NegativeTest) -> dict[str, object]:
    number = f"URN:UVCI:01:{test.country}:{secrets.token_hex(NUMBER_BYTES).upper()}"
    entry = {
        "tg": test.disease,
        "tt": NUCLEIC_ACID,
        "sc": test.sampled_at.isoformat(timespec="seconds"),
        "tr": NOT_DETECTED,
        "tc": test.sampling_point,
        "co": test.country,
        "is": test.laboratory,
        "ci": number,
    }
    name = {
        "fn": test.surname,
        "fnt": latin_name(test.surname),
        "gn": test.given_name,
        "gnt": latin_name(test.given_name),
    }
    return {"ver": SCHEMA_VERSION, "nam": name, "dob": test.birth_date.isoformat(), "t": [entry]}
