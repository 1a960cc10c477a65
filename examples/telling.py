"""How the examples say what they found: shares with intervals, and how numbers are spread."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import ceil, sqrt
from statistics import NormalDist, mean, median

from rich.console import Console

Z95 = NormalDist().inv_cdf(0.975)


@dataclass(frozen=True)
class Share:
    """So many `hits` of so many."""

    hits: int
    of: int

    @classmethod
    def of_facts(cls, facts: Iterable[bool]) -> "Share":
        """How many of some facts hold."""
        said = list(facts)
        return cls(sum(said), len(said))

    @property
    def interval(self) -> tuple[float, float]:
        """The 95 % interval of Wilson (J Am Stat Assoc 1927; 22, 209): it stays within 0 and 1 for small numbers too.

        It takes the facts for independent of each other; links of one infector are not, so it is rather too narrow.
        """
        if not self.of:
            return 0.0, 1.0
        found, spread = self.hits / self.of, Z95**2 / self.of
        middle = (found + spread / 2) / (1 + spread)
        half = Z95 * sqrt(found * (1 - found) / self.of + spread / (4 * self.of)) / (1 + spread)
        return max(0.0, middle - half), min(1.0, middle + half)

    def __str__(self) -> str:
        low, high = self.interval
        share = f"{self.hits / self.of:.1%}" if self.of else "nobody"
        return f"{self.hits} of {self.of} = {share} [{low:.1%} to {high:.1%}]"


def describe(numbers: Sequence[int]) -> str:
    """How numbers are spread; nine in ten do not exceed the 90 % (nearest rank)."""
    if not numbers:
        return "none"
    ordered = sorted(numbers)
    nine_in_ten = ordered[ceil(0.9 * len(ordered)) - 1]
    middle = f"median {median(ordered):g}, mean {mean(ordered):.1f}"
    return f"{len(ordered)}: {middle}, 90 % up to {nine_in_ten}, most {ordered[-1]}"


def open_console() -> Console:
    """Where the examples speak: plain text that no window's width cuts."""
    return Console(markup=False, highlight=False, soft_wrap=True)
