"""Clause 6.4: only for a declared purpose, only for those whose duty it is, only as long as needed."""

import re
from importlib.resources import files

from ringfence.policy import Permission, read_defaults
from ringfence.terms import RecordKind, Role

BOOKKEEPING = {"counter", "data_key", "lake_file", "lake_index", "lake_index_source", "vault_part"}
"""Tables about our own files and keys: their rows go with what they describe."""


def desk_tables() -> set[str]:
    scripts = (files("ringfence.store") / "migrations" / "versions").iterdir()
    ddl = [script.read_text(encoding="utf-8") for script in scripts if script.name.endswith(".sql")]
    return {name for text in ddl for name in re.findall(r"^create table (\w+)", text, re.MULTILINE)}


def test_every_desk_table_says_how_long_it_is_kept_and_no_other_does() -> None:
    declared = {key.removeprefix("table.") for key in read_defaults().retention if key.startswith("table.")}
    assert declared == desk_tables() - BOOKKEEPING


def test_every_record_kind_says_how_long_it_is_kept() -> None:
    assert {f"record.{kind}" for kind in RecordKind} <= set(read_defaults().retention)


def test_a_refusal_at_a_gate_is_forgotten_after_48_hours() -> None:
    refused = read_defaults().retention["record.passage.refused"]
    assert (refused.unit, list(refused.values.values())) == ("hours", [48])


def test_tracing_reads_no_field_of_any_person() -> None:
    assert read_defaults().purpose("tracing").people == frozenset()


def test_who_runs_the_deployment_who_audits_it_and_who_only_supplies_see_nobody() -> None:
    roles = read_defaults().roles
    for role in (Role.ADMINISTRATOR, Role.AUDITOR, Role.CLINIC, Role.WAREHOUSE, Role.INSPECTOR):
        assert Permission.PEOPLE_READ not in roles[role].acts


def test_nobody_but_the_auditor_reads_the_ledger() -> None:
    readers = {role for role, rights in read_defaults().roles.items() if "ledger" in rights.tables}
    assert readers == {Role.AUDITOR}


def test_every_act_is_somebodys_and_every_purpose_too() -> None:
    shipped = read_defaults()
    acts = {act for rights in shipped.roles.values() for act in rights.acts}
    purposes = {key for rights in shipped.roles.values() for key in rights.purposes}
    assert acts == set(Permission)
    assert purposes == set(shipped.purposes)
