"""The deployment's own keys in files: a root, and under it one key for each thing it signs (policy 2.6, 6.4).

Each certificate may sign its one kind and nothing else, so that a link is never taken for a ledger head.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path

from ringfence.errors import KeysMissing
from ringfence.seal.certificates import (
    certificate_bytes,
    issue_certificate,
    make_root,
    read_certificate,
    usage_of,
    verifying_key,
)
from ringfence.seal.keys import Keys, keys_by_id
from ringfence.seal.signers import FileSigner, file_signer, make_key, read_key, write_key

ROOT = "root"
ROOT_VALID_FOR = timedelta(days=20 * 365)
VALID_FOR = timedelta(days=10 * 365)


def make_key_files(folder: Path, *, kinds: Mapping[str, str], now: datetime) -> None:
    """A root, and a key with its certificate from that root for each name, which signs sealed texts of one kind."""
    root_key = make_key()
    root = make_root(root_key, name="Ringfence root", now=now, valid_for=ROOT_VALID_FOR)
    pairs = {ROOT: (root_key, root)}
    for name, kind in kinds.items():
        key = make_key()
        pairs[name] = (
            key,
            issue_certificate(
                key.public_key(),
                name=f"Ringfence {name}",
                root_key=root_key,
                root=root,
                now=now,
                valid_for=VALID_FOR,
                usages=[usage_of(kind)],
            ),
        )
    for name, (key, certificate) in pairs.items():
        (folder / f"{name}.key").unlink(missing_ok=True)  # left by an attempt that was killed
        write_key(key, path=folder / f"{name}.key")
        (folder / f"{name}.pem").write_bytes(certificate_bytes(certificate))


def read_signer(folder: Path, name: str) -> FileSigner:
    """Who signs under a name; KeysMissing where the deployment has no such key."""
    certificate = read_certificate(_read_certificate_file(folder, name))
    return file_signer(read_key(folder / f"{name}.key"), certificate=certificate)


def read_trust(folder: Path, name: str) -> Keys:
    """What checks the signatures of a name; KeysMissing where the deployment has no such key."""
    return keys_by_id([verifying_key(read_certificate(_read_certificate_file(folder, name)))])


def _read_certificate_file(folder: Path, name: str) -> bytes:
    try:
        return (folder / f"{name}.pem").read_bytes()
    except OSError as error:
        raise KeysMissing("the certificate {name} cannot be read; restore the deployment's keys", name=name) from error
