"""Public security: the register of residents, carefully kept, but out of date where people moved."""

from collections.abc import Iterator

import numpy as np
import pyarrow as pa

from ringfence.city.arrays import either
from ringfence.city.mistakes import write_down
from ringfence.city.sheets import Sheet
from ringfence.city.truth import History

HASTE = 0.15
NO_PHONE_ON_FILE = 0.12
OLD_ADDRESS = 0.02
WRITTEN_TWICE = 0.0005
BROKEN_ROWS = 0.00005


def write(history: History) -> Iterator[Sheet]:
    """One sheet, person by person in order of area and household; some rows stand there twice."""
    town = history.town
    dice = town.options.dice("resident_register")
    card = write_down(
        town.card,
        ("name", "sex", "birth_date", "id_number", "phone", "address"),
        dice,
        slips=HASTE * town.options.slips,
    )
    count = town.people.count
    has_no_phone = dice.random(count) < NO_PHONE_ON_FILE
    has_moved = dice.random(count) < OLD_ADDRESS
    former = card["address"].take(pa.array(dice.integers(0, town.people.residents, count)))
    person = np.flatnonzero(town.people.register_no >= 0)
    person = person[np.lexsort((town.people.household[person], town.people.township[person]))]
    person = np.repeat(person, 1 + (dice.random(person.size) < WRITTEN_TWICE * town.options.slips))
    columns = {
        "person_id": town.person_ids,
        "household_id": town.household_ids,
        **{column: card[column].combine_chunks() for column in card.column_names},
        "phone": either(has_no_phone, "", card["phone"].combine_chunks()),
        "address": either(has_moved, former.combine_chunks(), card["address"].combine_chunks()),
        "area_code": pa.array(town.areas.code).take(pa.array(town.people.township)),
    }
    rows = {column: texts.take(pa.array(person)) for column, texts in columns.items()}
    yield Sheet("resident_register.csv", rows, broken_rows=BROKEN_ROWS * town.options.slips)
