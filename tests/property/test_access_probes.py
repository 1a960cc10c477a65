"""Every role, in every area, for every purpose, against every record: what the query layer shows, and nothing else.

The oracle reads roles.yaml and purposes.yaml itself and climbs from a record's area to the area of a grant by the
hierarchy's parents; it knows neither paths nor scopes.
"""

import random
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from importlib.resources import files
from typing import Any

import pytest
import sqlalchemy as sa
import yaml

from ringfence.access import add_user, grant_role, read_scope, revoke_grant, set_active
from ringfence.errors import NotAllowed
from ringfence.store import PROTECTED, Act, Scope, Store
from ringfence.store.scope import REACHED_THROUGH, scope_query
from ringfence.terms import Actor, Grant, Purpose, Role

SEED = 20220301
ADMINISTRATOR = Actor("administrator")
EVERYWHERE = ""

# Codes that begin like each other, siblings and strangers alike; the small city of the fixture is among them.
PARENTS = {
    "1": None, "2": "1",
    "11": "1", "12": "1", "112": "1",
    "111": "11", "1111": "11", "11111": "11", "1112": "11",
    "121": "12", "122": "12", "11121": "12", "21": "2", "212": "2",
    "1113": "111", "111211": "1112", "11111112": "11111",
    "1211": "121", "1212": "121", "211": "21", "2111": "211", "2112": "211",
}  # fmt: skip

Found = Counter[tuple[str, str]]
"""How many rows came, by table and area path."""


def lineage(code: str) -> Iterator[str]:
    """An area and everything above it; of everywhere, nothing."""
    above: str | None = code
    while above:
        yield above
        above = PARENTS[above]


def path_of(code: str) -> str:
    return "".join(f"{each}/" for each in reversed(list(lineage(code))))


@dataclass
class Oracle:
    """Who sees what, by the shipped files and the hierarchy."""

    roles: dict[str, dict[str, list[str]]]
    purposes: dict[str, dict[str, list[str]]]
    records: dict[str, Counter[str]] = field(default_factory=dict)  # by table, how many rows in which area

    @classmethod
    def read(cls) -> "Oracle":
        shipped = files("ringfence.policy") / "defaults"
        texts = [(shipped / f"{name}.yaml").read_text(encoding="utf-8") for name in ("roles", "purposes")]
        return cls(*(yaml.safe_load(text) for text in texts))

    def sees(self, grants: Sequence[tuple[str, str]], purpose: str, table: str, code: str) -> bool:
        """Whether any of some grants (role, area code) shows a record of a table in an area for a purpose."""
        return any(
            purpose in self.purposes
            and purpose in self.roles[role].get("purposes", [])
            and table in self.roles[role].get("tables", [])
            and table in self.purposes[purpose].get("tables", [])
            and (area == EVERYWHERE or area in lineage(code))
            for role, area in grants
        )

    def expected(self, grants: Sequence[tuple[str, str]], purpose: str) -> Found:
        found: Found = Counter()
        for table, areas in self.records.items():
            parents = sorted(REACHED_THROUGH.get(table, {table}) & PROTECTED)
            for code, count in areas.items():
                for parent in parents:
                    if self.sees(grants, purpose, parent, code):
                        found[f"{table} by {parent}", path_of(code)] += count
        return found


@dataclass
class Reader:
    """An account with the grants it truly has now."""

    user_id: str
    grants: list[tuple[str, str]]


@pytest.mark.verify
def test_nobody_is_shown_a_row_that_roles_areas_and_purposes_do_not_open(staffed: Store, now: datetime) -> None:
    oracle = Oracle.read()
    readers = put_readers(staffed, now)
    tables = fill(staffed, oracle, now)
    probes = leaks = lost = 0
    for reader in readers:
        for purpose in [*oracle.purposes, "gossip"]:
            found = look(staffed, tables, reader, purpose, now)
            expected = oracle.expected(reader.grants, purpose)
            leaks += sum((found - expected).values())
            lost += sum((expected - found).values())
            probes += sum(sum(areas.values()) for areas in oracle.records.values())
    print(f"{probes} probes by {len(readers)} readers: {leaks} leaks, {lost} rows lost")  # noqa: T201 - the figure asked for
    assert probes >= 100_000
    assert (leaks, lost) == (0, 0)


def look(store: Store, tables: Mapping[str, sa.Table], reader: Reader, purpose: str, now: datetime) -> Found:
    """Everything the query layer shows to a reader for a purpose; what it does not open must be refused."""
    try:
        scope = read_scope(store.desk, Actor(reader.user_id), Purpose(purpose, ""), now=now)
    except NotAllowed:
        return Counter()
    opened = [table for table in sorted(PROTECTED) if scope.paths.get(table)]
    for table in PROTECTED.difference(opened):
        with pytest.raises(NotAllowed):
            scope_query(f"select area_path from visible_{table}", scope)  # noqa: S608 - of a table's name
    queries = [rows_query(tables, table, table) for table in opened]
    for table, parents in sorted(REACHED_THROUGH.items()):
        queries += [rows_query(tables, table, parent) for parent in sorted(parents.intersection(opened))]
    if not queries:
        return Counter()
    rows = store.desk.rows(" union all ".join(queries), scope=scope)
    return Counter((row.source, row.area_path) for row in rows)


