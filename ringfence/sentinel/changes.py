"""The register of reporting changes: what was counted otherwise is not compared with (policy 4.4)."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

import numpy as np

from ringfence.errors import InputRefused
from ringfence.sentinel.counts import Counts
from ringfence.sentinel.windows import EPOCH


def forget_before_changes(counts: Counts, changes: Mapping[str, date]) -> Counts:
    """The counts without what each unit reported before its way of reporting changed: missing, not zero.

    A detector then has less history, and says so, until enough has come in the new way.
    """
    if counts.days is None:
        raise InputRefused("a change of reporting has a date and the counts have none; give dates")
    kept = counts.counts.copy()
    for unit, day in changes.items():
        if unit not in counts.units:
            raise InputRefused(
                "{unit} is no unit of these counts, yet its reporting is said to have changed", unit=unit
            )
        kept[counts.days < (day - EPOCH).days, counts.units.index(unit)] = np.nan
    return replace(counts, counts=kept)
