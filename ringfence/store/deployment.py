"""A deployment is a folder: its settings, its keys, and the embedded stores (policy 6.4)."""

import json
import os
import tomllib
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from ringfence.errors import DeploymentMissing, InputRefused, Unusable
from ringfence.store.files import sync_folder, write_durably
from ringfence.terms import Clock

SETTINGS = """\
# Ringfence deployment. One time zone: every day number and second of the day in the stores is counted in it.
zone = {zone}

# The desk's database: empty for the embedded SQLite, or postgresql+psycopg://user@host/database
database = {database}
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
    def desk(self) -> Path:
        """The embedded desk's database file."""
        return self.folder / "desk" / "desk.sqlite"

    @property
    def url(self) -> str:
        """The desk's SQLAlchemy address."""
        return self.database or URL.create("sqlite", database=str(self.desk)).render_as_string()

    def check_desk(self) -> None:
        """Unusable where the embedded desk's file is gone: SQLite would make an empty one and forget everything."""
        if self.is_embedded and not self.desk.exists():
            raise Unusable("the desk's database {path} is missing; restore it from a backup", path=self.desk)


def make_deployment(folder: Path, *, zone: str, database: str = "") -> Deployment:
    """A new deployment's folders; it is one once `write_settings` is done.

    DeploymentMissing where one stands already.
    """
    if _settings(folder).exists():
        raise DeploymentMissing("{folder} holds a deployment already; choose another folder", folder=folder)
    zone_info = _check_zone(zone)
    _check_database(database)
    for name in ("", "keys", "desk", "lake", "vault"):
        (folder / name).mkdir(parents=True, exist_ok=True)
        os.chmod(folder / name, 0o700)  # noqa: PTH101 - Path.chmod follows the same call; one spelling for both
    sync_folder(folder)
    sync_folder(folder.resolve().parent)
    return Deployment(folder.resolve(), zone_info, database)


def write_settings(deployment: Deployment) -> None:
    """The settings file, the last thing a new deployment gets."""
    settings = SETTINGS.format(zone=json.dumps(deployment.zone.key), database=json.dumps(deployment.database))
    write_durably(_settings(deployment.folder), settings.encode())


def read_deployment(folder: Path) -> Deployment:
    """The deployment in a folder; DeploymentMissing where there is none."""
    settings = _settings(folder)
    if not settings.exists():
        raise DeploymentMissing("{folder} holds no deployment; make one with: ringfence init {folder}", folder=folder)
    try:
        found = tomllib.loads(settings.read_text(encoding="utf-8"))
        zone, database = str(found["zone"]), str(found.get("database", ""))
    except (ValueError, KeyError) as error:
        raise DeploymentMissing(
            "the settings {path} are damaged; restore them from a backup, or write zone and database anew",
            path=settings,
        ) from error
    _check_database(database)
    return Deployment(folder.resolve(), _check_zone(zone), database)


def _settings(folder: Path) -> Path:
    return folder / "ringfence.toml"


def _check_zone(zone: str) -> ZoneInfo:
    try:
        return ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise InputRefused(
            "'{zone}' is no IANA time zone; use one such as Asia/Shanghai or Europe/Berlin", zone=zone
        ) from error


def _check_database(database: str) -> None:
    """InputRefused unless it is empty or a PostgreSQL address, which is not repeated: it may hold a password."""
    try:
        is_served = not database or make_url(database).get_backend_name() == "postgresql"
    except ArgumentError:
        is_served = False
    if not is_served:
        raise InputRefused(
            "the database is no PostgreSQL address; write postgresql+psycopg://user@host/database, or nothing for the "
            "embedded one"
        )
