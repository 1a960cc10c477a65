"""The hierarchy of areas: a file's or an invented one, with where its townships lie and how many people live there."""

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from ringfence.city.arrays import Flags, Floats, Ints
from ringfence.city.names import read_material
from ringfence.city.options import CityOptions
from ringfence.errors import AreasRefused

TOWNSHIP = "township"
COLUMNS = ("code", "name", "level", "parent_code")
UNWRITABLE = ',"\r\n'
"""What no field of the city holds, so that its files need no quotes."""
STREET_OFFICE, TOWN = "街道", "镇"
CROWDING = {STREET_OFFICE: 4.0, TOWN: 1.4}
COUNTRYSIDE = 0.6
LATITUDE_KM = 111.32

AreaRow = Mapping[str, str]


@dataclass(frozen=True)
class Areas:
    """The hierarchy's rows, and its townships in order of county (shape townships each).

    `county` numbers the counties; `is_urban` marks street offices; `weight` is a township's share of the people;
    `longitude` and `latitude` are of its middle (degrees); `spread_km` is how far its places scatter around it.
    """

    rows: tuple[AreaRow, ...]
    code: tuple[str, ...]
    name: tuple[str, ...]
    county: Ints
    county_code: tuple[str, ...]
    county_name: tuple[str, ...]
    is_urban: Flags
    weight: Floats
    longitude: Floats
    latitude: Floats
    spread_km: Floats

    @property
    def id_prefix(self) -> Ints:
        """The six digits with which identity numbers of each county begin (shape counties)."""
        digits = ["".join(filter(str.isdigit, code))[:6].ljust(6, "0") for code in self.county_code]
        return np.array([int(one) for one in digits])


def read_area_rows(path: Path | None) -> tuple[AreaRow, ...]:
    """The rows of an area file, or of the invented hierarchy; AreasRefused for what cannot be a city."""
    if path is None:
        return read_material("areas.csv")
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            header, *lines = [*csv.reader(file)] or [[]]
    except (OSError, UnicodeDecodeError) as error:
        raise AreasRefused("{file} cannot be read as UTF-8; name an area file", file=path.name) from error
    if tuple(header) != COLUMNS:
        raise AreasRefused(
            "{file} line 1: the columns must be {expected}, not {found}",
            file=path.name,
            expected=",".join(COLUMNS),
            found=",".join(header) or "nothing",
        )
    for line, fields in enumerate(lines, start=2):
        if len(fields) != len(COLUMNS) or set("".join(fields)) & set(UNWRITABLE):
            raise AreasRefused(
                "{file} line {line}: the city needs four fields without comma, quote or line break",
                file=path.name,
                line=line,
            )
    rows = tuple(dict(zip(COLUMNS, fields, strict=True)) for fields in lines)
    check_hierarchy(rows, file=path.name)
    return rows


def check_hierarchy(rows: Sequence[AreaRow], *, file: str) -> None:
    """Refuse doubled codes, unknown parents, and a file without townships: AreasRefused."""
    lines = {row["code"]: line for line, row in reversed([*enumerate(rows, start=2)])}
    for line, row in enumerate(rows, start=2):
        code, parent = row["code"], row["parent_code"]
        if lines[code] != line:
            raise AreasRefused(
                "{file} line {line}: area {code} stands in line {first} already; remove one of the two",
                file=file,
                line=line,
                code=code,
                first=lines[code],
            )
        if parent and parent not in lines:
            raise AreasRefused(
                "{file} line {line}: area {code} names parent {parent}, which is not in the file; "
                "add it or mend the code",
                file=file,
                line=line,
                code=code,
                parent=parent,
            )
    if not any(row["level"] == TOWNSHIP and row["parent_code"] for row in rows):
        raise AreasRefused("{file}: no area of level township under another; the city needs one", file=file)


def settle_areas(options: CityOptions, rows: tuple[AreaRow, ...]) -> Areas:
    """Townships with a skewed population (log-normal, street offices fullest) around county seats around the centre."""
    townships = sorted((row for row in rows if row["level"] == TOWNSHIP and row["parent_code"]), key=by_county)
    county_code = tuple(dict.fromkeys(row["parent_code"] for row in townships))
    names = {row["code"]: row["name"] for row in rows}
    county = np.array([county_code.index(row["parent_code"]) for row in townships])
    is_urban = np.array([row["name"].endswith(STREET_OFFICE) for row in townships])
    dice = options.dice("areas")
    crowding = np.array(
        [CROWDING.get(row["name"][-2:], CROWDING.get(row["name"][-1:], COUNTRYSIDE)) for row in townships]
    )
    weight = crowding * dice.lognormal(0.0, 0.7, county.size)
    longitude, latitude = place_townships(options, dice, county=county, is_urban=is_urban)
    return Areas(
        rows=rows,
        code=tuple(row["code"] for row in townships),
        name=tuple(row["name"] for row in townships),
        county=county,
        county_code=county_code,
        county_name=tuple(names[code] for code in county_code),
        is_urban=is_urban,
        weight=weight / weight.sum(),
        longitude=longitude,
        latitude=latitude,
        spread_km=np.where(is_urban, 0.7, 2.5),
    )


def by_county(row: AreaRow) -> tuple[str, str]:
    """The order of townships: counties together."""
    return row["parent_code"], row["code"]


def place_townships(
    options: CityOptions, dice: np.random.Generator, *, county: Ints, is_urban: Flags
) -> tuple[Floats, Floats]:
    """Longitude and latitude of each township's middle: street offices near the centre, the rest around their seat."""
    counties = int(county.max()) + 1
    seats = dice.normal(0.0, 30.0, (counties, 2))[county]
    around_seat = seats + dice.normal(0.0, 9.0, (county.size, 2))
    around_centre = seats * 0.06 + dice.normal(0.0, 3.0, (county.size, 2))
    east_km, north_km = np.where(is_urban[:, None], around_centre, around_seat).T
    return move_km(*options.centre, east_km=east_km, north_km=north_km)


def move_km(
    longitude: Floats | float, latitude: Floats | float, *, east_km: Floats, north_km: Floats
) -> tuple[Floats, Floats]:
    """Degrees east and north after moving by kilometres (a sphere of 111.32 km a degree, good enough within a city)."""
    scale = LATITUDE_KM * np.cos(np.radians(latitude))
    return longitude + east_km / scale, latitude + north_km / LATITUDE_KM
