"""What can be asked of the synthetic city, and what it answers when it has been written."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

import numpy as np

from ringfence.city.arrays import dice
from ringfence.city.kernels import KERNELS
from ringfence.errors import InputRefused


class Carefulness(StrEnum):
    """How well the departments write: without a slip, as they usually do, or three times as badly."""

    FLAWLESS = "flawless"
    USUAL = "usual"
    CARELESS = "careless"


SLIPS = {Carefulness.FLAWLESS: 0.0, Carefulness.USUAL: 1.0, Carefulness.CARELESS: 3.0}
"""What every rate of a slip is multiplied by."""


@dataclass(frozen=True, kw_only=True)
class CityOptions:
    """A city to be written; equal options give equal bytes. InputRefused for what cannot be a city.

    `non_resident_share` is the share, of everybody seen in the city, who are not on its register. `check_in_share` is
    about the share of visits that leave a check-in behind. `with_id_numbers=False` leaves the ID number out of every
    file but the register, and changes nothing else. With `every_department` carriers, hotels, schools, employers,
    sentinels and other cities send files too, which changes nothing of the others. `centre` is where the city lies
    (degrees east and north).
    """

    residents: int = 100_000
    days: int = 14
    first_day: date = date(2022, 3, 1)
    seed: int = 1
    kernel: str = "droplet"
    disease: str = "covid19"
    imported_cases: int = 6
    check_in_share: float = 0.4
    non_resident_share: float = 0.3
    carefulness: Carefulness = Carefulness.USUAL
    with_id_numbers: bool = True
    every_department: bool = False
    centre: tuple[float, float] = (113.3, 40.08)

    def __post_init__(self) -> None:
        check_options(self)

    @property
    def slips(self) -> float:
        """How many slips the departments make, compared with usual."""
        return SLIPS[self.carefulness]

    def dice(self, *labels: str | int) -> np.random.Generator:
        """This city's random numbers for one use."""
        return dice(self.seed, *labels)


def check_options(options: CityOptions) -> None:
    """Refuse what cannot be a city: InputRefused."""
    if options.kernel not in KERNELS:
        raise InputRefused(
            "no kernel '{kernel}'; take one of: {known}", kernel=options.kernel, known=", ".join(KERNELS)
        )
    limits = {
        "residents": (100, 10_000_000),
        "days": (1, 366),
        "seed": (0, 2**63 - 1),
        "imported_cases": (0, options.residents // 10),
        "check_in_share": (0, 1),
        "non_resident_share": (0, 0.9),
    }
    for name, (least, most) in limits.items():
        if not least <= getattr(options, name) <= most:
            raise InputRefused("{name} must lie between {least} and {most}", name=name, least=least, most=most)


@dataclass(frozen=True, kw_only=True)
class CitySummary:
    """What was written, in numbers: `rows` counts data rows by format; `infected` includes the imported cases.

    `confirmed` are the cases reported within the period.
    """

    residents: int
    non_residents: int
    households: int
    places: int
    visits: int
    infected: int
    confirmed: int
    rows: Mapping[str, int] = field(default_factory=dict)
