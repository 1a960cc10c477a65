"""Where a function of one number is highest, and where it crosses nought: short enough to load no library for."""

from collections.abc import Callable

_NEAR = 1e-6  # of numbers that stand for logarithms: a millionth of what is sought
_GOLDEN = (5**0.5 - 1) / 2


def find_highest(function: Callable[[float], float], *, low: float, high: float) -> float:
    """Where a function with one peak is highest between two ends, by golden section (Kiefer, 1953)."""
    left, right = high - _GOLDEN * (high - low), low + _GOLDEN * (high - low)
    at_left, at_right = function(left), function(right)
    while high - low > _NEAR:
        if at_left >= at_right:
            high, right, at_right = right, left, at_left
            left = high - _GOLDEN * (high - low)
            at_left = function(left)
        else:
            low, left, at_left = left, right, at_right
            right = low + _GOLDEN * (high - low)
            at_right = function(right)
    return (low + high) / 2


def find_crossing(function: Callable[[float], float], *, low: float, high: float) -> float:
    """Where a function of opposite signs at two ends crosses nought between them, by halving."""
    rises = function(high) > 0
    while high - low > _NEAR:
        middle = (low + high) / 2
        if (function(middle) > 0) == rises:
            high = middle
        else:
            low = middle
    return (low + high) / 2
