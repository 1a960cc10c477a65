"""The policy of one day, as a duty asks it: `policy.hours("gate.test_max_age_hours")` (STYLE 3, 4)."""

from dataclasses import dataclass
from datetime import timedelta

from ringfence.errors import PolicyRefused
from ringfence.policy.entries import Scalar
from ringfence.policy.numbers import UnitOfMeasure
from ringfence.policy.policy_set import PolicySet
from ringfence.policy.protocol import Protocol


@dataclass(frozen=True)
class Policy:
    """A policy set asked on a local day; any question may name another, for an old case keeps the number of its day.

    NotFound for an unknown key or a day before the first value; PolicyRefused for a number in another unit.
    """

    policy_set: PolicySet
    day: int

    def hours(self, key: str, *, on: int | None = None) -> timedelta:
        """A length of time that really passes."""
        return timedelta(hours=float(self._value(key, on, UnitOfMeasure.HOURS)))

    def days(self, key: str, *, on: int | None = None) -> int:
        """A number of local calendar days, to be added to day numbers."""
        return int(self._value(key, on, UnitOfMeasure.DAYS))

    def integer(self, key: str, *, on: int | None = None) -> int:
        """A count."""
        return int(self._value(key, on, UnitOfMeasure.COUNT))

    def number(self, key: str, *, on: int | None = None) -> float:
        """A share, a factor, or a temperature in degrees Celsius."""
        units = (UnitOfMeasure.SHARE, UnitOfMeasure.FACTOR, UnitOfMeasure.CELSIUS)
        return float(self._value(key, on, *units))

    def text(self, key: str, *, on: int | None = None) -> str:
        """A text, such as a legal basis."""
        return str(self._value(key, on, UnitOfMeasure.TEXT))

    def clause(self, key: str) -> str:
        """The clause a number carries out."""
        return self.policy_set.number(key).clause

    def protocol(self, disease: str, *, on: int | None = None) -> Protocol:
        """The edition of a disease's protocol."""
        return self.policy_set.protocol_on(disease, self._day(on))

    def _day(self, on: int | None) -> int:
        return self.day if on is None else on

    def _value(self, key: str, on: int | None, *units: UnitOfMeasure) -> Scalar:
        number = self.policy_set.number(key)
        if number.unit not in units:
            raise PolicyRefused(
                "{key} is counted in {unit}, but was asked for as {asked}; ask for it in its own unit",
                key=key,
                unit=number.unit,
                asked=", ".join(units),
            )
        return number.value_on(self._day(on))
