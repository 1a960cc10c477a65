"""`ringfence seal`: the root, the signing keys it vouches for, and signed lists of whom to believe (policy 1.2)."""

from datetime import timedelta
from pathlib import Path
from typing import Annotated

import typer
from cryptography.hazmat.primitives.serialization import Encoding

from ringfence import gate, seal
from ringfence.cli.certificates import passphrase, read_certificate, read_trust
from ringfence.cli.frame import Frame
from ringfence.cli.words import words
from ringfence.errors import InputRefused

app = typer.Typer(help=words("Seals: signing keys, and signed lists of whom to believe."), no_args_is_help=True)
keys = typer.Typer(help=words("Keys: an offline root, and signing keys it vouches for."), no_args_is_help=True)
trust = typer.Typer(help=words("Trust lists: signed, numbered, never rolled back."), no_args_is_help=True)
app.add_typer(keys, name="keys")
app.add_typer(trust, name="trust")

USAGES = {
    "test": gate.TEST_USAGE,
    **{kind: seal.usage_of(kind) for kind in (seal.TRUST_LIST, gate.REVOCATION_LIST, seal.LEDGER_HEAD)},
}

NameOption = Annotated[str, typer.Option(help=words("What the certificate calls its holder: an office, no person."))]
DaysOption = Annotated[int, typer.Option(min=1, help=words("How long it holds, in days."))]
KeyOption = Annotated[Path, typer.Option(help=words("The private key's file; it stays where it is."))]
CertificateOption = Annotated[Path, typer.Option(help=words("The certificate's file (PEM)."))]
SignerOption = Annotated[str, typer.Option(help=words("The certificate whose lists are believed."))]
HeldOption = Annotated[
    Path | None, typer.Option(exists=True, dir_okay=False, help=words("The newest list held so far."))
]


@keys.command(help=words("Make the root: keep its key offline; RINGFENCE_PASSPHRASE protects it."))
def root(
    context: typer.Context, *, name: NameOption, days: DaysOption, key: KeyOption, certificate: CertificateOption
) -> None:
    """Make a root."""
    frame: Frame = context.obj
    private = seal.make_key()
    made = seal.make_root(private, name=name, now=frame.now, valid_for=timedelta(days=days))
    seal.write_key(private, path=key, passphrase=passphrase())
    certificate.write_bytes(made.public_bytes(Encoding.PEM))
    frame.show({"certificate": str(certificate), "key": str(key)}, "The root is {certificate}, its key {key}.")


@keys.command(help=words("Make a signing key that the root vouches for, limited to what it is for."))
def signer(
    context: typer.Context,
    *,
    name: NameOption,
    days: DaysOption,
    key: KeyOption,
    certificate: CertificateOption,
    root_key: KeyOption,
    root: Annotated[str, typer.Option(help=words("The root's certificate."))],
    usage: Annotated[list[str], typer.Option(help=words("What it may sign; may be given several times."))],
) -> None:
    """Make a signing key."""
    frame: Frame = context.obj
    if unknown := sorted(set(usage) - USAGES.keys()):
        raise InputRefused("'{usage}' is nothing a key is for; name one of {known}", usage=unknown[0], known=[*USAGES])
    private = seal.make_key()
    made = seal.issue_certificate(
        private.public_key(),
        name=name,
        root_key=seal.read_key(root_key, passphrase=passphrase()),
        root=read_certificate(root),
        now=frame.now,
        valid_for=timedelta(days=days),
        usages=[USAGES[one] for one in usage],
    )
    seal.write_key(private, path=key, passphrase=passphrase())
    certificate.write_bytes(made.public_bytes(Encoding.PEM))
    frame.show({"certificate": str(certificate), "key": str(key)}, "The signer is {certificate}, its key {key}.")


@trust.command(help=words("Sign the next version of a trust list, holding these certificates and no others."))
def publish(
    context: typer.Context,
    certificates: Annotated[list[str], typer.Argument(help=words("Certificates: PEM, DER or base64."))],
    *,
    key: KeyOption,
    signer: SignerOption,
    held: HeldOption = None,
    out: Annotated[Path, typer.Option(help=words("Where the list is written."))],
) -> None:
    """Sign a list."""
    frame: Frame = context.obj
    certificate = read_certificate(signer)
    before = _read_list(held, signer=signer, frame=frame)
    text = seal.publish_trust_list(
        [read_certificate(one) for one in certificates],
        held=before,
        signer=seal.file_signer(seal.read_key(key, passphrase=passphrase()), certificate=certificate),
        now=frame.now,
    )
    made = seal.read_trust_list(text, trust=read_trust([signer]), now=frame.now, held=before)
    out.write_text(text, encoding="ascii")
    frame.show(
        {"list": str(out), "version": made.version, "count": len(made.certificates)},
        "Trust list {version} with {count} certificate(s) is {list}.",
    )


@trust.command(help=words("What a trust list adds to the one held, and whom it no longer believes."))
def compare(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False)],
    *,
    signer: SignerOption,
    held: HeldOption = None,
) -> None:
    """Read a list beside the one held; an older one is refused."""
    frame: Frame = context.obj
    before = _read_list(held, signer=signer, frame=frame)
    new = seal.read_trust_list(file.read_text("ascii"), trust=read_trust([signer]), now=frame.now, held=before)
    plan = seal.compare_trust_lists(new, held=before)
    lines = [{"change": change, **line} for change in ("added", "released") for line in getattr(plan, change)]
    frame.show_rows(lines, ["change", "key_id", "subject", "valid_until"])


def _read_list(path: Path | None, *, signer: str, frame: Frame) -> seal.TrustList | None:
    if path is None:
        return None
    return seal.read_trust_list(path.read_text("ascii"), trust=read_trust([signer]), now=frame.now)
