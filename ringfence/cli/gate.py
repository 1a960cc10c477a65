"""`ringfence gate`: certificates verified and issued, rules tried out, as at a lane (policy 1.2, 1.4)."""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated, Any

import typer
from cryptography.hazmat.primitives.serialization import Encoding

from ringfence import gate
from ringfence.cli.calls import Answer, Asked, call
from ringfence.cli.certificates import passphrase, read_certificate, read_instant, read_trust
from ringfence.cli.frame import Frame, console
from ringfence.cli.words import LANGUAGE, words
from ringfence.errors import InputRefused
from ringfence.seal import Keys, file_signer, keys_by_id, read_key, read_trust_list, verifying_key, write_qr_png
from ringfence.store import Store
from ringfence.terms import say_reason

app = typer.Typer(help=words("Gates: certificates verified and issued, rules tried out."), no_args_is_help=True)

ExistingFile = Annotated[Path, typer.Argument(exists=True, dir_okay=False)]
ListOption = Annotated[Path | None, typer.Option(help=words("The signed list's file."), exists=True, dir_okay=False)]
JsonOption = Annotated[bool, typer.Option("--json", help=words("Answer in JSON."))]


@app.command(help=words("Verify a certificate: how far it comes at a time, where these signers are believed."))
def verify(
    context: typer.Context,
    *,
    trust: Annotated[
        list[str] | None, typer.Option(help=words("Certificates of signers to believe: PEM, DER or base64."))
    ] = None,
    more: Annotated[list[str] | None, typer.Argument(metavar="", hidden=True)] = None,
    at: Annotated[str, typer.Option(help=words("The time to verify for, with its zone."))],
    text: Annotated[str | None, typer.Option(help=words("The certificate's text, beginning with HC1:."))] = None,
    qr: Annotated[
        Path | None, typer.Option(help=words("A PNG picture of its code."), exists=True, dir_okay=False)
    ] = None,
    trust_list: ListOption = None,
    revocations: ListOption = None,
    list_signer: Annotated[
        str | None, typer.Option(help=words("The certificate whose trust and revocation lists are believed."))
    ] = None,
    wants_json: JsonOption = False,
) -> None:
    """Verify one certificate; nothing is kept."""
    frame: Frame = context.obj
    if (text is None) == (qr is None):
        raise InputRefused("name the certificate once: its --text or the picture of its code as --qr")
    shown, moment = text if qr is None else gate.read_picture(qr.read_bytes()), read_instant(at)
    if shown is None:
        verification = gate.no_code_read()
    else:
        lists = _Lists(trust=trust_list, revocations=revocations, signer=list_signer)
        believed, revoked = _read_lists(lists, certificates=[*(trust or []), *(more or [])], now=moment)
        verification = gate.verify(shown, trust=believed, now=moment, revoked=revoked)
    frame.wants_json = frame.wants_json or wants_json
    frame.show(_plain(verification.report()), _said(verification.verdict))


@call
def publish_gate_list(store: Store, asked: Asked, *, kind: str, text: str, signers: list[str]) -> Answer:
    """Hand out a list."""
    trust = read_trust(signers)
    found = store.act(
        lambda act: gate.publish_list(act, gate.ListKind(kind), text, signers=trust), actor=asked.actor, now=asked.now
    )
    return {"kind": found.kind, "version": found.version}


@app.command(help=words("Hand a signed list, or rules, out to terminals from now on."))
def publish(
    context: typer.Context,
    kind: gate.ListKind,
    file: ExistingFile,
    *,
    signer: Annotated[str | None, typer.Option(help=words("The certificate whose lists are believed."))] = None,
) -> None:
    """Publish."""
    frame: Frame = context.obj
    signers = [read_certificate(signer).public_bytes(Encoding.PEM).decode()] if signer else []
    answer = frame.ask(publish_gate_list, kind=kind.value, text=file.read_text("utf-8"), signers=signers)
    frame.show(answer, "Terminals get version {version} of {kind}.")


