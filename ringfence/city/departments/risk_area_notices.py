"""The command: notices of other cities which of their areas are at risk."""

from collections.abc import Iterator

import numpy as np
import pyarrow as pa

from ringfence.city.arrays import Ints, Texts, either, join, numerals
from ringfence.city.names import read_material
from ringfence.city.sheets import Sheet, wall_days
from ringfence.city.truth import History
from ringfence.terms import RiskLevel

NOTICES = 5
DAYS_BEFORE, DAYS_IN_FORCE = 14, 14
ISSUER_UNKNOWN = 0.1


def name_risk_areas(number: Ints) -> Texts:
    """The areas at risk elsewhere, by number (shape n): a county of another province, as its code names it."""
    codes = pa.array([row["code"] for row in read_material("home_counties.csv")])
    return join("区划", codes.take(pa.array(number % len(codes))))


def write(history: History) -> Iterator[Sheet]:
    """One sheet with the notices of the period."""
    options = history.town.options
    dice = options.dice("risk_area_notices")
    number = np.arange(NOTICES)
    since = -dice.integers(1, DAYS_BEFORE, NOTICES)
    levels = pa.array([RiskLevel.MEDIUM.value, RiskLevel.HIGH.value])
    columns: dict[str, Texts] = {
        "notice_id": join("N-", numerals(number + 1)),
        "disease": pa.array([options.disease] * NOTICES, pa.string()),
        "risk_area": name_risk_areas(number),
        "risk_level": levels.take(pa.array(dice.integers(0, 2, NOTICES))),
        "from_date": wall_days(options.first_day, since),
        "to_date": wall_days(options.first_day, since + DAYS_IN_FORCE),
        "issued_by": either(dice.random(NOTICES) < ISSUER_UNKNOWN * options.slips, pa.scalar(""), "联防联控机制"),
    }
    yield Sheet("risk_area_notices.csv", columns)
