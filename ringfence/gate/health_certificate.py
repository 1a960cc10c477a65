"""What a health certificate says, held to its schema (EU DCC schema 1.3.0, written down here as types).

Stricter than the schema's usual readers in one thing: dates and times must be such, and a time must name its zone; a
sample time without one, taken for UTC, would make a test eight hours younger in China. Laxer in one: codes of
vaccines, tests and countries are not held to value sets, which were never complete.
"""

from collections.abc import Mapping
from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, TypeAlias

from msgspec import UNSET, Meta, Struct, UnsetType, ValidationError, convert, field

Payload: TypeAlias = Mapping[str, object]

Text: TypeAlias = Annotated[str, Meta(max_length=80)]
LatinName: TypeAlias = Annotated[str, Meta(max_length=80, pattern="^[A-Z<]*$")]
Country: TypeAlias = Annotated[str, Meta(pattern="[A-Z]{1,10}")]
BirthDate: TypeAlias = Annotated[str, Meta(pattern="^((19|20)[0-9]{2}(-[0-9]{2}){0,2})?$")]
Version: TypeAlias = Annotated[str, Meta(pattern="^[0-9]+.[0-9]+.[0-9]+$")]
Dose: TypeAlias = Annotated[int, Meta(ge=1)]
Instant: TypeAlias = Annotated[datetime, Meta(tz=True)]


class CertificateKind(StrEnum):
    """What a certificate is about, by the key of its group."""

    VACCINATION = "v"
    TEST = "t"
    RECOVERY = "r"


NUCLEIC_ACID = "LP6464-4"  # LOINC part: nucleic acid amplification with probe detection
COVID19 = "840539006"  # SNOMED CT, as the two results
NOT_DETECTED, DETECTED = "260415000", "260373001"

KINDS = tuple(CertificateKind)


class PersonName(Struct, frozen=True):
    """Whose certificate it is, as spoken and as a passport's machine-readable lines write it (ICAO 9303)."""

    fnt: LatinName
    fn: Text | UnsetType = UNSET
    gn: Text | UnsetType = UNSET
    gnt: LatinName | UnsetType = UNSET


class _Entry(Struct, frozen=True, kw_only=True):
    """What every kind has: disease, country, issuer and the certificate's own number (UCI)."""

    tg: str
    co: Country
    issuer: Text = field(name="is")
    ci: Text


class Vaccination(_Entry, frozen=True, kw_only=True):
    """One dose."""

    vp: str
    mp: str
    ma: str
    dn: Dose
    sd: Dose
    dt: date


class Test(_Entry, frozen=True, kw_only=True):
    """One test: its type, result and the instant the sample was taken."""

    tt: str
    sc: Instant
    tr: str
    nm: Text | UnsetType = UNSET
    ma: str | UnsetType = UNSET
    tc: Text | UnsetType = UNSET


class Recovery(_Entry, frozen=True, kw_only=True):
    """One infection survived, and the days the certificate speaks for."""

    fr: date
    df: date
    du: date


_ONE = Meta(min_length=1, max_length=1)


class HealthCertificate(Struct, frozen=True, kw_only=True):
    """A whole certificate: one person, and exactly one entry of one kind."""

    ver: Version
    nam: PersonName
    dob: BirthDate
    v: Annotated[tuple[Vaccination, ...], _ONE] | UnsetType = UNSET
    t: Annotated[tuple[Test, ...], _ONE] | UnsetType = UNSET
    r: Annotated[tuple[Recovery, ...], _ONE] | UnsetType = UNSET

    def __post_init__(self) -> None:
        """ValueError unless it is about exactly one thing."""
        if [self.v, self.t, self.r].count(UNSET) != len(KINDS) - 1:
            raise ValueError("exactly one of v, t and r")

    @property
    def uci(self) -> str:
        """The certificate's own number."""
        [entry] = self.v or self.t or self.r or ()
        return entry.ci

    @property
    def country(self) -> str:
        """Who issued it."""
        [entry] = self.v or self.t or self.r or ()
        return entry.co


def read_certificate(payload: Payload) -> HealthCertificate | None:
    """What the payload says; None where it does not keep to the schema."""
    try:
        return convert(payload, HealthCertificate)
    except ValidationError:
        return None


def kinds_of(payload: Payload) -> frozenset[CertificateKind]:
    """What a payload speaks of, whether or not it keeps to the schema."""
    return frozenset([kind for kind in KINDS if payload.get(kind)])
