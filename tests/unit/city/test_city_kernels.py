"""Each kernel against an independent reckoning of the same physics, and against what sets it apart from the others."""

import numpy as np
import pytest

from ringfence.city.epidemic import find_first
from ringfence.city.kernels import KERNELS, HomeMeetings, RoomMeetings, airborne, droplet, superspread


def meet(
    *, source: tuple[float, float], target: tuple[float, float], others: int = 0, power: float = 1.0
) -> RoomMeetings:
    """A source's stay in a room and a target's, in hours, and others who stay as long as the source."""
    pairs = 1 + others
    return RoomMeetings(
        stay=np.zeros(pairs, dtype=np.int64),
        room=np.full(pairs, 7),
        source=np.full(pairs, 1000),
        target=np.arange(pairs),
        source_from_s=np.full(pairs, int(source[0] * 3600)),
        source_until_s=np.full(pairs, int(source[1] * 3600)),
        target_from_s=np.array([int(target[0] * 3600)] + [int(source[0] * 3600)] * others),
        target_until_s=np.array([int(target[1] * 3600)] + [int(source[1] * 3600)] * others),
        shedding=np.ones(pairs),
        power=np.full(pairs, power),
        m3=np.full(pairs, 120.0),
        air_changes_per_h=np.full(pairs, 2.0),
    )


def at_home(hours: float, power: float = 1.0) -> HomeMeetings:
    return HomeMeetings(
        source=np.zeros(1, dtype=np.int64),
        target=np.ones(1, dtype=np.int64),
        together_s=np.array([int(hours * 3600)]),
        shedding=np.ones(1),
        power=np.full(1, power),
    )


def test_whoever_comes_first_is_the_infector() -> None:
    target, at = np.array([5, 3, 5, 5, 3]), np.array([40, 20, 10, 30, 20])
    assert find_first(target, at).tolist() == [1, 2]
    assert find_first(target[:0], at[:0]).tolist() == []


@pytest.mark.parametrize(
    ("source", "target"),
    [
        ((9, 12), (9, 12)),
        ((9, 12), (8, 10)),
        ((9, 12), (11, 15)),
        ((9, 10), (10.5, 12)),
        ((9, 10), (9.25, 9.5)),
        ((9, 9.1), (9.05, 20)),
    ],
)
def test_airborne_dose_equals_the_room_integrated_second_by_second(
    source: tuple[float, float], target: tuple[float, float]
) -> None:
    loss = 2.0 + airborne.DECAY_AND_SETTLING_PER_H
    step, concentration, inhaled = 1 / 3600, 0.0, 0.0
    for second in range(int(source[0] * 3600), int(target[1] * 3600)):
        emits = airborne.QUANTA_PER_H if second < source[1] * 3600 else 0.0
        if second >= target[0] * 3600:
            inhaled += airborne.BREATH_M3_PER_H * concentration * step
        concentration += (emits / 120.0 - loss * concentration) * step
    assert airborne.room_dose(meet(source=source, target=target))[0] == pytest.approx(inhaled, rel=2e-3, abs=1e-5)


def test_only_air_infects_after_the_source_has_left() -> None:
    gone = meet(source=(9, 10), target=(10.2, 12))
    assert airborne.room_dose(gone)[0] > 0
    assert droplet.room_dose(gone)[0] == 0
    assert superspread.room_dose(gone)[0] == 0
    assert {name: kernel.lingers for name, kernel in KERNELS.items()} == {
        "droplet": False,
        "airborne": True,
        "superspread": False,
    }


def test_a_crowd_thins_out_droplets_only() -> None:
    for others, near in ((2, 1.0), (100, 0.05)):
        doses = droplet.room_dose(meet(source=(9, 12), target=(9, 12), others=others))
        assert (doses > 0).mean() == pytest.approx(near, abs=0.05)
    alone, crowd = (meet(source=(9, 12), target=(9, 12), others=others) for others in (0, 100))
    assert airborne.room_dose(crowd)[0] == airborne.room_dose(alone)[0]
    assert superspread.room_dose(crowd)[0] == superspread.room_dose(alone)[0]


def test_neighbours_stay_neighbours_from_day_to_day() -> None:
    first, second = (
        droplet.room_dose(meet(source=hours, target=hours, others=60)) > 0 for hours in ((9, 12), (14, 17))
    )
    assert np.array_equal(first, second)


def test_long_gatherings_count_more_than_their_hours_under_superspread_only() -> None:
    short, long = (meet(source=(9, 9 + hours), target=(9, 9 + hours)) for hours in (0.5, 1.0))
    assert superspread.room_dose(long)[0] > 3.5 * superspread.room_dose(short)[0]
    assert droplet.room_dose(long)[0] == pytest.approx(2 * droplet.room_dose(short)[0])


def test_power_is_one_on_average_and_most_unequal_under_superspread() -> None:
    spread = {}
    for name, kernel in KERNELS.items():
        power = np.sort(kernel.draw_power(np.random.default_rng(1), 200_000))
        assert power.mean() == pytest.approx(1.0, rel=0.03)
        assert power.min() >= 0
        spread[name] = power[-20_000:].sum() / power.sum()
    assert spread["superspread"] > 0.45 > spread["airborne"] > spread["droplet"]


@pytest.mark.parametrize("name", sorted(KERNELS))
def test_doses_grow_with_time_and_power_and_vanish_without(name: str) -> None:
    kernel = KERNELS[name]
    hours = [kernel.room_dose(meet(source=(8, 8 + one), target=(8, 8 + one)))[0] for one in (0.0, 0.5, 2.0, 6.0)]
    assert hours[0] == 0
    assert hours == sorted(hours)
    assert hours[-1] > hours[1] > 0
    assert kernel.room_dose(meet(source=(8, 9), target=(8, 9), power=0.0))[0] == 0
    assert kernel.home_dose(at_home(0.0))[0] == 0
    assert 0.05 < 1 - np.exp(-kernel.home_dose(at_home(14.0))[0]) < 0.6
    assert kernel.home_dose(at_home(5.0, power=4.0))[0] > kernel.home_dose(at_home(5.0))[0]
