"""From an offline root to a pass shown at a gate, typed as its people would type it."""

import hashlib
import json
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from ringfence.cli import main
from ringfence.gate import publish_revocations
from ringfence.seal import file_signer, read_certificate, read_key

KEYS = ("unprefixed", "base45", "zlib", "cose", "cbor", "signature", "key_usage", "expired", "schema")


class Desk:
    """A desk whose files lie in one folder."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], folder: Path) -> None:
        self._monkeypatch, self._capsys, self.folder = monkeypatch, capsys, folder
        monkeypatch.setenv("RINGFENCE_PASSPHRASE", "for tests only")

    def run(self, *words: object) -> tuple[int, str]:
        """Exit code and output; what ends in a known suffix is a file in the folder."""
        typed = [
            str(self.folder / str(word))
            if str(word).endswith((".key", ".pem", ".list", ".png", ".json"))
            else str(word)
            for word in words
        ]
        self._monkeypatch.setattr(sys, "argv", ["ringfence", *typed])
        code = 0
        try:
            main()
        except SystemExit as end:
            code = int(end.code or 0)
        return code, self._capsys.readouterr().out

    def done(self, *words: object) -> str:
        code, out = self.run(*words)
        assert code == 0, out
        return out.strip()


@pytest.fixture
def desk(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Desk:
    at = Desk(monkeypatch, capsys, tmp_path)
    at.done("seal", "keys", "root", "--name", "city", "--days", 3650, "--key", "root.key", "--certificate", "root.pem")
    for name, usage in (("laboratory", "test"), ("publisher", "trust_list")):
        words = ("--name", name, "--days", 30, "--key", f"{name}.key", "--certificate", f"{name}.pem")
        at.done("seal", "keys", "signer", *words, "--root-key", "root.key", "--root", "root.pem", "--usage", usage)
    return at


def issue(desk: Desk, *, key: str = "laboratory", hours_ago: int = 1) -> tuple[int, str]:
    sampled_at = datetime.now(UTC) - timedelta(hours=hours_ago)
    return desk.run(
        *("gate", "issue", "--key", f"{key}.key", "--certificate", f"{key}.pem"),
        *("--surname", "吕", "--given-name", "建国"),
        *("--birth-date", "1980-01-01", "--sampled-at", sampled_at.isoformat(), "--point", "sampling point 3"),
        *("--laboratory", "laboratory 7", "--valid-hours", 48, "--qr", "pass.png"),
    )  # fmt: skip


def verified(
    desk: Desk, *shown: object, at: datetime | None = None, trust: str = "laboratory.pem"
) -> dict[str, object]:
    moment = (at or datetime.now(UTC)).isoformat()
    answer: dict[str, object] = json.loads(
        desk.done("gate", "verify", "--trust", trust, "--at", moment, *shown, "--json")
    )
    assert tuple(answer) == (*KEYS, "verdict", "reason", "payload")
    return answer


def test_a_laboratorys_pass_is_admitted_from_its_text_and_from_its_picture(desk: Desk) -> None:
    code, text = issue(desk)
    assert code == 0
    for shown in (("--text", text.strip()), ("--qr", "pass.png")):
        answer = verified(desk, *shown)
        assert answer["verdict"] == "admit"
        assert answer["reason"] is None
        assert answer["expired"] is False
        assert all(answer[key] for key in KEYS if key != "expired")
        assert answer["payload"]["nam"] == {"fn": "吕", "fnt": "LYU", "gn": "建国", "gnt": "JIANGUO"}  # type: ignore[index]


def test_a_pass_ends_when_the_test_is_too_old(desk: Desk) -> None:
    _, text = issue(desk, hours_ago=40)
    answer = verified(desk, "--text", text.strip(), at=datetime.now(UTC) + timedelta(hours=9))
    assert (answer["verdict"], answer["reason"], answer["expired"]) == ("recheck", "certificate_expired", True)
    assert issue(desk, hours_ago=49)[0] == 10


def test_a_stranger_is_not_believed_and_says_nothing(desk: Desk) -> None:
    _, text = issue(desk)
    answer = verified(desk, "--text", text.strip(), trust="publisher.pem")
    assert (answer["verdict"], answer["reason"], answer["payload"]) == ("recheck", "signer_unknown", None)


def test_a_key_for_something_else_issues_no_passes(desk: Desk) -> None:
    assert issue(desk, key="publisher")[0] == 10


def test_a_picture_without_a_code_is_unreadable_and_no_error(desk: Desk) -> None:
    (desk.folder / "torn.png").write_bytes(b"no picture")
    answer = verified(desk, "--qr", "torn.png")
    assert (answer["verdict"], answer["reason"]) == ("unreadable", "no_code_in_picture")
    assert {answer[key] for key in KEYS} == {None}


def test_a_trust_list_goes_forward_and_never_back(desk: Desk) -> None:
    sign = ("seal", "trust", "publish", "--key", "publisher.key", "--signer", "publisher.pem")
    desk.done(*sign, "laboratory.pem", "--out", "first.list")
    desk.done(*sign, "publisher.pem", "--held", "first.list", "--out", "second.list")
    compare = ("seal", "trust", "compare", "--signer", "publisher.pem")
    changes = json.loads(desk.done("--json", *compare, "second.list", "--held", "first.list"))
    assert [line["change"] for line in changes] == ["added", "released"]
    assert desk.run(*compare, "first.list", "--held", "second.list")[0] == 14


def test_whoever_is_on_the_signed_list_is_believed_and_what_was_revoked_is_refused(desk: Desk) -> None:
    words = ("--name", "revoker", "--days", 30, "--key", "revoker.key", "--certificate", "revoker.pem")
    made = (*words, "--root-key", "root.key", "--root", "root.pem", "--usage", "trust_list")
    desk.done("seal", "keys", "signer", *made, "--usage", "revocation_list")
    sign = ("seal", "trust", "publish", "--key", "revoker.key", "--signer", "revoker.pem")
    desk.done(*sign, "laboratory.pem", "--out", "trust.list")
    _, text = issue(desk)
    moment = (datetime.now(UTC) + timedelta(seconds=1)).isoformat()
    verify = ("gate", "verify", "--text", text.strip(), "--at", moment, "--trust-list", "trust.list", "--json")
    listed = (*verify, "--list-signer", "revoker.pem")
    answer = json.loads(desk.done(*listed))
    assert answer["verdict"] == "admit"
    key = read_key(desk.folder / "revoker.key", passphrase=b"for tests only")
    signer = file_signer(key, certificate=read_certificate((desk.folder / "revoker.pem").read_bytes()))
    number = hashlib.sha256(answer["payload"]["t"][0]["ci"].encode()).digest()
    revoked = publish_revocations([number], held=None, signer=signer, now=datetime.now(UTC))
    (desk.folder / "revoked.list").write_text(revoked)
    answer = json.loads(desk.done(*listed, "--revocations", "revoked.list"))
    assert (answer["verdict"], answer["reason"]) == ("refuse", "certificate_revoked")
    assert desk.run(*verify)[0] == 10
    assert desk.run("gate", "verify", "--text", text.strip(), "--at", moment)[0] == 10
    assert desk.run(*verify, "--list-signer", "publisher.pem")[0] != 0


def test_times_without_a_zone_and_two_things_shown_are_refused(desk: Desk) -> None:
    verify = ("gate", "verify", "--trust", "laboratory.pem", "--text", "HC1:")
    assert desk.run(*verify, "--at", "2022-03-01T08:00:00")[0] == 10
    (desk.folder / "a.png").write_bytes(b"")
    assert desk.run(*verify, "--at", "2022-03-01T08:00:00Z", "--qr", "a.png")[0] == 10


def test_a_rule_is_tried_from_its_document_or_bare(desk: Desk) -> None:
    (desk.folder / "data.json").write_text('{"payload": {"t": [{"tr": "260415000"}]}}')
    logic = {"===": [{"var": "payload.t.0.tr"}, "260415000"]}
    for document in ({"Logic": logic}, logic):
        (desk.folder / "rule.json").write_text(json.dumps(document))
        assert desk.done("gate", "rules", "rule.json", "data.json") == "true"
    (desk.folder / "rule.json").write_text("[" * 100_000)
    assert desk.run("gate", "rules", "rule.json", "data.json")[0] == 10
