"""Poisson regression of many series on one design: the baseline of charts that accumulate evidence."""

import numpy as np

from ringfence.sentinel.counts import Matrix
from ringfence.sentinel.log_linear import START, STEPS, TOLERANCE


def fit_poisson(counts: Matrix, design: Matrix) -> Matrix:
    """Coefficients (columns, series) of log means, as glm of R finds them; a missing count has no weight.

    `counts` are (rows, series), `design` (rows, columns). NaN for a series that has too few reports to fit.
    """
    present = np.isfinite(counts)
    counts, begun = np.where(present, counts, 0), np.where(present, counts, 0) + START
    coefficients = _step(design, present * begun, np.log(begun) - START / begun)
    deviance = np.full(counts.shape[1], np.inf)
    with np.errstate(all="ignore"):
        for _ in range(STEPS):
            logarithm = design @ coefficients
            mean = np.exp(logarithm)
            kept = np.where(counts > 0, counts * (np.log(np.maximum(counts, 1e-300)) - logarithm), 0)
            now = 2 * (present * (kept - (counts - mean))).sum(axis=0)
            moving = ~(np.abs(now - deviance) / (np.abs(now) + 0.1) < TOLERANCE)
            if not moving.any():
                break
            deviance = now
            further = _step(design, present * mean, logarithm + (counts - mean) / mean)
            coefficients = np.where(moving, further, coefficients)
    return coefficients


def _step(design: Matrix, weights: Matrix, aim: Matrix) -> Matrix:
    """Weighted least squares for each series."""
    aim = np.where(weights > 0, aim, 0)
    matrix = np.einsum("ni,ns,nj->sij", design, weights, design, optimize=True)
    right = np.einsum("ni,ns->si", design, weights * aim)
    solvable = np.isfinite(matrix).all(axis=(1, 2)) & (np.linalg.matrix_rank(np.nan_to_num(matrix)) == design.shape[1])
    found = np.full((design.shape[1], len(matrix)), np.nan)
    found[:, solvable] = np.linalg.solve(matrix[solvable], right[solvable, :, None])[..., 0].T
    return found


def harmonics(rows: Matrix, *, frequency: int, waves: int, has_trend: bool) -> Matrix:
    """A design of a constant, a trend if wanted, and waves of a year and its parts; `rows` are times in rows."""
    angle = 2 * np.pi * rows / frequency
    columns = [np.ones(len(rows))]
    if has_trend:
        columns.append(rows / frequency)
    for wave in range(1, waves + 1):
        columns += [np.cos(wave * angle), np.sin(wave * angle)]
    return np.column_stack(columns)
