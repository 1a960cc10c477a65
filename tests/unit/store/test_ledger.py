"""The ledger: whatever is changed, moved or removed in it is found (policy 6.4)."""

import random
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeAlias

import pytest
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError
from store_rows import NOW, OFFICER

from ringfence.errors import InputRefused, LedgerBroken, RingfenceError
from ringfence.store import Act, Head, Store, open_store, read_heads
from ringfence.store.ledger import read_ids
from ringfence.terms import Purpose

Row: TypeAlias = dict[str, Any]
TEXTS = ("actor", "action", "purpose", "subject", "details")
WHOLE = ("recorded_at", "count")
LINES = "select * from ledger order by chain, seq"
DROP_TRIGGERS = {
    "sqlite": ["drop trigger ledger_is_not_changed", "drop trigger ledger_is_not_cut"],
    "postgresql": ["drop trigger ledger_is_not_changed on ledger"],
}


def write_lines(store: Store, count: int) -> None:
    futures = [
        store.submit(
            lambda act, n=n: act.note(
                "people.read" if n % 3 else "batch.received",
                subject=f"batch:{n}",
                purpose=Purpose("follow_up", "2.3") if n % 2 else None,
                count=n,
                ids=range(n % 5),
                kind="visit",
                rows=n,
            ),
            actor=OFFICER,
            now=NOW,
        )
        for n in range(count)
    ]
    for future in futures:
        future.result()


@pytest.fixture
def unlocked(store: Store) -> Iterator[tuple[Store, Connection]]:
    """A ledger of some forty lines whose triggers somebody dropped, and that somebody's connection."""
    write_lines(store, 40)
    with store.desk.engine.connect() as connection:
        for statement in DROP_TRIGGERS[connection.dialect.name]:
            connection.exec_driver_sql(statement)
        connection.exec_driver_sql("create table kept as select * from ledger")
        connection.commit()
        yield store, connection
        connection.rollback()


def restore(connection: Connection) -> None:
    connection.rollback()
    connection.exec_driver_sql("delete from ledger")
    connection.exec_driver_sql("insert into ledger select * from kept")
    connection.commit()


def set_column(connection: Connection, row: Row, name: str, value: object) -> None:
    connection.execute(
        text(f"update ledger set {name} = :value where chain = :chain and seq = :seq"),  # noqa: S608 - from our list
        {"value": value, "chain": row["chain"], "seq": row["seq"]},
    )


def change_text(connection: Connection, rows: list[Row], chance: random.Random) -> str:
    row, name = chance.choice(rows), chance.choice(TEXTS)
    changed = chance.choice([row[name] + " ", row[name][:-1], row[name].upper() + "x", "", "nobody"])
    set_column(connection, row, name, changed if changed != row[name] else "changed")
    return f"{name} of {row['seq']}"


def change_number(connection: Connection, rows: list[Row], chance: random.Random) -> str:
    row, name = chance.choice(rows), chance.choice(WHOLE)
    set_column(connection, row, name, row[name] + chance.choice([-1, 1, 10**6]))
    return f"{name} of {row['seq']}"


def change_bytes(connection: Connection, rows: list[Row], chance: random.Random) -> str:
    row = chance.choice([row for row in rows if row["sealed_ids"] is not None])
    name = chance.choice(["mac", "sealed_ids"])
    changed = bytearray(row[name])
    changed[chance.randrange(len(changed))] ^= 1 << chance.randrange(8)
    set_column(connection, row, name, bytes(changed))
    return f"{name} of {row['seq']}"


def hide_ids(connection: Connection, rows: list[Row], chance: random.Random) -> str:
    row = chance.choice(rows)
    set_column(connection, row, "sealed_ids", b"" if row["sealed_ids"] is None else None)
    return f"ids of {row['seq']}"


def swap_columns(connection: Connection, rows: list[Row], chance: random.Random) -> str:
    one, other = chance.sample(rows, 2)
    name = chance.choice(["mac", "subject", "count"])
    set_column(connection, one, name, other[name])
    set_column(connection, other, name, one[name])
    return f"{name} of {one['seq']} and {other['seq']}"


