"""Clocks kept while serving: a dispute that nobody answered rises by itself, and the thread ends when it is closed."""

import time
from collections.abc import Callable
from contextlib import closing
from datetime import datetime, timedelta

import pytest
from api_city import put_things

from ringfence import redress
from ringfence.cli.clocks import KeepingClocks
from ringfence.errors import Unusable
from ringfence.store import Scope, Store

STATUS = "select status from visible_dispute"


def statuses(store: Store) -> list[str]:
    return [row.status for row in store.desk.rows(STATUS, scope=Scope.of_system())]


def wait_until(done: Callable[[], bool], *, seconds: float = 20) -> None:
    end = time.monotonic() + seconds
    while not done():
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.02)


def test_a_dispute_nobody_answered_rises_while_serving(staffed: Store, now: datetime) -> None:
    put_things(staffed, "1/11/111/", person=101, now=now)
    assert statuses(staffed) == ["raised"]
    with closing(KeepingClocks(staffed, clock=lambda: now + timedelta(days=2), every_s=0.02)):
        wait_until(lambda: statuses(staffed) == ["risen"])


def test_clocks_that_cannot_be_kept_once_are_kept_the_next_time(
    staffed: Store, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[int] = []

    def keep(*_: object, **__: object) -> list[int]:
        asked.append(1)
        raise Unusable("the database is away")

    monkeypatch.setattr(redress, "keep_clocks", keep)
    with closing(KeepingClocks(staffed, clock=lambda: now, every_s=0.01)):
        wait_until(lambda: len(asked) > 1)
