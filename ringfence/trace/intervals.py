"""The serial interval of a protocol as a gamma distribution: days from one onset to the next (policy 2.2)."""

from typing import Any

import numpy as np
import numpy.typing as npt

from ringfence.policy import SerialInterval

Numbers = npt.NDArray[np.float64]


def share_within(interval: SerialInterval, days: npt.NDArray[Any]) -> Numbers:
    """The share of intervals of at most so many days (shape n)."""
    from scipy.special import gammainc  # noqa: PLC0415 - 17 MB and a moment that who asks for no interval need not have

    shares: Numbers = gammainc(_shape(interval), days / _scale(interval))
    return shares


def share_beyond(interval: SerialInterval, days: npt.NDArray[Any]) -> Numbers:
    """The share of intervals of more than so many days (shape n)."""
    from scipy.special import gammaincc  # noqa: PLC0415 - as above

    shares: Numbers = gammaincc(_shape(interval), days / _scale(interval))
    return shares


def interval_density(interval: SerialInterval, *, days: int) -> Numbers:
    """The chance of each whole number of days from one onset to the next, from 0 (shape days + 1)."""
    chances: Numbers = np.diff(share_within(interval, np.arange(days + 1) + 0.5), prepend=0.0)
    return chances


def _shape(interval: SerialInterval) -> float:
    return (interval.mean_days / interval.sd_days) ** 2


def _scale(interval: SerialInterval) -> float:
    return interval.sd_days**2 / interval.mean_days
