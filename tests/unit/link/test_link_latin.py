"""Travellers' names, documents and addresses come to one form, and find their register (profile `latin`)."""

import pyarrow as pa
import pytest

from ringfence.link import link_rows, normalise
from ringfence.link.latin import sound_of

REGISTER = [
    {"person_id": 1, "household_id": 10, "given_name": "Jürgen", "surname": "Müller", "birth_date": "1970-05-06"}
    | {"id_number": "C01X00T47", "phone": "+49 30 1234567", "address": "Hauptstraße 5, Berlin"},
    {"person_id": 2, "household_id": 10, "given_name": "Anna", "surname": "Müller", "birth_date": "1972-01-02"}
    | {"id_number": "C01X00T99", "phone": "+49 30 1234567", "address": "Hauptstraße 5, Berlin"},
    {
        "person_id": 3,
        "household_id": 30,
        "given_name": "María José",
        "surname": "García Pérez",
        "birth_date": "1990-09-09",
    }
    | {"id_number": "XDA123456", "phone": "", "address": "Calle Mayor 1, Madrid"},
]
COLUMNS = ("given_name", "surname", "name", "sex", "birth_date", "id_number", "phone", "address")


def table(rows: list[dict[str, object]], *keys: str) -> pa.Table:
    schema = pa.schema([*((key, pa.int64()) for key in keys), *((column, pa.string()) for column in COLUMNS)])
    return pa.Table.from_pylist(rows, schema)


def link(**written: str) -> tuple[str, int | None, int | None]:
    rows = table([{"row_id": 1} | written], "row_id")
    [linked] = link_rows(rows, table(REGISTER, "person_id", "household_id"), profile="latin").to_pylist()
    return linked["answer"], linked["person_id"], linked["household_id"]


@pytest.mark.parametrize(
    ("written", "given", "surname"),
    [
        ({"given_name": "Jürgen", "surname": "Müller"}, "jurgen", "muller"),
        ({"name": "Jürgen Müller"}, "jurgen", "muller"),
        ({"name": "MÜLLER, JÜRGEN"}, "jurgen", "muller"),
        ({"given_name": "Анастасия", "surname": "Щукина"}, "anastasiia", "shchukina"),
        ({"given_name": "建国", "surname": "王"}, "jianguo", "wang"),
        ({"given_name": "Seán", "surname": "O’Brien-Łukasz"}, "sean", "obrienlukasz"),
        ({"given_name": "Pelé", "surname": ""}, "pele", None),
        ({"given_name": "😀", "surname": "..."}, None, None),
        ({}, None, None),
    ],
)
def test_names_are_plain_letters(written: dict[str, str], given: str | None, surname: str | None) -> None:
    [normal] = normalise(table([{"row_id": 1} | written], "row_id"), profile="latin").to_pylist()
    assert (normal["given"], normal["surname"]) == (given, surname)


@pytest.mark.parametrize(
    ("word", "code"),
    [
        ("washington", "W252"),
        ("lee", "L000"),
        ("gutierrez", "G362"),
        ("pfister", "P236"),
        ("jackson", "J250"),
        ("tymczak", "T522"),
        ("vandeusen", "V532"),
        ("ashcraft", "A261"),
        ("robert", "R163"),
        ("rupert", "R163"),
    ],
)
def test_words_sound_as_the_national_archives_say(word: str, code: str) -> None:
    assert sound_of(word) == code.lower()[0] + code[1:]


def test_spelling_order_and_one_slip_do_not_hide_a_person() -> None:
    assert link(given_name="Juergen", surname="Mueller", birth_date="1970-05-06", id_number="C01X00T47")[:2] == (
        "person",
        1,
    )
    assert link(given_name="Müller", surname="Jürgen", birth_date="1970-05-06", phone="0049301234567")[:2] == (
        "person",
        1,
    )
    assert link(name="GARCIA PEREZ, MARIA JOSE", birth_date="1990-09-09", id_number="XDA123465")[:2] == ("person", 3)


def test_a_relative_is_the_household_and_never_the_person() -> None:
    answer, person, household = link(
        given_name="Lukas", surname="Müller", birth_date="2001-03-04", phone="+49301234567"
    )
    assert (answer, person, household) == ("household", None, 10)


def test_a_document_under_another_name_and_birth_date_is_no_person() -> None:
    written = {"given_name": "Olaf", "surname": "Schmidt", "birth_date": "1955-12-24", "id_number": "C01X00T47"}
    assert link(**written)[0] != "person"
