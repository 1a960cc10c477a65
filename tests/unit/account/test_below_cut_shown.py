"""Whoever may not trace is told of those below the cut in one frame: areas, signals, units, messages."""

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
insert into exposure_below_cut (signal_id, batch_no, group_no, owner, found_at, message_proposed_at, row_count, status,
    recorded_at)
values (:signal, 9000, :group, :owner, 1, :proposed_at, :people, 'counted', 1)
"""

MESSAGES = "/proposed-messages"

TOWNS = {
    "1/11/111/": {"111-g": (0, 3)},
    "1/11/1111/": {"1111-g": (12, 2), "111-g": (0, 6)},
    "1/12/121/": {"121-g": (1, 27), "122-g": (0, 2)},
    "1/12/122/": {"122-g": (16, 20), "121-g": (0, 3), "": (1, 0)},
}
"""Of the signal in each township, for how many each unit answers: those nobody is to tell, and those somebody is."""

FEW = [
    ("1/11/111/", "111-g", "told"),
    ("1/11/1111/", "1111-g", "told"),
    ("1/12/121/", "121-g", "untold"),
    ("1/12/121/", "122-g", "told"),
    ("1/12/122/", "121-g", "told"),
    ("1/12/122/", "", "untold"),
]


@pytest.fixture
def signals(staffed: Store, now: datetime) -> dict[str, int]:
    """A signal in each township, so many people of which lie below the cut."""
    found = {
        path: put_things(staffed, path, person=1_000_000 * n, now=now).signal for n, path in enumerate(TOWNS, start=1)
    }

    def put(act: Act) -> None:
        act.run(BATCH)
        for path, units in TOWNS.items():
            for group, (unit, people) in enumerate(units.items()):
                for told, count in enumerate(people):
                    values = {"owner": unit or None, "proposed_at": 1 if told else None, "people": count}
                    if count:
                        act.run(INSERT, signal=found[path], group=2 * group + told, **values)
        act.note("below.put")

    staffed.act(put, actor=Actor("steward"), now=now)
    return found


def test_readers_of_every_area_and_ring_put_together_cannot_say_the_few(
    staffed: Store, now: datetime, signals: dict[str, int]
) -> None:
    api = Api(staffed, now)
    told = account.read_below_cut(staffed.desk, policy=read_policy(staffed, now=now))
    at = {number: path for path, number in signals.items()}
    readers = {"1/": "city_officer", **{f"1/{code}/": f"county_officer@{code}" for code in ("11", "12")}}
    readers |= {path: f"county_officer@{path.split('/')[2]}" for path in TOWNS}
    shown = {(path, "below"): api.get(user, "/overview")["found"]["below"] for path, user in readers.items()} | {
        (f"{path}s/", "below"): told.of_signals([number], status="counted") for path, number in signals.items()
    }
    shown |= {
        (f"{path}s/{unit}/", "below"): told.of_unit(signals[path], unit) for path in TOWNS for unit in TOWNS[path]
    }
    messages = {(one["signal_id"], one["owner"]): one["people"] for one in api.get("city_officer", MESSAGES)["rows"]}
    shown |= {(f"{at[signal]}s/{unit}/told/", "below"): people for (signal, unit), people in messages.items()}
    assert len(messages) == 7
    assert shown["1/", "below"] == 93
    assert shown["1/11/111/s/", "below"] is None
    assert [n for n in shown.values() if n is not None and 0 < n < 5] == []
    plain = {"1/12/", "1/12/121/s/", "1/12/122/s/", "1/11/1111/s/111-g/", "1/12/122/s/122-g/told/"}
    assert [shown[path, "below"] for path in sorted(plain)] == [6, 70, 30, 40, 20], "what may be told is told"
    leaves = [f"{path}s/{unit}/{told}/" for path in TOWNS for unit in TOWNS[path] for told in ("told", "untold")]
    for path, unit, kind in FEW:
        few = find_width(shown, areas=leaves, columns=["below"], target=[(f"{path}s/{unit}/{kind}/", "below")])
        assert few >= 5, (path, unit, kind)


def test_to_who_sees_no_reason_exposures_are_counted_without_the_rule_that_found_them(
    staffed: Store, now: datetime, signals: dict[str, int]
) -> None:
    rows = Api(staffed, now).get("city_officer", "/overview")["exposures"]
    assert {name for row, name in product(rows, ("rule",)) if name in row} == set()
    assert sum(row["n"] for row in rows) == len(signals)
