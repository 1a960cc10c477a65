"""Recent days as they will look when all reports are in, from how late reports came before.

Lawless (1994), Canadian Journal of Statistics 22:15: the chance that a report comes with a delay of exactly d days,
given that it comes within d, is read off the reporting triangle and multiplied up. The Bayesian variant draws these
chances from beta distributions and what is still out from negative binomials.
"""

from dataclasses import dataclass

import numpy as np

from ringfence.errors import InputRefused
from ringfence.sentinel.counts import Matrix

DRAWS = 1000


@dataclass(frozen=True)
class Nowcast:
    """For the days at the end, (days, series): reported so far, the share expected to be, and the whole with bounds.

    `completeness` is 1 for days older than the longest delay; NaN, like what follows from it, where the past does not
    tell (nothing was ever reported with such a delay or less).
    """

    reported: Matrix
    completeness: Matrix
    expected: Matrix
    lower: Matrix
    upper: Matrix


def nowcast(triangle: Matrix, *, level: float = 0.95, seed: int = 0) -> Nowcast:
    """The days of a reporting triangle (days, delays, series), the last day being today.

    A cell is how many reports of a day came with a delay; cells after today are not looked at. Expected counts are
    Lawless's; bounds are those of the Bayesian variant, which holds what is not known of delays and of counts.
    """
    days, delays = triangle.shape[:2]
    seen = np.arange(days)[:, None] + np.arange(delays) < days
    cells = np.where(seen[..., None], triangle, 0.0)
    if not (np.isfinite(cells) & (cells >= 0)).all():
        raise InputRefused("a reporting triangle has a count below zero or none at all up to today; leave no cell out")
    exact, within = _delays(cells, seen)
    with np.errstate(divide="ignore", invalid="ignore"):
        chance = exact / within
        expected_share = _completeness(chance, days)
        reported = cells.sum(axis=1)
        expected = reported / expected_share
    lower, upper = _bounds(exact, within, reported, level=level, seed=seed)
    unknown = np.isnan(expected_share)
    return Nowcast(
        reported,
        expected_share,
        np.where(unknown, np.nan, expected),
        np.where(unknown, np.nan, lower),
        np.where(unknown, np.nan, upper),
    )


def _delays(cells: Matrix, seen: Matrix) -> tuple[Matrix, Matrix]:
    """Reports with exactly each delay, and within it, over the days that are old enough to tell; (delays, series)."""
    told = seen[..., None]
    return (cells * told).sum(axis=0), (np.cumsum(cells, axis=1) * told).sum(axis=0)


def _completeness(chance: Matrix, days: int) -> Matrix:
    """The share of each day's reports that is expected by today, from the chances of each delay (delays, ...)."""
    delays = len(chance)
    later = np.cumprod((1 - chance)[::-1], axis=0)[::-1]
    within = np.concatenate([later[1:], np.ones((1, *chance.shape[1:]))])
    age = np.minimum(np.arange(days)[::-1], delays - 1)
    return np.asarray(within[age])


def _bounds(exact: Matrix, within: Matrix, reported: Matrix, *, level: float, seed: int) -> tuple[Matrix, Matrix]:
    """Bounds of the whole counts from draws: chances after Jeffreys' prior, then what is still out."""
    rng = np.random.default_rng(seed)
    chance = rng.beta(exact + 0.5, within - exact + 0.5, size=(DRAWS, *exact.shape))
    chance[:, 0] = 0  # the shortest delay hides nothing
    share = np.stack([_completeness(draw, len(reported)) for draw in chance])
    out = rng.negative_binomial(reported + 0.5, np.clip(share, 1e-6, 1))
    tail = (1 - level) / 2
    lower, upper = np.quantile(reported + out, (tail, 1 - tail), axis=0)
    return np.asarray(lower), np.asarray(upper)
