"""How unevenly it spreads: the reproduction number, its dispersion, and each setting's attack rate (policy 7.3)."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from ringfence.trace.searching import find_crossing, find_highest

_DROP = (
    3.841458820694124 / 2
)  # of the log-likelihood at the ends of a 95 % interval: chi-square of one degree of freedom
_NORMAL = 1.959963984540054  # either side of which 2.5 % of a normal distribution lie
_LOW_K, _HIGH_K = 1e-3, 1e4  # from a few people infecting all others to no difference that could be seen

_log_gamma = np.vectorize(math.lgamma, otypes=[np.float64])  # of few numbers, for which no library need be loaded

Tally: TypeAlias = tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]
"""Numbers of offspring, and how many cases had each."""

ATTACK_RATES = pa.schema(
    [
        ("rule", pa.string()),
        ("exposed", pa.int64()),
        ("infected", pa.int64()),
        ("rate", pa.float64()),
        ("low", pa.float64()),
        ("high", pa.float64()),
    ]
)
"""By rule of exposure: how many were exposed, how many of them became cases, and the share with its 95 % interval."""


@dataclass(frozen=True, kw_only=True)
class Estimate:
    """A number with its 95 % interval."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, kw_only=True)
class Spread:
    """What a negative binomial of offspring says: the mean number a case infected, and its dispersion k.

    The smaller k, the fewer cases infect the most: below one, to stop large gatherings stops more than to halve all.
    """

    cases: int
    reproduction: Estimate
    dispersion: Estimate


def estimate_spread(offspring: npt.NDArray[np.int64]) -> Spread | None:
    """Reproduction number and dispersion of cases with so many offspring each; None where nobody infected anybody.

    Maximum likelihood with intervals by profile likelihood (Lloyd-Smith and others, Nature 2005; 438, 355). Leave out
    cases whose offspring had no time yet to fall ill: counted as none, they would make the number too small.
    """
    if not offspring.sum():
        return None
    mean, tally = float(offspring.mean()), np.unique(offspring, return_counts=True)

    def of_k(k: float) -> float:
        return _log_likelihood(tally, mean=mean, k=k)

    def of_mean(value: float) -> float:
        return _log_likelihood(tally, mean=value, k=_best_k(tally, mean=value))

    k = _best_k(tally, mean=mean)
    return Spread(
        cases=offspring.size,
        reproduction=_interval(of_mean, best=mean, low=mean / 1e3, high=mean * 1e3),
        dispersion=_interval(of_k, best=k, low=_LOW_K, high=_HIGH_K),
    )


def attack_rates(exposed: pa.Table) -> pa.Table:
    """The share of those exposed by each rule who became cases (ATTACK_RATES), by rule.

    `exposed` has one row a person and rule: `rule` and `is_infected`. Intervals are Wilson's.
    """
    counts = exposed.group_by("rule").aggregate([("is_infected", "count"), ("is_infected", "sum")]).sort_by("rule")
    rows = [
        (rule, count, infected or 0, (infected or 0) / count, *_wilson(infected or 0, count))
        for rule, count, infected in zip(*(counts[name].to_pylist() for name in counts.column_names), strict=True)
    ]
    return pa.table(list(zip(*rows, strict=True)) or [()] * len(ATTACK_RATES), schema=ATTACK_RATES)


def _wilson(happened: int, of: int) -> tuple[float, float]:
    """The 95 % interval of a share (Wilson, J Am Stat Assoc 1927; 22, 209)."""
    share, square = happened / of, _NORMAL**2 / of
    middle, half = share + square / 2, _NORMAL * ((share * (1 - share) + square / 4) / of) ** 0.5
    return max((middle - half) / (1 + square), 0.0), min((middle + half) / (1 + square), 1.0)


def _log_likelihood(tally: Tally, *, mean: float, k: float) -> float:
    """Of a negative binomial with a mean and a dispersion, but for what hangs on the offspring alone."""
    offspring, cases = tally
    of_another = mean / (k + mean)
    each = _log_gamma(offspring + k) - math.lgamma(k) + k * np.log1p(-of_another) + offspring * np.log(of_another)
    return float((cases * each).sum())


def _best_k(tally: Tally, *, mean: float) -> float:
    """The k that makes the offspring most likely, sought on its logarithm."""

    def of_log(log_k: float) -> float:
        return _log_likelihood(tally, mean=mean, k=float(np.exp(log_k)))

    return float(np.exp(find_highest(of_log, low=float(np.log(_LOW_K)), high=float(np.log(_HIGH_K)))))


def _interval(likelihood: Callable[[float], float], *, best: float, low: float, high: float) -> Estimate:
    """Where the likelihood has dropped by as much as chance explains, within bounds."""
    edge = likelihood(best) - _DROP

    def above(log_value: float) -> float:
        return likelihood(float(np.exp(log_value))) - edge

    ends = []
    for bound in (low, high):
        is_open = above(float(np.log(bound))) > 0
        around = sorted((float(np.log(bound)), float(np.log(best))))
        ends.append(bound if is_open else float(np.exp(find_crossing(above, low=around[0], high=around[1]))))
    return Estimate(value=best, low=ends[0], high=ends[1])
