"""Stand-in for the workers at the door: what they would report of listed persons, made up from the truth for the demo.

In a real deployment these answers come from people who knocked. Nothing but the demo may call this.
"""

import csv
from datetime import date, timedelta
from pathlib import Path

import numpy as np

from ringfence.city.arrays import hashed_share
from ringfence.terms import DayStatus, day_number

LOOKS_ILL_DAYS = 10
HARD_TO_REACH, RARELY_AT_HOME, MOSTLY_AT_HOME = 0.06, 0.5, 0.04
ILL_OTHERWISE, HIDES_IT = 0.004, 0.08


def field_answers(truth: Path, *, true_ids: list[int], day: date, seed: int) -> list[str]:
    """What each visit of that day came to, in order: seen_ok, seen_not_ok or missed.

    Whoever is within ten days of an onset is found ill unless they hide it; a few are ill with something else; some are
    never at home. A person's answer of a day depends on nothing but the truth, the person, the day and the seed.
    """
    ids = np.array(true_ids, dtype=np.int64)
    looks_ill = np.isin(ids, find_ill(truth, day))
    days = np.full(ids.size, day_number(day))
    reach, luck, health = (hashed_share(seed + one, ids, key) for one, key in enumerate((ids, days, days)))
    is_missed = luck < np.where(reach < HARD_TO_REACH, RARELY_AT_HOME, MOSTLY_AT_HOME)
    is_ill = np.where(looks_ill, health >= HIDES_IT, health < ILL_OTHERWISE)
    answers = np.select([is_missed, is_ill], [DayStatus.MISSED, DayStatus.SEEN_NOT_OK], DayStatus.SEEN_OK)
    return [str(answer) for answer in answers]


def find_ill(truth: Path, day: date) -> list[int]:
    """The true ids of who fell ill in the ten days up to a day, from infections.csv."""
    with (truth / "infections.csv").open(encoding="utf-8", newline="") as file:
        onsets = {int(row["true_id"]): row["onset_date"] for row in csv.DictReader(file)}
    first = day - timedelta(days=LOOKS_ILL_DAYS)
    return [one for one, onset in onsets.items() if onset and first <= date.fromisoformat(onset) <= day]
