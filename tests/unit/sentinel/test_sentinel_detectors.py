"""What every detector keeps: options it knows, a status for what it cannot say, and batches that do not mix."""

from collections.abc import Callable, Mapping

import numpy as np
import pytest

from ringfence.errors import InputRefused, NotFound
from ringfence.sentinel import Alarms, Counts, Status, detect, read_detectors

WEEKS, DAYS = 330, 120
ON_DAYS = {"cdc_ewma", "cdc_regression", "cdc_switch", "daily", "ears"}
NEEDS_RANGE = {"cusum", "nb_cusum", "nb_glr"}
RED = {"alarm": 1.0, "alert": "red"}


def make_counts(columns: list[np.ndarray], *, gap: int) -> Counts:
    counts = np.column_stack(columns).astype(float)
    units = tuple(f"site {number}" for number in range(counts.shape[1]))
    days = 18_000 + gap * np.arange(len(counts))
    return Counts(units, counts, np.ones_like(counts), 365 if gap == 1 else 52, days)


def length_of(detector: str) -> int:
    return DAYS if detector in ON_DAYS else WEEKS


def usual(detector: str, *, seed: int = 1, mean: float = 12) -> np.ndarray:
    return np.random.default_rng(seed).poisson(mean, length_of(detector))


def ask(detector: str, *columns: np.ndarray, **control: object) -> Alarms:
    if detector in NEEDS_RANGE:
        control.setdefault("range", [length_of(detector) - 50, length_of(detector)])
    counts = make_counts(list(columns), gap=1 if detector in ON_DAYS else 7)
    return detect(counts, detector=detector, control=control)


def alarms_of(found: Alarms) -> np.ndarray:
    name = next(name for name in RED if name in found.columns)
    return np.asarray(found.columns[name] == RED[name])


@pytest.mark.parametrize("detector", read_detectors())
def test_an_option_that_is_not_known_is_refused(detector: str) -> None:
    with pytest.raises(InputRefused, match="unknown field `verbose`"):
        ask(detector, usual(detector), verbose=True)


@pytest.mark.parametrize("detector", read_detectors())
def test_a_range_beyond_the_counts_is_refused(detector: str) -> None:
    with pytest.raises(InputRefused, match="is not within"):
        ask(detector, usual(detector), range=[5, 5000])


@pytest.mark.parametrize("detector", read_detectors())
def test_a_tenfold_last_count_is_an_alarm(detector: str) -> None:
    series = usual(detector)
    series[-1] = 120
    assert alarms_of(ask(detector, series))[-1, 0]


@pytest.mark.parametrize("detector", read_detectors())
def test_a_series_is_judged_alike_alone_and_among_others(detector: str) -> None:
    columns = [usual(detector, seed=seed, mean=seed) for seed in range(1, 6)]
    columns[2][-3:] = 40
    together = ask(detector, *columns)
    for place, column in enumerate(columns):
        alone = ask(detector, column)
        assert np.array_equal(together.status[:, [place]], alone.status)
        for name, matrix in alone.columns.items():
            theirs = together.columns[name][:, [place]]
            if matrix.dtype.kind == "U":
                assert np.array_equal(matrix, theirs)
            else:
                assert np.allclose(matrix, theirs, rtol=1e-9, atol=1e-12, equal_nan=True), name


@pytest.mark.parametrize("detector", read_detectors())
def test_what_is_not_tested_is_no_silent_no_alarm(detector: str) -> None:
    missing = usual(detector).astype(float)
    missing[-1] = np.nan
    found = ask(detector, missing)
    assert found.status[-1, 0] == Status.MISSING
    assert found.count_statuses()["missing"] == 1
    assert not alarms_of(found)[-1, 0]


@pytest.mark.parametrize("detector", sorted(set(read_detectors()) - NEEDS_RANGE))
def test_one_day_of_history_is_short_and_no_alarm(detector: str) -> None:
    counts = make_counts([np.array([3]), np.array([9])], gap=1 if detector in ON_DAYS else 7)
    found = detect(counts, detector=detector, control={"range": [1, 1]})
    assert (found.status == Status.SHORT_HISTORY).all()
    assert not alarms_of(found).any()


HOSTILE: Mapping[str, Callable[[int], np.ndarray]] = {
    "zeros": np.zeros,
    "a trillion": lambda size: np.full(size, 1e12),
    "a trillion, varying": lambda size: 1e12 + 1e9 * np.sin(np.arange(size)),
    "nothing ever": lambda size: np.full(size, np.nan),
    "one count": lambda size: np.where(np.arange(size) == 0, 7.0, np.nan),
    "every other week": lambda size: np.where(np.arange(size) % 2, 4.0, np.nan),
    "zeros, then a trillion": lambda size: np.where(np.arange(size) < size - 1, 0.0, 1e12),
    "growing": lambda size: np.floor(np.exp(np.minimum(np.arange(size) / 8, 27))),
}


