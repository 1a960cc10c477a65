"""The official health-certificate cases (EU test data, Apache-2.0): every expectation, stage by stage."""

import base64
import json
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, TypeAlias

import pytest

from ringfence.gate import Decision, Stage, read_picture, verify
from ringfence.seal import keys_by_id, read_certificate, verifying_key

Case: TypeAlias = dict[str, Any]

STAGE_OF = {
    "UNPREFIX": Stage.UNPREFIXED,
    "B45DECODE": Stage.BASE45,
    "COMPRESSION": Stage.ZLIB,
    "DECODE": Stage.CBOR,
    "VERIFY": Stage.SIGNATURE,
    "KEYUSAGE": Stage.KEY_USAGE,
    "EXPIRATIONCHECK": Stage.EXPIRED,
    "SCHEMAVALIDATION": Stage.SCHEMA,
}
"""The two expectations left out are of an encoder (ENCODE) and of the case file itself (VALIDJSON, VALIDOBJECT)."""


@pytest.fixture(scope="module")
def cases(shared_data: Path) -> dict[str, Case]:
    files = sorted((shared_data / "dgc").glob("*/2DCode/*/*.json"))
    assert len(files) > 100
    return {str(file.relative_to(shared_data)): json.loads(file.read_text("utf-8-sig")) for file in files}


def passed(case: Case) -> Mapping[Stage, bool | None]:
    context = case["TESTCTX"]
    trust = keys_by_id([verifying_key(read_certificate(context["CERTIFICATE"].encode()))])
    return verify(case["PREFIX"], trust=trust, now=datetime.fromisoformat(context["VALIDATIONCLOCK"])).passed


def expected(case: Case, *, schema: bool) -> dict[Stage, bool]:
    said = {STAGE_OF.get(name.removeprefix("EXPECTED")): value for name, value in case["EXPECTEDRESULTS"].items()}
    return {stage: value for stage, value in said.items() if stage and (stage is Stage.SCHEMA) == schema}


def defect(case: Case) -> str:
    """What is wrong with a case's own data under schema 1.3.0, which all later certificates keep."""
    groups = [case["JSON"][key] for key in "vtr" if key in case["JSON"]] if "JSON" in case else []
    if None in groups:
        return "groups that hold nothing are null, not left out"
    if any(len(group) > 1 for group in groups):
        return "several entries in one certificate, as schema 1.0.1 still allowed"
    return ""


def test_every_stage_but_the_schema_says_what_the_case_expects(cases: dict[str, Case]) -> None:
    wrong = {}
    for name, case in cases.items():
        found, wanted = passed(case), expected(case, schema=False)
        if off := {stage: found[stage] for stage, value in wanted.items() if found[stage] != value}:
            wrong[name] = off
    assert wrong == {}
    assert sum(len(expected(case, schema=False)) for case in cases.values()) > 400


def test_the_schema_says_what_the_case_expects_unless_the_cases_own_data_are_defective(cases: dict[str, Case]) -> None:
    off = {
        name: defect(case)
        for name, case in cases.items()
        if passed(case)[Stage.SCHEMA] != expected(case, schema=True).get(Stage.SCHEMA, passed(case)[Stage.SCHEMA])
    }
    assert all(off.values()), off
    assert len(off) <= 3


def test_every_picture_is_read_as_the_text_it_shows(cases: dict[str, Case]) -> None:
    pictured = [case for case in cases.values() if case.get("2DCODE")]
    assert pictured
    for case in pictured:
        is_expected = case["EXPECTEDRESULTS"].get("EXPECTEDPICTUREDECODE", True)
        assert (read_picture(base64.b64decode(case["2DCODE"])) == case["PREFIX"]) == is_expected


def test_no_official_case_is_admitted_that_fails_anything(cases: dict[str, Case]) -> None:
    for name, case in cases.items():
        context = case["TESTCTX"]
        trust = keys_by_id([verifying_key(read_certificate(context["CERTIFICATE"].encode()))])
        found = verify(case["PREFIX"], trust=trust, now=datetime.fromisoformat(context["VALIDATIONCLOCK"]))
        is_whole = all(found.passed.values())
        assert (found.verdict.decision is Decision.ADMIT) == is_whole, name
        if not is_whole:
            assert found.verdict.reason
            assert found.verdict.next_step
