"""Adding up: every area gets the sum of what belongs to itself and to whatever lies below it (policy 7.3)."""

from collections.abc import Iterable, Iterator
from typing import TypeAlias

from ringfence.account.indicator import Count

Sums: TypeAlias = dict[str, tuple[int, int]]
"""Numerator and denominator by area path."""


def roll_up(counts: Iterable[Count], *, area_paths: Iterable[str]) -> Sums:
    """The sums of all areas, 0 of 0 where there is nothing to judge.

    A path that is in no hierarchy is added up along its own codes: what somebody wrote is never left out.
    """
    sums: Sums = dict.fromkeys(area_paths, (0, 0))
    for count in counts:
        for path in lead_up(count.area_path):
            numerator, denominator = sums.get(path, (0, 0))
            sums[path] = numerator + count.numerator, denominator + count.denominator
    return sums


def lead_up(area_path: str) -> Iterator[str]:
    """An area's path and those of the areas it lies in, from the lowest up; the empty path leads only to itself."""
    yield area_path
    while (area_path := area_path.rstrip("/").rpartition("/")[0]) != "":
        area_path += "/"
        yield area_path
