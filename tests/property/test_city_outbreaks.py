"""What the kernels do to a city of 20,000: enough happens, they differ, and a city without cases stays well."""

from collections import Counter

import numpy as np
import pytest

from ringfence.city import KERNEL_NAMES, CityOptions
from ringfence.city.epidemic import Outbreak, run_epidemic
from ringfence.city.natural_history import AT_HOME, NOBODY
from ringfence.city.town import build_town


def run(kernel: str, *, seed: int = 1, cases: int = 12) -> Outbreak:
    options = CityOptions(residents=20_000, days=12, imported_cases=cases, kernel=kernel, seed=seed)
    town = build_town(options, areas_file=None)
    return run_epidemic(town, keep=lambda _day, _visits: None, progress=lambda _share: None)


@pytest.fixture(scope="module")
def outbreaks() -> dict[str, list[Outbreak]]:
    return {kernel: [run(kernel, seed=seed) for seed in (1, 2, 3)] for kernel in KERNEL_NAMES}


def offspring(outbreak: Outbreak) -> Counter[int]:
    return Counter(outbreak.infections.infector[outbreak.infections.infector != NOBODY].tolist())


def test_an_outbreak_grows_but_leaves_most_of_the_city_well(outbreaks: dict[str, list[Outbreak]]) -> None:
    for kernel, found in outbreaks.items():
        infected = [one.infections.count for one in found]
        assert max(infected) > 2 * 12, kernel
        assert max(infected) < 20_000 * 0.1, kernel


def test_nobody_is_infected_twice_and_guests_never_at_home(outbreaks: dict[str, list[Outbreak]]) -> None:
    for found in outbreaks.values():
        for one in found:
            assert np.unique(one.infections.person).size == one.infections.count
            assert one.infections.place.min() >= -2


def test_the_kernels_end_differently_from_the_same_beginning(outbreaks: dict[str, list[Outbreak]]) -> None:
    infected = {kernel: set(found[0].infections.person.tolist()) for kernel, found in outbreaks.items()}
    begun = [
        set(found[0].infections.person[found[0].infections.infector == NOBODY].tolist()) for found in outbreaks.values()
    ]
    assert begun[0] == begun[1] == begun[2]
    for one in KERNEL_NAMES:
        for other in KERNEL_NAMES:
            if one < other:
                shared = len(infected[one] & infected[other]) / len(infected[one] | infected[other])
                assert shared < 0.7


def test_superspread_leaves_most_of_the_infecting_to_the_fewest(outbreaks: dict[str, list[Outbreak]]) -> None:
    def share_of_none(found: list[Outbreak]) -> float:
        return float(np.mean([1 - len(offspring(one)) / one.infections.count for one in found]))

    assert share_of_none(outbreaks["superspread"]) > share_of_none(outbreaks["droplet"])


def test_households_matter_under_every_kernel(outbreaks: dict[str, list[Outbreak]]) -> None:
    for kernel, found in outbreaks.items():
        places = np.concatenate([one.infections.place for one in found])
        assert 0.15 < (places == AT_HOME).sum() / (places != -2).sum() < 0.8, kernel


def test_without_imported_cases_nobody_is_ever_infected() -> None:
    outbreak = run("airborne", cases=0)
    assert outbreak.infections.count == 0
    assert outbreak.cases.person.size == 0
    assert outbreak.samples.count > 0


@pytest.mark.verify
def test_a_hundred_thousand_residents_see_some_dozens_to_some_hundreds_of_infections() -> None:
    for kernel in KERNEL_NAMES:
        infected = []
        for seed in range(1, 6):
            town = build_town(CityOptions(kernel=kernel, seed=seed), areas_file=None)
            outbreak = run_epidemic(town, keep=lambda _day, _visits: None, progress=lambda _share: None)
            infected.append(outbreak.infections.count)
        assert 20 <= np.median(infected) <= 400, (kernel, infected)