def remove(connection: Connection, rows: list[Row], chance: random.Random) -> str:
    row = chance.choice(rows[:-1])
    connection.execute(text("delete from ledger where seq = :seq"), {"seq": row["seq"]})
    return f"line {row['seq']} removed"


def renumber(connection: Connection, rows: list[Row], chance: random.Random) -> str:
    one, other = chance.sample(rows, 2)
    for old, new in [(one["seq"], 10**6), (other["seq"], one["seq"]), (10**6, other["seq"])]:
        connection.execute(text("update ledger set seq = :new where seq = :old"), {"new": new, "old": old})
    return f"lines {one['seq']} and {other['seq']} swapped"


def move(connection: Connection, rows: list[Row], chance: random.Random) -> str:
    row = chance.choice(rows)
    connection.execute(text("update ledger set chain = 7 where seq = :seq"), {"seq": row["seq"]})
    return f"line {row['seq']} moved to another chain"


def forge(connection: Connection, rows: list[Row], chance: random.Random) -> str:
    row = {**chance.choice(rows), "seq": rows[-1]["seq"] + 1, "subject": "forged"}
    names = ", ".join(row)
    values = ", ".join(f":{name}" for name in row)
    connection.execute(text(f"insert into ledger ({names}) values ({values})"), row)  # noqa: S608 - our own columns
    return "a line appended"


WAYS: list[Callable[[Connection, list[Row], random.Random], str]] = [
    change_text, change_number, change_bytes, hide_ids, swap_columns, remove, renumber, move, forge,
]  # fmt: skip


def is_found(store: Store) -> bool:
    try:
        store.verify_ledger()
    except LedgerBroken:
        return True
    return False


def test_two_hundred_random_tampers_are_all_found(unlocked: tuple[Store, Connection]) -> None:
    store, connection = unlocked
    rows = [dict(row._mapping) for row in connection.execute(text(LINES))]
    connection.commit()
    chance = random.Random(2022)
    missed = []
    for turn in range(200):
        what = WAYS[turn % len(WAYS)](connection, rows, chance)
        connection.commit()
        if not is_found(store):
            missed.append(what)
        restore(connection)
    assert missed == []
    assert store.verify_ledger()[0].seq == rows[-1]["seq"]


def test_a_tampered_column_that_lost_its_type_is_a_broken_line(embedded: Store) -> None:
    write_lines(embedded, 5)
    with embedded.desk.engine.connect() as connection:
        for statement in DROP_TRIGGERS["sqlite"]:
            connection.exec_driver_sql(statement)
        connection.exec_driver_sql("create table kept as select * from ledger")
        connection.commit()
        for harm in [
            "details = cast(details as blob)", "mac = 'text'", "mac = 1099511627776", "sealed_ids = 'text'",
            "count = 'many'", "recorded_at = 1.5", "chain = 'one'", "actor = cast(x'ff' as text)",
        ]:  # fmt: skip
            connection.exec_driver_sql(f"update ledger set {harm} where seq = 4")  # noqa: S608 - from the list above
            connection.commit()
            with pytest.raises(RingfenceError, match="restore"):
                embedded.verify_ledger()
            restore(connection)
    embedded.verify_ledger()


def test_a_cut_off_end_is_found_against_a_head_somebody_else_keeps_and_only_then(
    unlocked: tuple[Store, Connection],
) -> None:
    store, connection = unlocked
    [head] = read_heads(store.desk)
    connection.execute(text("delete from ledger where seq > :seq"), {"seq": head.seq - 3})
    connection.commit()
    assert store.verify_ledger()[0].seq == head.seq - 3
    with pytest.raises(LedgerBroken, match=f"ends at line {head.seq - 3}, but a signed head speaks of line {head.seq}"):
        store.verify_ledger(witnessed=[head])
    write_lines(store, 10)  # grown again past the witnessed line, by other lines
    with pytest.raises(LedgerBroken, match=f"does not hold at line {head.seq}"):
        store.verify_ledger(witnessed=[head])


def test_a_chain_that_is_gone_whole_is_found_against_its_head(unlocked: tuple[Store, Connection]) -> None:
    store, connection = unlocked
    [head] = read_heads(store.desk)
    connection.exec_driver_sql("delete from ledger")
    connection.commit()
    assert store.verify_ledger() == []
    with pytest.raises(LedgerBroken, match="ends at line 0"):
        store.verify_ledger(witnessed=[head])


