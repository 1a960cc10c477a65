"""A deployment is a folder: its settings, its keys, and the embedded stores (policy 6.4)."""

import os
import tomllib
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from ringfence.errors import DeploymentMissing, InputRefused
from ringfence.store.files import write_durably
from ringfence.terms import Clock

SETTINGS = """\
# Ringfence deployment. One time zone: every day number and second of the day in the stores is counted in it.
zone = "{zone}"

# The desk's database: empty for the embedded SQLite, or postgresql+psycopg://user@host/database
database = "{database}"
"""


@dataclass(frozen=True)
class Deployment:
    """Where everything of one deployment lies."""

    folder: Path
    zone: ZoneInfo
    database: str

    @property
    def clock(self) -> Clock:
        """The deployment's one clock."""
        return Clock(self.zone)

    @property
    def keys(self) -> Path:
        """The file of master keys; whoever has it can read the deployment."""
        return self.folder / "keys" / "master.json"

    @property
    def lake(self) -> Path:
        """The lake's folder."""
        return self.folder / "lake"

    @property
    def vault(self) -> Path:
        """The vault's folder."""
        return self.folder / "vault"

    @property
    def socket(self) -> Path:
        """Where a running server takes the command line's writes."""
        return self.folder / "writer.sock"

    @property
    def lease(self) -> Path:
        """The file whose lock is the one writer's lease."""
        return self.folder / "writer.lease"

    @property
    def is_embedded(self) -> bool:
        """Whether the desk is the SQLite file of this folder."""
        return not self.database

    @property
    def url(self) -> str:
        """The desk's SQLAlchemy address."""
        return self.database or f"sqlite:///{self.folder / 'desk' / 'desk.sqlite'}"


def make_deployment(folder: Path, *, zone: str, database: str = "") -> Deployment:
    """A new deployment's folders and settings; DeploymentMissing where one stands already."""
    settings = folder / "ringfence.toml"
    if settings.exists():
        raise DeploymentMissing("{folder} holds a deployment already; choose another folder", folder=folder)
    _check_zone(zone)
    for name in ("", "keys", "desk", "lake", "vault"):
        (folder / name).mkdir(parents=True, exist_ok=True)
        os.chmod(folder / name, 0o700)  # noqa: PTH101 - Path.chmod follows the same call; one spelling for both
    write_durably(settings, SETTINGS.format(zone=zone, database=database).encode())
    return read_deployment(folder)


def read_deployment(folder: Path) -> Deployment:
    """The deployment in a folder; DeploymentMissing where there is none."""
    settings = folder / "ringfence.toml"
    if not settings.exists():
        raise DeploymentMissing("{folder} holds no deployment; make one with: ringfence init {folder}", folder=folder)
    found = tomllib.loads(settings.read_text(encoding="utf-8"))
    return Deployment(folder.resolve(), _check_zone(str(found["zone"])), str(found.get("database", "")))


def _check_zone(zone: str) -> ZoneInfo:
    try:
        return ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise InputRefused(
            "'{zone}' is no IANA time zone; use one such as Asia/Shanghai or Europe/Berlin", zone=zone
        ) from error
