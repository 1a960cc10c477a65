"""Scans for clusters in space, and in space and time: the most likely ones, and how likely chance is to make such.

Kulldorff (1997), Communications in Statistics 26:1481, for the spatial Poisson scan; Kulldorff, Heffernan, Hartman,
Assunção & Mostashari (2005), PLoS Medicine 2:e59, for the space-time permutation scan, which needs no denominators;
Abrams, Kulldorff & Kleinman (2010), International Journal of Health Geographics 9:61, for the Gumbel tail.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray
from scipy.special import xlogy

from ringfence.errors import InputRefused
from ringfence.sentinel.counts import Matrix, Points
from ringfence.sentinel.zones import Circles, draw_circles, unlike

Cases = NDArray[np.int64]
Numbers = TypeVar("Numbers", Cases, Matrix)
Simulate = Callable[[int], Cases]
EULER = 0.5772156649015329
FIRST_LEVEL = 0.1  # the share of replicates that are looked through once more, without a level


@dataclass(frozen=True)
class Cluster:
    """A zone: its sites by number, nearest to the centre first, its last `days`, and what speaks for it.

    `p` is by rank among the replicates, `gumbel_p` from a Gumbel distribution fitted to them; None without replicates.
    """

    centre: int
    sites: tuple[int, ...]
    days: int
    cases: int
    expected: float
    ratio: float
    p: float | None
    gumbel_p: float | None


@dataclass(frozen=True)
class _Scan:
    """Cases and what is expected in the last 1, 2, ... days of each site (sites, days), of `total` cases in all."""

    circles: Circles
    cases: Cases
    expected: Matrix
    total: int


def scan_space(
    cases: Cases, *, population: Matrix, places: Matrix, most: float = 0.5, replicates: int = 999, seed: int = 0
) -> list[Cluster]:
    """Clusters of cases (sites) against a population (sites), in circles with at most the share `most` of it.

    The most likely first, then those that share no site with one before and are as likely as not (p below 1).
    """
    counted, share = _checked(cases[:, None]), population / population.sum()
    total = int(counted.sum())
    circles = draw_circles(places, weights=population, most=most)
    rng = np.random.default_rng(seed)
    scan = _Scan(circles, counted, (total * share)[:, None], total)
    return _find(scan, replicates, lambda size: rng.multinomial(total, share, size=size).T[:, None])


def scan_space_time(
    cases: Cases, *, places: Matrix, days: int = 7, most: float = 0.5, replicates: int = 999, seed: int = 0
) -> list[Cluster]:
    """Clusters of cases (sites, days) that are alive today, against where and when cases were otherwise.

    Zones are circles with at most the share `most` of cases, over the last 1 to `days` days. Replicates keep how many
    cases each site and each day had, and deal the days out anew.
    """
    counted = _checked(cases)
    if not 1 <= days <= counted.shape[1]:
        raise InputRefused("a window of {days} days is none of the {all} days given", days=days, all=counted.shape[1])
    by_site, by_day, total = counted.sum(axis=1), counted.sum(axis=0), int(counted.sum())
    expected = np.outer(by_site, by_day) / max(total, 1)
    circles = draw_circles(places, weights=by_site.astype(float), most=most)
    sites = np.repeat(np.arange(len(counted)), by_site)
    dealt = np.repeat(np.arange(len(by_day), dtype=np.int32), by_day)[None]
    rng = np.random.default_rng(seed)

    def simulate(size: int) -> Cases:
        days_of = rng.permuted(np.repeat(dealt, size, axis=0), axis=1)
        cell = (sites * len(by_day) + days_of) * size + np.arange(size)[:, None]
        flat = np.bincount(cell.ravel(), minlength=counted.size * size)
        return _last_days(flat.reshape(*counted.shape, size), days)

    return _find(_Scan(circles, _last_days(counted, days), _last_days(expected, days), total), replicates, simulate)


def _checked(cases: Cases) -> Cases:
    if not (np.isfinite(cases) & (cases >= 0) & (cases == np.floor(cases))).all():
        raise InputRefused("a scan counts whole cases, none below zero; leave out what is missing")
    return np.asarray(cases, dtype=np.int64)


def _last_days(cells: Numbers, days: int) -> Numbers:
    """Sums over the last 1, 2, ... days; days are the second axis."""
    return np.cumsum(cells[:, ::-1], axis=1)[:, :days]


def likelihood(cases: Matrix, expected: Matrix, total: int) -> Matrix:
    """The logarithm of the likelihood ratio of a zone with more cases than expected; 0 for one with fewer."""
    rest, rest_expected = total - cases, np.maximum(total - expected, 0)
    with np.errstate(divide="ignore", invalid="ignore"):
        found = xlogy(cases, cases / expected) + xlogy(rest, rest / rest_expected)
    return np.asarray(np.where(cases > expected, found, 0.0))


def _find(scan: _Scan, replicates: int, simulate: Simulate) -> list[Cluster]:
    if not scan.total:
        return []
    centres, sizes = np.nonzero(_zones(scan))
    cases, expected = (
        np.cumsum(cells[scan.circles.order], axis=1)[centres, sizes] for cells in (scan.cases, scan.expected)
    )
    ratios = likelihood(cases.astype(float), expected.astype(float), scan.total)
    largest = _largest(scan, simulate(replicates)) if replicates else None
    chosen: list[Points] = []
    found = []
    for place in np.argsort(-ratios, axis=None, kind="stable"):
        zone, window = divmod(int(place), ratios.shape[1])
        if ratios[zone, window] <= 0:
            break
        members = scan.circles.members(int(centres[zone]), int(sizes[zone]) + 1)
        if not unlike(chosen, members):
            continue
        p, gumbel = _chance(float(ratios[zone, window]), largest)
        if p == 1:
            break
        chosen.append(members)
        found.append(
            Cluster(
                centre=int(centres[zone]),
                sites=tuple(members.tolist()),
                days=window + 1,
                cases=int(cases[zone, window]),
                expected=float(expected[zone, window]),
                ratio=float(ratios[zone, window]),
                p=p,
                gumbel_p=gumbel,
            )
        )
    return found


def _zones(scan: _Scan) -> NDArray[np.bool_]:
    """Which circles (centres, sizes) are zones."""
    return np.asarray(scan.circles.closed & (np.arange(len(scan.cases)) < scan.circles.sizes[:, None]))


def _chance(ratio: float, largest: Matrix | None) -> tuple[float | None, float | None]:
    """How often chance makes a ratio as large: by rank, and by a Gumbel distribution fitted by moments."""
    if largest is None:
        return None, None
    rank = (1 + (largest >= ratio - 1e-9).sum()) / (len(largest) + 1)
    scale = largest.std(ddof=1) * np.sqrt(6) / np.pi if len(largest) > 1 else 0
    if not scale:
        return float(rank), None
    return float(rank), float(-np.expm1(-np.exp(-(ratio - largest.mean() + EULER * scale) / scale)))


def _largest(scan: _Scan, simulated: Cases) -> Matrix:
    """The largest ratio of each replicate (sites, days, replicates).

    Only counts that reach a level are worth a logarithm: for each zone the least such count is known beforehand. The
    few replicates that never reach the level are looked through again without one.
    """
    counts: NDArray[Any] = simulated.astype(np.int16 if scan.total < np.iinfo(np.int16).max else np.int32)
    some = np.linspace(0, len(counts) - 1, min(len(counts), 8)).astype(int)
    level = np.quantile(_pass(scan, counts, some, 0.0), FIRST_LEVEL)
    largest = _pass(scan, counts, range(len(counts)), float(level))
    below = np.flatnonzero(largest < level)
    if len(below):
        largest[below] = _pass(scan, np.ascontiguousarray(counts[..., below]), range(len(counts)), 0.0)
    return largest


def _pass(scan: _Scan, counts: NDArray[Any], centres: Iterable[int], level: float) -> Matrix:
    """The largest ratio of each replicate over the zones around some centres, 0 where none reaches the level."""
    windows, replicates = counts.shape[1:]
    zones = _zones(scan)
    hits: list[tuple[Points, Matrix, Matrix]] = []
    for centre in centres:
        inside = np.zeros((windows, replicates), dtype=counts.dtype)
        order = scan.circles.order[centre, : scan.circles.sizes[centre]]
        expected = np.cumsum(scan.expected[order], axis=0)
        least = least_count(expected, scan.total, level).astype(counts.dtype)[..., None]
        for size, site in enumerate(order):
            np.add(inside, counts[site], out=inside)
            if zones[centre, size]:
                place = np.flatnonzero(inside >= least[size])
                if len(place):
                    hits.append((place % replicates, inside.ravel()[place], expected[size][place // replicates]))
    largest = np.zeros(replicates)
    if hits:
        which, cases, expected = (np.concatenate(part) for part in zip(*hits, strict=True))
        np.maximum.at(largest, which, likelihood(cases.astype(float), expected, scan.total))
    return largest


def least_count(expected: Matrix, total: int, level: float) -> Matrix:
    """The least count of each zone whose ratio reaches a level above 0; more than all cases where none does."""
    low, high = np.floor(expected), np.full(expected.shape, float(total + 1))
    while (high - low > 1).any():
        middle = np.floor((low + high) / 2)
        reaches = (likelihood(middle, expected, total) >= level) & (middle > expected)
        high, low = np.where(reaches, middle, high), np.where(reaches, low, middle)
    return high