@app.command(help=words("Try a rule: what its CertLogic comes to over the data, as one JSON value."))
def rules(rule: ExistingFile, data: ExistingFile) -> None:
    """Evaluate a rule document, or a bare expression."""
    document = _read_json(rule)
    logic = document["Logic"] if isinstance(document, dict) and "Logic" in document else document
    console.print_json(data=gate.evaluate(logic, _read_json(data)), default=gate.write_instant)


@app.command(help=words("Issue a pass for a negative nucleic acid test, as text and as a picture of its code."))
def issue(
    context: typer.Context,
    *,
    key: Annotated[Path, typer.Option(help=words("The laboratory's private key."))],
    certificate: Annotated[str, typer.Option(help=words("The laboratory's certificate."))],
    surname: Annotated[str, typer.Option()],
    given_name: Annotated[str, typer.Option()],
    birth_date: Annotated[datetime, typer.Option(formats=["%Y-%m-%d"])],
    sampled_at: Annotated[str, typer.Option(help=words("When the sample was taken, with its zone."))],
    point: Annotated[str, typer.Option(help=words("Where the sample was taken."))],
    laboratory: Annotated[str, typer.Option(help=words("Who tested it."))],
    valid_hours: Annotated[int, typer.Option(min=1, help=words("How long a test counts, from sampling."))],
    country: Annotated[str, typer.Option(help=words("Two letters (ISO 3166)."))] = "CN",
    disease: Annotated[str, typer.Option(help=words("Its SNOMED CT code."))] = gate.COVID19,
    qr: Annotated[Path | None, typer.Option(help=words("Where the picture of the code is written (PNG)."))] = None,
) -> None:
    """Sign one pass; the text goes to the output, nothing is kept."""
    frame: Frame = context.obj
    public = read_certificate(certificate)
    test = gate.NegativeTest(
        surname=surname,
        given_name=given_name,
        birth_date=birth_date.date(),
        sampled_at=read_instant(sampled_at),
        sampling_point=point,
        laboratory=laboratory,
        country=country,
        disease=disease,
    )
    text = gate.issue_pass(
        test,
        signer=file_signer(read_key(key, passphrase=passphrase()), certificate=public),
        key=verifying_key(public),
        max_age=timedelta(hours=valid_hours),
        now=frame.now,
    )
    if qr:
        qr.write_bytes(write_qr_png(text))
    console.print(text, markup=False, highlight=False, soft_wrap=True)


@dataclass(frozen=True, kw_only=True)
class _Lists:
    """Signed lists, and the certificate that makes them believed."""

    trust: Path | None
    revocations: Path | None
    signer: str | None


def _read_lists(lists: _Lists, *, certificates: list[str], now: datetime) -> tuple[Keys, gate.Revocations | None]:
    """Whom to believe, by certificate or by list, and what was revoked."""
    if not certificates and lists.trust is None:
        raise InputRefused("name whom to believe: certificates as --trust, or a list as --trust-list")
    if (lists.trust or lists.revocations) and lists.signer is None:
        raise InputRefused("name the certificate whose lists are believed as --list-signer")
    signers = read_trust([lists.signer] if lists.signer else [])
    believed, revoked = read_trust(certificates), None
    if lists.trust:
        listed = read_trust_list(lists.trust.read_text("ascii"), trust=signers, now=now).keys
        believed = keys_by_id(key for keys in (believed, listed) for same in keys.values() for key in same)
    if lists.revocations:
        revoked = gate.read_revocations(lists.revocations.read_text("ascii"), trust=signers, now=now)
    return believed, revoked


def _read_json(path: Path) -> object:
    try:
        return json.loads(path.read_bytes())
    except (ValueError, RecursionError) as error:
        raise InputRefused("{path} is no JSON file that can be read", path=path) from error


def _said(verdict: gate.Verdict) -> str:
    """A verdict for a person to read; braces in it would be taken for values."""
    reason = f": {say_reason(verdict.reason, LANGUAGE)}" if verdict.reason else ""
    return f"{words(verdict.decision)}{reason}".replace("{", "{{").replace("}", "}}")


def _plain(report: dict[str, object]) -> dict[str, Any]:
    """A report as JSON can say it: a payload may hold what JSON has no form for."""
    return dict(json.loads(json.dumps(report, default=str, skipkeys=True)))