def test_old_heads_stay_true_while_the_chain_grows(store: Store) -> None:
    heads: list[Head] = []
    for _ in range(3):
        write_lines(store, 4)
        heads += read_heads(store.desk)
    assert [head.seq for head in heads] == [5, 9, 13]
    assert store.verify_ledger(witnessed=heads) == [heads[-1]]


@pytest.mark.parametrize(
    "statement",
    [
        "update ledger set actor = 'nobody'",
        "delete from ledger",
        "delete from ledger where seq = 1",
    ],
)
def test_the_ledger_is_append_only(store: Store, statement: str) -> None:
    def tamper(act: Act) -> None:
        act.run(statement)
        act.note("ledger.tampered")

    with pytest.raises(DBAPIError, match="append-only"):
        store.act(tamper, actor=OFFICER, now=NOW)
    assert store.verify_ledger()[0].seq == 1


def test_replacing_a_line_is_refused_too(embedded: Store) -> None:
    """SQLite deletes for `insert or replace` without firing triggers unless it is told to."""
    replace = "insert or replace into ledger select chain, seq, 1, 'x', action, '', '', 1, '', null, mac from ledger"
    with pytest.raises(DBAPIError, match="append-only"):
        embedded.act(lambda act: act.run(replace), actor=OFFICER, now=NOW)


def test_the_sealed_ids_of_a_look_open_for_the_auditor(store: Store) -> None:
    store.read_people([30, 10, 20, 10], purpose=Purpose("follow_up", "2.3"), actor=OFFICER, now=NOW)
    [line] = store.desk.rows("select chain, seq, count, sealed_ids from ledger where action = 'people.read'")
    keys = store._ledger_keys()
    assert read_ids(keys, chain=line.chain, seq=line.seq, sealed=bytes(line.sealed_ids)) == [10, 20, 30]
    assert line.count == 3
    assert b"10" not in bytes(line.sealed_ids)


def test_a_look_is_one_line_however_many_are_looked_at(store: Store) -> None:
    store.read_people(range(1, 2001), purpose=Purpose("follow_up", "2.3"), actor=OFFICER, now=NOW)
    [line] = store.desk.rows("select actor, purpose, count, recorded_at from ledger where action = 'people.read'")
    assert tuple(line) == ("officer-1", "follow_up", 2000, int(NOW.timestamp()) * 10**6)


@pytest.mark.parametrize(
    "details",
    [
        {"count": 2**63},
        {"count": -1},
        {"subject": "a\0b"},
        {"subject": "\ud800"},
        {"note": "\ud800"},
    ],
)
def test_a_line_the_ledger_could_not_keep_is_refused_alone(store: Store, details: dict[str, Any]) -> None:
    fine = store.submit(lambda act: act.note("a.fine"), actor=OFFICER, now=NOW)
    with pytest.raises(InputRefused, match=r"the ledger cannot keep this line of action 'a\.poison'"):
        store.act(lambda act: act.note("a.poison", **details), actor=OFFICER, now=NOW)
    fine.result()
    store.act(lambda act: act.note("a.large", count=2**63 - 1), actor=OFFICER, now=NOW)
    assert [row.action for row in store.desk.rows("select action from ledger where seq > 1 order by seq")] == [
        "a.fine",
        "a.large",
    ]
    store.verify_ledger()


def test_a_detail_json_does_not_know_is_refused_alone(store: Store) -> None:
    with pytest.raises(TypeError):
        store.act(lambda act: act.note("a.b", moment=datetime.now(tz=UTC)), actor=OFFICER, now=NOW)  # type: ignore[arg-type]
    store.act(lambda act: act.note("a.b"), actor=OFFICER, now=NOW)


def test_the_chain_goes_on_where_it_ended_when_the_store_is_opened_again(deployment: Path) -> None:
    for expected in (2, 3):
        store = open_store(deployment)
        store.act(lambda act: act.note("a.b"), actor=OFFICER, now=NOW)
        assert [head.seq for head in store.verify_ledger()] == [expected]
        store.close()
