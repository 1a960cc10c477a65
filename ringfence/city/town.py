"""The city before anything happens in it: areas, people, households, places, and everybody's habits."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from ringfence.city.areas import Areas, read_area_rows, settle_areas
from ringfence.city.arrays import Flags, Ints, Texts, either, join, numerals
from ringfence.city.cards import write_cards
from ringfence.city.households import Households, draw_households
from ringfence.city.occupations import Occupations, Rooms, occupy
from ringfence.city.options import CityOptions
from ringfence.city.people import People, draw_people
from ringfence.city.settings import Setting
from ringfence.city.venues import Places, open_places

HABIT_REACH = np.array([0.65, 0.23, 0.12])


@dataclass(frozen=True)
class Town:
    """Everything that stays the same over the period; `favourite` is a place for each person and setting."""

    options: CityOptions
    areas: Areas
    homes: Households
    people: People
    card: pa.Table
    places: Places
    rooms: Rooms
    occupations: Occupations
    favourite: npt.NDArray[np.int32]

    @property
    def person_ids(self) -> Texts:
        """The register's id of everybody, empty for who is on no register (shape persons)."""
        number = self.people.register_no
        return either(number >= 0, join("R", numerals(number, width=8)), "")

    @property
    def household_ids(self) -> Texts:
        """The register's id of everybody's household, empty for who has none here (shape persons)."""
        number = self.people.household
        return either(number >= 0, join("H", numerals(number + 1, width=7)), "")

    def at_work_in(self, *settings: Setting) -> Flags:
        """Who works or learns in one of the settings (shape persons)."""
        place = self.occupations.place
        return (place >= 0) & np.isin(self.places.setting[place], settings)


def build_town(options: CityOptions, *, areas_file: Path | None) -> Town:
    """The city of the options in the hierarchy of the area file, or of the invented one; AreasRefused."""
    areas = settle_areas(options, read_area_rows(areas_file))
    homes = draw_households(options, township_weight=areas.weight)
    people = draw_people(options, areas, homes)
    places = open_places(options, areas, homes, people)
    occupations, rooms = occupy(options, homes, people, places)
    return Town(
        options=options,
        areas=areas,
        homes=homes,
        people=people,
        card=write_cards(options, areas, homes, people),
        places=places,
        rooms=rooms,
        occupations=occupations,
        favourite=draw_favourites(options, people.township, places),
    )


def draw_favourites(options: CityOptions, township: Ints, places: Places) -> npt.NDArray[np.int32]:
    """The place of every setting that somebody goes back to (shape persons, settings)."""
    dice = options.dice("favourites")
    favourite = np.empty((township.size, len(Setting)), dtype=np.int32)
    for setting in Setting:
        favourite[:, setting] = places.choose(
            np.full(township.size, int(setting)),
            township,
            reach=dice.choice(HABIT_REACH.size, size=township.size, p=HABIT_REACH),
            luck=dice.random(township.size),
        )
    return favourite
