"""Many series at once, ways of reporting that change, and holidays."""

from datetime import date, timedelta

import numpy as np
import pytest
from scipy.stats import false_discovery_control

from ringfence.errors import InputRefused
from ringfence.sentinel import Counts, Status, control_discoveries, detect, find_discoveries, forget_before_changes

FIRST = date(2015, 1, 5)


def weekly(columns: np.ndarray) -> Counts:
    days = (FIRST - date(1970, 1, 1)).days + 7 * np.arange(len(columns))
    units = tuple(f"site {number}" for number in range(columns.shape[1]))
    return Counts(units, columns.astype(float), np.ones(columns.shape), 52, days)


@pytest.mark.parametrize(("are_dependent", "method"), [(False, "bh"), (True, "by")])
def test_discoveries_are_those_of_scipy(are_dependent: bool, method: str) -> None:
    p = np.random.default_rng(1).beta(0.4, 2, (20, 60))
    found = find_discoveries(p, rate=0.1, are_dependent=are_dependent)
    assert np.array_equal(found, false_discovery_control(p, axis=1, method=method) <= 0.1)
    assert found.any()
    assert not found.all()


def test_what_was_not_tested_is_neither_a_discovery_nor_a_test() -> None:
    p = np.array([[0.001, 0.04, np.nan, np.nan]])
    assert find_discoveries(p, rate=0.05).tolist() == [[True, True, False, False]]
    assert find_discoveries(np.full((1, 3), np.nan), rate=0.05).tolist() == [[False] * 3]


def test_few_alarms_are_left_where_nothing_happens_and_an_outbreak_stays() -> None:
    counts = np.random.default_rng(2).poisson(20, (270, 400))
    counts[-1, 7] = 90
    found = detect(weekly(counts), detector="farrington_flexible", control={"alpha": 0.05, "compat": None})
    held = control_discoveries(found, rate=0.05)
    assert (found.columns["alarm"][-1] == 1).sum() > 10
    assert (held.columns["alarm"][-1] == 1).sum() <= 3
    assert held.columns["alarm"][-1, 7] == 1
    with pytest.raises(InputRefused, match="gives no p"):
        control_discoveries(detect(weekly(counts), detector="ears", control={}), rate=0.05)


def test_what_was_counted_otherwise_is_not_compared_with() -> None:
    counts = np.random.default_rng(3).poisson(5, (330, 2))
    counts[200:] += 15  # from then on, every visit is counted and not every patient
    changed = forget_before_changes(weekly(counts), {"site 0": FIRST + timedelta(weeks=200)})
    found = detect(changed, detector="ears", control={"range": [195, 230]})
    other = detect(changed, detector="ears", control={"method": "C2", "range": [201, 203]})
    assert (found.columns["alarm"][:, 0] == 1).sum() == 0
    assert found.columns["alarm"][6, 1] == 1
    assert found.status[6, 0] == Status.NO_BOUND
    assert (other.status[:, 0] != Status.TESTED).all()
    with pytest.raises(InputRefused, match="no unit of these counts"):
        forget_before_changes(weekly(counts), {"nowhere": FIRST})


def test_a_holiday_is_taken_for_a_sunday() -> None:
    days = (FIRST - date(1970, 1, 1)).days + np.arange(68)
    usual = np.where((days + 3) % 7 == 6, 4.0, 30.0) + np.random.default_rng(4).integers(0, 3, 68)
    usual[-1] = 5  # the last day is a holiday, a Friday, and a Sunday's number is all that comes
    usual[-15] = 5
    counts = Counts(("A",), usual[:, None], np.ones((68, 1)), 365, days)
    holidays = [(FIRST + timedelta(days=int(back))).isoformat() for back in (67, 53)]
    plain = detect(counts, detector="cdc_regression", control={})
    told = detect(counts, detector="cdc_regression", control={"holidays": holidays})
    assert plain.columns["baseline_expected"][-1, 0] > 15
    assert told.columns["baseline_expected"][-1, 0] < 8