@pytest.mark.parametrize("detector", read_detectors())
def test_hostile_series_spoil_neither_the_batch_nor_the_statuses(detector: str) -> None:
    good = usual(detector)
    good[-1] = 120
    found = ask(detector, good, *[make(len(good)) for make in HOSTILE.values()])
    assert alarms_of(found)[-1, 0]
    tested = found.status == Status.TESTED
    assert not alarms_of(found)[~tested].any()
    bounds = [name for name in ("upperbound", "p.value", "upper") if name in found.columns]
    assert np.isfinite(found.columns[bounds[0]][tested]).all(), bounds


@pytest.mark.parametrize("detector", ["farrington_flexible", "farrington_classic", "ears", "bayes", "rare"])
def test_a_series_of_zeros_gives_no_alarm(detector: str) -> None:
    assert not alarms_of(ask(detector, np.zeros(length_of(detector)))).any()


def test_a_detector_that_is_not_there_is_named_with_those_that_are() -> None:
    with pytest.raises(NotFound, match="there is no detector guess; there are: bayes, cdc_ewma"):
        ask("guess", usual("guess"))


def test_charts_begin_anew_after_an_alarm_unless_told_not_to() -> None:
    series = usual("nb_cusum")
    series[-20] = 90
    again = alarms_of(ask("nb_cusum", series)).sum()
    held = alarms_of(ask("nb_cusum", series, reset=False)).sum()
    assert again == 1
    assert held > again


def test_the_bound_of_a_chart_is_the_least_count_that_gives_an_alarm() -> None:
    series = usual("nb_glr")
    bound = ask("nb_glr", series).columns["upperbound"][-1, 0]
    for count, is_alarm in ((bound - 1, False), (bound, True)):
        series[-1] = count
        assert alarms_of(ask("nb_glr", series))[-1, 0] == is_alarm


def test_a_rare_pathogen_is_an_alarm_at_two_cases_in_a_month_and_at_once_if_wanted() -> None:
    series = np.zeros(WEEKS)
    series[[100, WEEKS - 3, WEEKS - 1]] = 1
    found = alarms_of(ask("rare", series))
    assert found[-1, 0]
    assert found.sum() == 1
    assert alarms_of(ask("rare", series, atOnce=1)).sum() == 3


def test_the_clean_mode_says_nothing_where_nothing_was_tested() -> None:
    series = np.where(np.arange(WEEKS) % 60 == 0, 1.0, 0.0)
    found = ask("farrington_flexible", series, compat=None, b=4)
    assert (found.status == Status.FEW_CASES).any()
    assert np.isnan(found.columns["alarm"][found.status != Status.TESTED]).all()


def test_the_weekly_default_wants_three_years_and_takes_as_many_as_there_are() -> None:
    series = usual("weekly", seed=4)
    found = ask("weekly", series, range=[100, WEEKS])
    assert (found.status[:57] == Status.SHORT_HISTORY).all()
    assert (found.status[57:] == Status.TESTED).all()
    for years, row in ((3, 180), (6, WEEKS)):
        same = ask("weekly", series, range=[row, row], years=years)
        assert same.columns["upperbound"][0] == found.columns["upperbound"][row - 100]


def test_the_weekly_default_knows_the_mean_of_waves_and_a_trend_it_was_given() -> None:
    week = np.arange(WEEKS)
    mean = np.exp(4 + 0.002 * week + 0.5 * np.cos(2 * np.pi * week * 7 / 365.2425))
    series = np.random.default_rng(8).poisson(np.tile(mean[:, None], (1, 200)))
    found = ask("weekly", *series.T, range=[WEEKS, WEEKS])
    assert abs(found.columns["expected"].mean() / mean[-1] - 1) < 0.02
    assert abs(found.columns["ratio"].mean() - 1) < 0.1


def test_a_past_outbreak_hardly_raises_the_bound_of_the_weekly_default() -> None:
    quiet = usual("weekly", seed=5, mean=20)
    struck = quiet.copy()
    struck[[200, 201]] += 60
    found = ask("weekly", quiet, struck, range=[WEEKS, WEEKS]).columns["upperbound"][0]
    assert abs(found[1] - found[0]) <= 2


def test_the_weekly_default_is_for_no_daily_counts() -> None:
    counts = make_counts([usual("ears")], gap=1)
    with pytest.raises(InputRefused, match="come 365 times a year"):
        detect(counts, detector="weekly", control={})
