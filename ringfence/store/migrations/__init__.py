"""The desk's tables, version by version, and the way from one version to the next on either database."""

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine

from ringfence.errors import SchemaMismatch

_FOLDER = __path__[0]


def _config(connection: Connection | None = None) -> Config:
    config = Config()
    config.set_main_option("script_location", _FOLDER)
    config.attributes["connection"] = connection
    return config


def newest_version() -> str:
    """The schema version this Ringfence works with."""
    head = ScriptDirectory.from_config(_config()).get_current_head()
    assert head is not None, "the package ships at least one version"  # noqa: S101 - a broken package, not bad input
    return head


def read_version(engine: Engine) -> str | None:
    """The schema version of a database; None for an empty one."""
    with engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def check_version(engine: Engine) -> None:
    """SchemaMismatch unless the database has exactly the tables this Ringfence works with."""
    found, newest = read_version(engine), newest_version()
    if found == newest:
        return
    known = {script.revision for script in ScriptDirectory.from_config(_config()).walk_revisions()}
    if found is None or found in known:
        raise SchemaMismatch(
            "the database has schema {found}, this Ringfence works with {newest}; run: ringfence upgrade",
            found=found or "none",
            newest=newest,
        )
    raise SchemaMismatch(
        "the database has schema {found}, made by a newer Ringfence than this one ({newest}); install the newer one",
        found=found,
        newest=newest,
    )


def migrate(engine: Engine, version: str = "head") -> None:
    """Bring a database to a schema version, up or (by name, or 'base') down, in one transaction."""
    with engine.begin() as connection:
        config = _config(connection)
        known = [script.revision for script in ScriptDirectory.from_config(config).walk_revisions()]
        current = MigrationContext.configure(connection).get_current_revision()
        goes_down = version == "base" or (
            version in known and current in known and known.index(version) > known.index(current)
        )
        (command.downgrade if goes_down else command.upgrade)(config, version)
