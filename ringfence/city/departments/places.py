"""Industry and commerce: the places of the city with their kind and where they are."""

from collections.abc import Iterator

import pyarrow as pa

from ringfence.city.settings import FACTS, Setting
from ringfence.city.sheets import Sheet
from ringfence.city.truth import History


def write(history: History) -> Iterator[Sheet]:
    """One sheet: place_id, name, kind, area_code, longitude, latitude (degrees)."""
    places, areas = history.town.places, history.town.areas
    kinds = pa.array([FACTS[setting].kind.value for setting in Setting])
    yield Sheet(
        "places.csv",
        {
            "place_id": places.place_id,
            "name": places.name,
            "kind": kinds.take(pa.array(places.setting)),
            "area_code": pa.array(areas.code).take(pa.array(places.township)),
            "longitude": pa.array(places.longitude).cast(pa.string()),
            "latitude": pa.array(places.latitude).cast(pa.string()),
        },
    )