def rows_query(tables: Mapping[str, sa.Table], table: str, parent: str) -> str:
    """The rows of a table, where it has no area beside the parent that it follows, with the area of each."""
    shown = f"select '{table} by {parent}' as source, p.area_path from visible_{parent} p"  # noqa: S608 - of names
    if table == parent:
        return shown
    own, others = WITHOUT_KEYS.get((table, parent)) or next(
        (key.parent.name, key.column.name) for key in tables[table].foreign_keys if key.column.table.name == parent
    )
    return f"{shown} join {table} c on c.{own} = p.{others}"


WITHOUT_KEYS = {
    ("exposure_below_cut", "unit"): ("owner", "unit_id"),
    ("exposure_reason", "task"): ("exposure_id", "task_id"),
}
"""What follows a parent without a foreign key that says so: the columns that are alike in what `fill` writes."""


def put_readers(store: Store, now: datetime) -> list[Reader]:
    """An account for each role in each area, and sixty with several grants, some taken back, some closed."""
    dice = random.Random(SEED)
    readers = [Reader(f"{role}.{code}", [(role.value, code)]) for role in Role for code in [*PARENTS, EVERYWHERE]]
    mixed = [Reader(f"mixed.{n}", _some_grants(dice)) for n in range(60)]

    def put(act: Act) -> None:
        for reader in [*readers, *mixed]:
            add_user(act, reader.user_id)
            for role, code in reader.grants:
                path = path_of(code) if code else EVERYWHERE
                number = grant_role(act, reader.user_id, Grant(role=Role(role), area_path=path))
                if reader in mixed and dice.random() < 0.3:
                    revoke_grant(act, number)
                    reader.grants = [each for each in reader.grants if each != (role, code)]
        for reader in mixed[::7]:
            set_active(act, reader.user_id, is_active=False)
            reader.grants = []

    store.act(put, actor=ADMINISTRATOR, now=now)
    return [*readers, *mixed]


def _some_grants(dice: random.Random) -> list[tuple[str, str]]:
    every = [(role.value, code) for role in Role for code in PARENTS]
    return dice.sample(every, dice.randint(2, 4))


def fill(store: Store, oracle: Oracle, now: datetime) -> Mapping[str, sa.Table]:
    """A record of every protected table in every area, and one of every table that is reached through them."""
    metadata = sa.MetaData()
    metadata.reflect(store.desk.engine)
    wanted = needed(metadata)
    tables = [table for table in metadata.sorted_tables if table.name in wanted]

    def put(act: Act) -> None:
        for number, code in enumerate(PARENTS, start=1):
            for table in tables:
                act.connection.execute(table.insert(), record(table, number, path_of(code)))
        act.note("records.put", count=act.run("delete from user_account where user_id = 'no such'"))

    store.act(put, actor=ADMINISTRATOR, now=now)
    named = {*PROTECTED, *REACHED_THROUGH} - {"user_grant"}
    oracle.records = {table: Counter(dict.fromkeys(PARENTS, 1)) for table in named}
    grants = store.desk.rows("select area_path from visible_user_grant", scope=Scope.of_system())
    codes = {path_of(code): code for code in [*PARENTS, EVERYWHERE]}
    oracle.records["user_grant"] = Counter(codes[row.area_path] for row in grants)
    return metadata.tables


def needed(metadata: sa.MetaData) -> set[str]:
    """The tables that are probed and whatever they refer to, but accounts and roles, which are there."""
    wanted = {*PROTECTED, *REACHED_THROUGH} - {"user_grant"}
    while True:
        filled = [column for name in wanted for column in metadata.tables[name].columns if not is_left_empty(column)]
        found = wanted | {key.column.table.name for column in filled for key in column.foreign_keys}
        if found == wanted:
            return wanted
        wanted = found


TEXTS = {"direction": "forward", "contested_kind": "task", "ground": "wrong", "way": "door", "verdict": "admit",
         "temperature": ""}  # fmt: skip
STATUSES = {"exposure": "listed", "exposure_below_cut": "counted", "dispute": "raised", "batch": "committed"}
OUTCOMES = {"task_attempt": "refused"}
LEFT_EMPTY = {"batch_no", "order_id", "destroyed_at", "approval_id"}
"""Columns that say nothing here, where they may."""


def is_left_empty(column: sa.Column[Any]) -> bool:
    return bool(column.nullable and not column.primary_key and column.name in LEFT_EMPTY)


def record(table: sa.Table, number: int, area_path: str) -> dict[str, Any]:
    """A row whose every number is `number`: so whatever refers to another refers to the one in the same area."""
    row: dict[str, Any] = {}
    for column in table.columns:
        name = column.name
        if is_left_empty(column):
            continue
        if name == "area_path":
            row[name] = area_path
        elif name == "status":
            row[name] = STATUSES.get(table.name, "open")
        elif name == "outcome":
            row[name] = OUTCOMES.get(table.name)
        elif name in TEXTS:
            row[name] = TEXTS[name]
        else:
            row[name] = value_of(column, number)
    return row


def value_of(column: sa.Column[Any], number: int) -> object:
    match column.type:
        case sa.Boolean():
            return True
        case sa.Integer():
            return number
        case sa.Float() | sa.Numeric():
            return float(number)
        case sa.LargeBinary():
            return b"sealed"
        case _:
            return str(number)
