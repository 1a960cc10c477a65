"""Whoever may not trace is told of those below the cut in one frame: areas, and under each its signals."""

from datetime import datetime
from itertools import product

import pytest
from api_callers import Api
from api_city import put_things
from interval_attack import find_width

from ringfence import account
from ringfence.access import read_policy
from ringfence.store import Act, Store
from ringfence.terms import Actor

BATCH = """
insert into batch (batch_no, batch_id, feed, department, purpose, source_digest, rows_accepted, rows_rejected, status,
    received_by, recorded_at)
values (9000, 'below', 'trace', 'ringfence', 'tracing', 'x', 0, 0, 'committed', 'test', 1)
"""

INSERT = """
insert into exposure_below_cut (signal_id, batch_no, group_no, owner, found_at, row_count, status, recorded_at)
values (:signal, 9000, 1, null, 1, :people, 'counted', 1)
"""

TOWNS = {"1/11/111/": 3, "1/11/1111/": 20, "1/12/121/": 30, "1/12/122/": 40}


@pytest.fixture
def signals(staffed: Store, now: datetime) -> dict[str, int]:
    """A signal in each township, so many people of which lie below the cut."""
    found = {
        path: put_things(staffed, path, person=1_000_000 * n, now=now).signal for n, path in enumerate(TOWNS, start=1)
    }

    def put(act: Act) -> None:
        act.run(BATCH)
        for path, people in TOWNS.items():
            act.run(INSERT, signal=found[path], people=people)
        act.note("below.put")

    staffed.act(put, actor=Actor("steward"), now=now)
    return found


def test_readers_of_every_area_and_ring_put_together_cannot_say_the_few(
    staffed: Store, now: datetime, signals: dict[str, int]
) -> None:
    api = Api(staffed, now)
    told = account.read_below_cut(staffed.desk, policy=read_policy(staffed, now=now))
    readers = {"1/": "city_officer", **{f"1/{code}/": f"county_officer@{code}" for code in ("11", "12")}}
    readers |= {path: f"county_officer@{path.split('/')[2]}" for path in TOWNS}
    shown = {(path, "below"): api.get(user, "/overview")["found"]["below"] for path, user in readers.items()} | {
        (f"{path}s/", "below"): told.of_signal(number, status="counted") for path, number in signals.items()
    }
    assert shown["1/", "below"] == 93
    assert shown["1/11/111/s/", "below"] is None
    assert [n for n in shown.values() if n is not None and 0 < n < 5] == []
    leaves = [f"{path}s/" for path in TOWNS]
    few = find_width(shown, areas=leaves, columns=["below"], target=[("1/11/111/s/", "below")])
    assert few >= 5


def test_to_who_sees_no_reason_exposures_are_counted_without_the_rule_that_found_them(
    staffed: Store, now: datetime, signals: dict[str, int]
) -> None:
    rows = Api(staffed, now).get("city_officer", "/overview")["exposures"]
    assert {name for row, name in product(rows, ("rule",)) if name in row} == set()
    assert sum(row["n"] for row in rows) == len(signals)
