"""Bad counts: each defined, none of them stops the batch, and none passes as a silent "no alarm" (policy 4.2)."""

import numpy as np
import pytest

from ringfence.sentinel import Counts, Status, detect

FREQUENCY = {"weekly": 52, "daily": 365, "farrington_flexible": 52, "ears": 365}
LENGTH = {"weekly": 330, "daily": 90, "farrington_flexible": 330, "ears": 90}
CONTROL: dict[str, dict[str, object]] = {"farrington_flexible": {"b": 5, "compat": None}}


def series(detector: str) -> dict[str, np.ndarray]:
    """One sound series among those that are not."""
    rows, rng = LENGTH[detector], np.random.default_rng(4)
    usual = rng.poisson(9, rows).astype(float)
    gaps = usual.copy()
    gaps[rng.random(rows) < 0.3] = np.nan
    gaps[-1] = 60
    one_day = np.full(rows, np.nan)
    one_day[-1] = 5
    return {
        "sound": usual,
        "gaps": gaps,
        "zeros": np.zeros(rows),
        "zeros and then one": np.append(np.zeros(rows - 1), 1.0),
        "huge": usual * 1e11,
        "huge and then more": np.append(usual[:-1] * 1e11, 1e14),
        "one day": one_day,
        "nothing": np.full(rows, np.nan),
        "silent today": np.append(usual[:-1], np.nan),
        "constant": np.full(rows, 7.0),
    }


@pytest.mark.parametrize("detector", FREQUENCY)
def test_no_series_stops_the_others_or_passes_untested_as_quiet(detector: str) -> None:
    told = series(detector)
    matrix = np.column_stack(list(told.values()))
    rows = LENGTH[detector]
    counts = Counts(tuple(told), matrix, np.ones_like(matrix), FREQUENCY[detector])
    control = CONTROL.get(detector, {}) | {"range": [rows, rows]}
    found = detect(counts, detector=detector, control=control)
    status = dict(zip(told, found.status[0].tolist(), strict=True))
    alarm = dict(zip(told, found.columns["alarm"][0].tolist(), strict=True))
    assert status["sound"] == Status.TESTED
    assert status["nothing"] == status["silent today"] == Status.MISSING
    assert status["one day"] != Status.TESTED
    assert status["gaps"] != Status.TESTED or alarm["gaps"] == 1
    for name, one in status.items():
        assert (one == Status.TESTED) == (not np.isnan(alarm[name])), name
    assert sum(found.count_statuses().values()) == len(told)


@pytest.mark.parametrize("detector", ["weekly", "daily"])
def test_huge_counts_are_tested_like_small_ones(detector: str) -> None:
    told = series(detector)
    matrix = np.column_stack([told["huge"], told["huge and then more"]])
    counts = Counts(("huge", "more"), matrix, np.ones_like(matrix), FREQUENCY[detector])
    found = detect(counts, detector=detector, control={"range": [len(matrix), len(matrix)]})
    assert (found.status == Status.TESTED).all()
    assert found.columns["alarm"][0].tolist() == [0, 1]
