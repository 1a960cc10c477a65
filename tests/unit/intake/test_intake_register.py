"""Everybody known, and who rows are about: each identity once, newcomers numbered where they first appear."""

from datetime import date
from typing import Any

import pyarrow as pa
from small_town import KNOWN, said_of

from ringfence.feeds import Identities
from ringfence.intake import Register
from ringfence.intake.persons import Linked, number_newcomers
from ringfence.link import Denials
from ringfence.store import PEOPLE

STRANGER = {"name": "钱来", "phone": "13999990000"}
OTHER = {"name": "孙去", "phone": "13888880000"}
WRITTEN = ("name", "sex", "birth_date", "id_number", "phone", "address")


def person(number: int, key: str, *, recorded_at: int = 0, **more: object) -> dict[str, Any]:
    """A row of the vault about a resident."""
    known: dict[str, object] = {name: KNOWN[key][name] for name in WRITTEN} | more
    known["birth_date"] = date.fromisoformat(str(known["birth_date"]))
    return {"person_no": number, "household_no": 7, "recorded_at": recorded_at, "batch": recorded_at, "row": 1, **known}


def register(*rows: dict[str, Any]) -> Register:
    return Register(pa.Table.from_pylist(list(rows), PEOPLE).to_batches())


def table(*rows: dict[str, str]) -> pa.Table:
    columns = {name: pa.array([row.get(name, "") for row in rows], pa.string()) for name in WRITTEN}
    return pa.table({"row": pa.array(range(2, len(rows) + 2), pa.int32()), **columns})


def link(known: Register, *tables: pa.Table) -> tuple[Linked, list[list[int]]]:
    """What linking finds, and the persons of each table's rows."""
    identities = Identities()
    numbers = [identities.add(rows, file=place) for place, rows in enumerate(tables)]
    linked = number_newcomers(known.link(identities, denials=Denials()), 100)
    return linked, [linked.persons[of_rows].tolist() for of_rows in numbers]


def persons(known: Register, *tables: pa.Table) -> list[list[int]]:
    return link(known, *tables)[1]


def newcomers(linked: Linked, file: int) -> list[tuple[int, int, str]]:
    return [(row["person_no"], row["line"], row["name"]) for row in linked.newcomers_of(file).to_pylist()]


def test_a_row_about_a_resident_has_their_number_and_a_stranger_a_new_one() -> None:
    rows = table(said_of("li1"), STRANGER, said_of("wang1"))
    linked, found = link(register(person(1, "wang1"), person(2, "li1")), rows)
    assert found == [[2, 100, 1]]
    assert newcomers(linked, 0) == [(100, 3, "钱来")]


def test_a_stranger_in_two_files_is_one_person_who_comes_in_with_the_first() -> None:
    files = table(said_of("wang1"), STRANGER), table(OTHER, STRANGER, STRANGER)
    linked, [first, second] = link(register(person(1, "wang1")), *files)
    assert first[1] == second[1] == second[2]
    assert newcomers(linked, 0) == [(first[1], 3, "钱来")]
    assert newcomers(linked, 1) == [(second[0], 2, "孙去")]
    assert linked.links.num_rows == 3, "each identity was asked for once"


def test_nobody_known_and_no_rows_are_nothing_to_link() -> None:
    assert persons(register(), table(STRANGER)) == [[100]]
    empty, found = link(register(person(1, "wang1")), table())
    assert (found, empty.newcomers.num_rows) == ([[]], 0)


def test_the_newest_row_of_a_person_is_what_rows_are_linked_to() -> None:
    known = register(person(1, "wang1"), person(1, "wang1", recorded_at=5, phone="13700000001"), person(2, "li1"))
    assert known.size == 2
    by_phone = {**said_of("wang1", "name", "birth_date"), "phone": "13700000001"}
    assert persons(known, table(by_phone)) == [[1]]


def test_a_register_grows_by_who_is_new_and_keeps_the_newest() -> None:
    known = register(person(1, "wang1"))
    later = [person(3, "zhao1", recorded_at=1), person(1, "wang1", recorded_at=1, phone="13700000001")]
    grown = known.extend(pa.Table.from_pylist(later, PEOPLE).to_batches())
    assert grown.size == 2
    by_phone = {**said_of("wang1", "name", "birth_date"), "phone": "13700000001"}
    assert persons(grown, table(said_of("zhao1"), by_phone)) == [[3, 1]]
