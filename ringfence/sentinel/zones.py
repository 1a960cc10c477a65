"""Zones of a scan: circles around each site, grown site by site, and time windows that end today."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ringfence.errors import InputRefused
from ringfence.sentinel.counts import Matrix, Points


@dataclass(frozen=True)
class Circles:
    """For each centre the sites by distance, and how many of them its largest circle holds."""

    order: Points
    sizes: Points
    closed: NDArray[np.bool_]

    def members(self, centre: int, size: int) -> Points:
        """The sites of a circle, nearest first."""
        return np.asarray(self.order[centre, :size])


def draw_circles(places: Matrix, *, weights: Matrix, most: float) -> Circles:
    """Circles around every site (sites, 2) with at most the share `most` of all weights (population, or cases).

    A circle that would cut through sites at one distance is not `closed` there and is no zone. Kulldorff (1997),
    Communications in Statistics 26:1481.
    """
    if not 0 < most <= 1:
        raise InputRefused("a share of {share} is none between 0 and 1", share=most)
    away = np.sqrt(((places[:, None] - places) ** 2).sum(axis=-1))
    order = np.argsort(away, axis=1, kind="stable")
    distances = np.take_along_axis(away, order, axis=1)
    closed = np.ones(order.shape, dtype=bool)
    closed[:, :-1] = distances[:, 1:] > distances[:, :-1]
    within = np.cumsum(weights[order], axis=1) <= most * weights.sum() * (1 + 1e-12)
    return Circles(order, within.sum(axis=1), closed)


def unlike(chosen: list[Points], members: Points) -> bool:
    """Whether a zone shares no site with those chosen already."""
    return not any(np.isin(members, other).any() for other in chosen)
