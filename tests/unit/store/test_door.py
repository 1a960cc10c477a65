"""The door: what one writes is there, what one looks at is on record."""

from datetime import datetime

import pytest

from ringfence.errors import NotAllowed
from ringfence.store import Act, Store, add_people
from ringfence.terms import Actor, Purpose

INSERT_TARGET = """
insert into target (target_id, clause, indicator, at_least, due_day, recorded_at)
values (:target_id, '7.3', 'coverage', 1, 1, 1)
"""


def add_zhang(act: Act, store: Store) -> int:
    act.note("person.added")
    return add_people(act, store.keys, [{"name": "张三", "phone": "13800000000", "row": 1}])


def test_a_person_added_can_be_read_for_a_purpose_and_the_look_is_on_the_ledger(
    store: Store, officer: Actor, follow_up: Purpose, now: datetime
) -> None:
    number = store.act(lambda act: add_zhang(act, store), actor=officer, now=now)
    found = store.read_people([number], purpose=follow_up, actor=officer, now=now)
    assert found["name"].to_pylist() == ["张三"]
    [look] = store.desk.rows("select actor, purpose, count from ledger where action = 'people.read'")
    assert tuple(look) == ("officer-1", "follow_up", 1)


def test_an_act_that_writes_without_telling_the_ledger_is_refused_whole(
    store: Store, officer: Actor, now: datetime
) -> None:
    with pytest.raises(NotAllowed, match="without telling the ledger"):
        store.act(lambda act: act.run(INSERT_TARGET, target_id="a"), actor=officer, now=now)
    assert not store.desk.rows("select target_id from target")
