"""R as EpiEstim estimates it, and what it does not know."""

import csv
from pathlib import Path

import numpy as np
import pytest

from ringfence.errors import InputRefused
from ringfence.sentinel import discretise_interval, estimate_reproduction, infectivity

QUANTILES = {"0.025": 0.025, "0.05": 0.05, "0.25": 0.25, "0.75": 0.75, "0.95": 0.95, "0.975": 0.975}


def read(folder: Path, name: str) -> dict[str, np.ndarray]:
    with (folder / "sentinel" / "epiestim" / f"{name}.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    return {key: np.array([np.nan if row[key] == "NA" else float(row[key]) for row in rows]) for key in rows[0]}


@pytest.mark.parametrize(
    ("case", "interval", "prior"),
    [
        ("nonparam_weekly", "given", (5, 5)),
        ("t2_8", "given", (5, 5)),
        ("two_windows_prior2_3", "given", (2, 3)),
        ("parametric_2.6_1.5", "parametric", (5, 5)),
    ],
)
def test_r_is_that_of_epiestim(case: str, interval: str, prior: tuple[float, float], shared_data: Path) -> None:
    cases = read(shared_data, "Flu2009_incidence")["I"][:, None]
    si = read(shared_data, "Flu2009_si")["si"] if interval == "given" else discretise_interval(2.6, 1.5, days=33)
    wanted = read(shared_data, f"Flu2009_{case}")
    windows = (wanted["t_start"].astype(int) - 1, wanted["t_end"].astype(int) - 1)
    found = estimate_reproduction(cases, si, windows=windows, prior_mean=prior[0], prior_deviation=prior[1])
    assert found.mean[:, 0] == pytest.approx(wanted["Mean(R)"], rel=1e-9)
    assert found.deviation[:, 0] == pytest.approx(wanted["Std(R)"], rel=1e-9)
    assert found.quantile(0.5)[:, 0] == pytest.approx(wanted["Median(R)"], rel=1e-9)
    for name, share in QUANTILES.items():
        assert found.quantile(share)[:, 0] == pytest.approx(wanted[f"Quantile.{name}(R)"], rel=1e-9)


def test_windows_are_every_week_from_the_second_day_unless_told(shared_data: Path) -> None:
    wanted = read(shared_data, "Flu2009_nonparam_weekly")
    found = estimate_reproduction(np.ones((32, 1)), read(shared_data, "Flu2009_si")["si"])
    assert (found.starts + 1).tolist() == wanted["t_start"].tolist()
    assert (found.ends + 1).tolist() == wanted["t_end"].tolist()


def test_the_interval_and_the_infectivity_are_those_of_epiestim(shared_data: Path) -> None:
    wanted = read(shared_data, "discr_si_2.6_1.5")
    assert discretise_interval(2.6, 1.5, days=21) == pytest.approx(wanted["discr_si"], rel=1e-9, abs=1e-14)
    cases = read(shared_data, "Flu2009_incidence")["I"][:, None]
    found = infectivity(cases, read(shared_data, "Flu2009_si")["si"])[:, 0]
    assert found == pytest.approx(read(shared_data, "Flu2009_overall_infectivity")["lambda"], rel=1e-9, nan_ok=True)


def test_a_missing_day_is_not_a_day_without_cases() -> None:
    cases = np.full((20, 2), 5.0)
    cases[10, 0] = np.nan
    found = estimate_reproduction(cases, np.array([0, 0.5, 0.5]))
    touched = (found.ends >= 10) & (found.starts <= 12)
    assert np.isnan(found.mean[touched, 0]).all()
    assert np.isfinite(found.mean[~touched, 0]).all()
    assert np.isfinite(found.mean[:, 1]).all()


@pytest.mark.parametrize("interval", [[0.2, 0.8], [0, 0.5, 0.2], [0, 1.5, -0.5]])
def test_an_interval_that_is_none_is_refused(interval: list[float]) -> None:
    with pytest.raises(InputRefused, match="no distribution"):
        estimate_reproduction(np.ones((20, 1)), np.array(interval))
