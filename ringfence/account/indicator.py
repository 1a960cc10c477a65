"""What an indicator is: a share with its numerator, its denominator and its clock written beside it (policy 7.3)."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple, TypeAlias

from ringfence.account.period import Period
from ringfence.plugins import find_plugins
from ringfence.store import Act

PACKAGE = "ringfence.account.indicators"


class Count(NamedTuple):
    """A numerator and a denominator that belong to one area itself, without what lies below it."""

    area_path: str
    numerator: int
    denominator: int


Counter: TypeAlias = Callable[[Act, Period], Sequence[Count]]


@dataclass(frozen=True, kw_only=True)
class Indicator:
    """One indicator; title, numerator, denominator and clock are English sentences that the catalogue says in Chinese.

    `clock` says which two instants are compared, `limit` names the policy number they are held against. Only where
    `more_is_better` can a target ask for "at least".
    """

    key: str
    clause: str
    title: str
    numerator: str
    denominator: str
    clock: str
    count: Counter
    limit: str = ""
    more_is_better: bool = True


def read_indicators() -> dict[str, Indicator]:
    """Every indicator there is, by key, in the order of their keys."""
    return {key: declare() for key, declare in find_plugins(PACKAGE, "declare").items()}


def counted_by(sql: str, *, limit: str | None = None) -> Counter:
    """Counts by one statement: it returns area_path, numerator and denominator and binds what `Period.bind` has."""

    def count(act: Act, period: Period) -> Sequence[Count]:
        rows = act.rows(sql, **period.bind(limit))
        return [Count(row.area_path, int(row.numerator), int(row.denominator)) for row in rows]

    return count
