"""A thousand requests with the numbers in their addresses changed: nothing of another area comes back (policy 6.4)."""

import json
import random
from dataclasses import asdict
from datetime import datetime

import pytest
from api_callers import Api
from api_city import Things, put_things

from ringfence.store import Store

PROBES = 1_000

TOWNS = {"111": "1/11/111/", "1111": "1/11/1111/", "121": "1/12/121/", "122": "1/12/122/"}
READING = {
    "case": "/cases/{}",
    "signal": "/signals/{}",
    "observation": "/observations/{}",
    "exposure": "/exposures/{}",
    "task": "/tasks/{}",
    "order": "/orders/{}",
    "follow_up": "/follow-ups/{}",
    "finding": "/findings/{}",
    "dispute": "/disputes/{}",
    "unit": "/units/{}",
}
LISTS = ["/cases", "/signals", "/observations", "/tasks", "/orders", "/follow-ups", "/findings", "/disputes", "/units"]
USERS = {
    **{f"county_officer@{code}": path for code, path in (("11", "1/11/"), ("12", "1/12/"), *TOWNS.items())},
    **{f"township_officer@{code}": path for code, path in TOWNS.items()},
    **{f"grid_worker@{code}": path for code, path in TOWNS.items()},
}


@pytest.fixture
def api(staffed: Store, now: datetime) -> Api:
    return Api(staffed, now)


@pytest.mark.verify
def test_of_a_thousand_probes_none_shows_what_lies_elsewhere(api: Api, now: datetime) -> None:
    things = {
        code: put_things(api.store, path, person=70_000_000 + n * 1_111, now=now)
        for n, (code, path) in enumerate(TOWNS.items())
    }
    draw = random.Random(6_4)
    shown = 0
    for _ in range(PROBES):
        user, path = draw.choice(list(USERS.items()))
        address, code = _probe(draw, things)
        answer = api.ask(user, "GET", address)
        assert answer.status_code in {200, 403, 404, 422}, (user, address, answer.text)
        shown += answer.status_code == 200
        _check_holds_nothing_from_outside(answer.text, user=user, path=path, things=things)
        if code is not None and not TOWNS[code].startswith(path):
            assert answer.status_code != 200, (user, address)
    assert shown > PROBES / 20  # the probes do reach what is one's own


def _probe(draw: random.Random, things: dict[str, Things]) -> tuple[str, str | None]:
    """An address, and the town whose thing it names."""
    if draw.random() < 0.3:
        area = draw.choice(["", "&area=121", "&area=111", "&area=12", "&person=70001111"])
        return f"{draw.choice(LISTS)}?limit=50{area}", None
    kind, pattern = draw.choice(list(READING.items()))
    code = draw.choice(list(TOWNS))
    return pattern.format(asdict(things[code])[kind]), code


def _check_holds_nothing_from_outside(text: str, *, user: str, path: str, things: dict[str, Things]) -> None:
    found = json.loads(text)
    rows = found.get("rows", [found] if "area_path" in found else [])
    for row in rows:
        assert row["area_path"].startswith(path), (user, row)
    if not rows:
        return
    for code, there in things.items():
        if not TOWNS[code].startswith(path):
            assert str(there.task) not in text, (user, code)
