"""Health: the sentinels of the city, which are its hospitals' fever clinics and its pharmacies."""

from collections.abc import Iterator

import numpy as np
import pyarrow as pa

from ringfence.city.arrays import Ints, Texts, either, join
from ringfence.city.settings import Setting
from ringfence.city.sheets import Sheet
from ringfence.city.town import Town
from ringfence.city.truth import History


def find_sites(town: Town) -> Ints:
    """The places that report every day, in their order."""
    return np.flatnonzero(np.isin(town.places.setting, (Setting.HOSPITAL, Setting.PHARMACY)))


def name_sites(town: Town, site: Ints) -> Texts:
    """The ids of sites (shape n)."""
    return join("S-", town.places.place_id.take(pa.array(site)))


def write(history: History) -> Iterator[Sheet]:
    """One sheet: site_id, site_name, site_kind, area_code."""
    town = history.town
    site = find_sites(town)
    is_hospital = town.places.setting[site] == Setting.HOSPITAL
    columns: dict[str, Texts] = {
        "site_id": name_sites(town, site),
        "site_name": town.places.name.take(pa.array(site)),
        "site_kind": either(is_hospital, pa.scalar("发热门诊"), "药店"),
        "area_code": pa.array(town.areas.code).take(pa.array(town.places.township[site])),
    }
    yield Sheet("sentinel_sites.csv", columns)
