"""The order in which those at risk are reached: by weight, and by a drawn lot among equals (policy 2.2, 2.3)."""

from dataclasses import dataclass

import duckdb
import pyarrow as pa

from ringfence.trace.tables import EXPOSURES
from ringfence.trace.visible import QUIET

RANKED = pa.schema([*EXPOSURES, ("position", pa.int64())])
"""EXPOSURES with a position, from 1, in whose order the rows stand."""

BY_WEIGHT = """
select *, row_number() over (
    order by weight desc, md5($seed || ':' || subject_kind || ':' || subject), signal
) as position
from exposure
order by position
"""


@dataclass(frozen=True)
class Ranking:
    """Exposures in order (RANKED), with the seed of the lot, to be logged: with it the same order comes again."""

    exposures: pa.Table
    seed: int


def rank(exposures: pa.Table, *, seed: int) -> Ranking:
    """Exposures (EXPOSURES), the heaviest first; equals as an MD5 of seed and subject falls: a lot nobody casts."""
    with duckdb.connect(":memory:", config={"temp_directory": ""}) as memory:
        memory.execute(QUIET)
        memory.register("exposure", exposures)
        ranked = memory.sql(BY_WEIGHT, params={"seed": str(seed)}).to_arrow_table()
    return Ranking(ranked.select(RANKED.names).cast(RANKED), seed)
