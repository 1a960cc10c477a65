"""Whose area somebody is: where they live, or the whole hierarchy where nobody knows (policy 2.1)."""

from collections.abc import Iterable
from itertools import takewhile

import duckdb
import pyarrow as pa

from ringfence.areas import top_paths
from ringfence.intake.arrivals import Arrival
from ringfence.store import EVERYWHERE
from ringfence.terms import RecordKind

HOMES = """
select a.person, max_by(r.area, coalesce(r.from_day, -2147483648)) as area
from asked a join read_parquet($files) r on r.person = a.person
group by a.person
"""


def read_homes(arrival: Arrival, persons: Iterable[int]) -> dict[int, str]:
    """The area path of each person's residence, without a look into the vault."""
    asked = sorted(set(persons))
    homes = dict.fromkeys(asked, _top(arrival))
    files = arrival.store.lake.paths(RecordKind.RESIDENCE)
    if not (asked and files):
        return homes
    with duckdb.connect(":memory:", config={"temp_directory": ""}) as memory:
        memory.register("asked", pa.table({"person": pa.array(asked, pa.int64())}))
        found = memory.execute(HOMES, {"files": files}).fetchall()
    homes.update({person: arrival.areas[area].path for person, area in found})
    return homes


def find_shared_area(paths: Iterable[str]) -> str:
    """The path of the lowest area that holds all of some areas."""
    codes = zip(*(path.split("/")[:-1] for path in paths), strict=False)
    shared = takewhile(lambda level: len(set(level)) == 1, codes)
    return "".join(f"{level[0]}/" for level in shared)


def _top(arrival: Arrival) -> str:
    """The area that holds all others, or everywhere where there are several."""
    tops = top_paths(arrival.areas)
    return tops[0] if len(tops) == 1 else EVERYWHERE
