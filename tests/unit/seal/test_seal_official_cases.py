"""The official health-certificate cases (EU test data, Apache-2.0), as far as the seal decides them."""

import base64
import json
from pathlib import Path
from typing import Any

import pytest

from ringfence.errors import InputRefused, TokenRefused
from ringfence.seal import keys_by_id, read_certificate, read_codes, verify_message, verifying_key


@pytest.fixture(scope="module")
def cases(shared_data: Path) -> dict[str, dict[str, Any]]:
    files = sorted((shared_data / "dgc").glob("*/2DCode/*/*.json"))
    assert len(files) > 100
    return {str(file.relative_to(shared_data)): json.loads(file.read_text("utf-8-sig")) for file in files}


def is_verified(case: dict[str, Any]) -> bool:
    key = verifying_key(read_certificate(case["TESTCTX"]["CERTIFICATE"].encode()))
    try:
        verify_message(bytes.fromhex(case["COSE"]), keys=keys_by_id([key]))
    except TokenRefused:
        return False
    return True


def test_every_signature_verdict_is_the_official_one(cases: dict[str, dict[str, Any]]) -> None:
    said = {
        name: case["EXPECTEDRESULTS"]["EXPECTEDVERIFY"]
        for name, case in cases.items()
        if case.get("COSE") and "EXPECTEDVERIFY" in case["EXPECTEDRESULTS"] and case["TESTCTX"].get("CERTIFICATE")
    }
    assert {False, True} == set(said.values())
    assert {name: is_verified(cases[name]) for name in said} == said


def test_every_picture_verdict_is_the_official_one(cases: dict[str, dict[str, Any]]) -> None:
    pictured = {name: case for name, case in cases.items() if case.get("2DCODE")}
    assert pictured
    for name, case in pictured.items():
        expected = case["EXPECTEDRESULTS"].get("EXPECTEDPICTUREDECODE", True)
        try:
            texts = read_codes(base64.b64decode(case["2DCODE"]))
        except InputRefused:
            texts = ()
        assert (texts == (case.get("PREFIX"),)) == expected, name


def test_every_picture_file_shows_one_code(shared_data: Path) -> None:
    pictures = sorted((shared_data / "dgc").glob("*/png/*.png"))
    assert pictures
    for picture in pictures:
        assert len(read_codes(picture.read_bytes())) == 1, picture.name
