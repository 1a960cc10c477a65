"""Whom a sheet's rows are about, as a department wrote them down in more or less of a hurry."""

import numpy as np
import pyarrow as pa

from ringfence.city.arrays import Flags, Ints, Texts
from ringfence.city.mistakes import write_down
from ringfence.city.town import Town

IN_FULL = ("name", "sex", "birth_date", "id_number", "phone", "address")
IN_BRIEF = ("name", "id_number", "phone")


def write_identities(
    town: Town, person: Ints, columns: tuple[str, ...], dice: np.random.Generator, *, haste: float
) -> dict[str, Texts]:
    """The asked columns of each person, with the slips of a hurry (1 is usual); without ID numbers if none are kept."""
    written = write_down(town.card.take(pa.array(person)), columns, dice, slips=haste * town.options.slips)
    identity = {column: written[column].combine_chunks() for column in columns}
    if "id_number" in columns and not town.options.with_id_numbers:
        identity["id_number"] = pa.array([""] * person.size, pa.string())
    return identity


def write_twice(dice: np.random.Generator, rows: Ints, *, share: float) -> Ints:
    """Rows some of which stand there a second time."""
    doubled: Flags = dice.random(rows.size) < share
    return np.repeat(rows, 1 + doubled)
