"""Purposes, roles and retention that contradict each other, and the one sentence that says so."""

from collections.abc import Callable
from pathlib import Path

import pytest

from ringfence.errors import PolicyRefused
from ringfence.policy import read_folder

Refusal = Callable[[str, str, str], str]

SPOILT = {
    "a record kind nobody says how long to keep": (
        "retention.yaml",
        "record.leg: ",
        "record.lag: ",
        "retention.yaml says nothing about record.leg; add how long it is kept",
    ),
    "a purpose with a field nothing reads": (
        "purposes.yaml",
        "  records: [count]\n",
        "  records: [count]\n  vault: [raw]\n",
        "purposes.yaml: surveillance has vault, which nothing reads; remove it or correct its spelling",
    ),
    "a purpose that reads an undeclared table": (
        "purposes.yaml",
        "  tables: [area, place, batch]\n\nlinking",
        "  tables: [area, place, gossip]\n\nlinking",
        "purposes.yaml: receiving reads table.gossip, of which retention.yaml says nothing; declare it there",
    ),
    "a purpose that reads an unknown record kind": (
        "purposes.yaml",
        "records: [count]",
        "records: [phone_location]",
        (
            "purposes.yaml: surveillance: records: 1: 'phone_location' is not known here; correct it, perhaps to one "
            "of exposure_below_cut, route_point, reading"
        ),
    ),
    "a purpose that reads an unknown field of a person": (
        "purposes.yaml",
        "  people: [person_no, name, phone, address, area_code]",
        "  people: [person_no, religion]",
        "purposes.yaml: follow_up reads religion, which is no field of a person; correct it",
    ),
    "an unknown role": (
        "roles.yaml",
        "auditor:",
        "auditer:",
        (
            "roles.yaml: auditer: 'auditer' is not known here; correct it, perhaps to one of auditor, administrator, "
            "data_steward"
        ),
    ),
    "an unknown purpose of a role": (
        "roles.yaml",
        "purposes: [audit]",
        "purposes: [curiosity]",
        "roles.yaml: auditor names the purpose curiosity, which purposes.yaml does not declare; correct it",
    ),
    "an unknown act of a role": (
        "roles.yaml",
        "acts: [ledger.read, ledger.verify, ",
        "acts: [ledger.rewrite, ",
        (
            "roles.yaml: auditor: acts: 1: 'ledger.rewrite' is not known here; correct it, perhaps to one of "
            "ledger.verify, ledger.read, order.release"
        ),
    ),
    "a table none of the role's purposes reads": (
        "roles.yaml",
        "  purposes: [gate_check]\n  tables: [passage, passage_occupant, risk_area, area, place]",
        "  purposes: [gate_check]\n  tables: [passage, passage_occupant, risk_area, area, place, task]",
        "roles.yaml: gate_staff reads task, which none of its purposes reads; remove it",
    ),
    "people read for no purpose": (
        "roles.yaml",
        "acts: [ledger.read, ledger.verify, ",
        "acts: [people.read, ledger.read, ledger.verify, ",
        "roles.yaml: auditor may read people, but none of its purposes does; remove it",
    ),
}


@pytest.mark.parametrize(("file", "old", "new", "sentence"), SPOILT.values(), ids=SPOILT.keys())
def test_a_spoilt_right_is_refused_in_one_sentence(
    refusal: Refusal, file: str, old: str, new: str, sentence: str
) -> None:
    assert refusal(file, old, new) == sentence


def test_a_role_left_out_is_refused(folder: Path) -> None:
    path = folder / "roles.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text[: text.index("data_steward:")], encoding="utf-8")
    with pytest.raises(PolicyRefused, match=r"^roles.yaml says nothing about data_steward; add it, with empty lists"):
        read_folder(folder)
