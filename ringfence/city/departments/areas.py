"""Civil affairs: the hierarchy of areas as it was handed in."""

from collections.abc import Iterator

import pyarrow as pa

from ringfence.city.areas import COLUMNS
from ringfence.city.sheets import Sheet
from ringfence.city.truth import History


def write(history: History) -> Iterator[Sheet]:
    """One sheet: code, name, level, parent_code."""
    rows = history.town.areas.rows
    yield Sheet("areas.csv", {column: pa.array([row[column] for row in rows], pa.string()) for column in COLUMNS})
