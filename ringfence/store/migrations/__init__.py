"""The desk's tables, version by version, and the way from one version to the next on either database."""

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine

from ringfence.errors import SchemaMismatch
from ringfence.store.desk import database_errors_named

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
    reading = engine.execution_options(reads_only=True)
    with database_errors_named(engine), reading.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def check_version(engine: Engine) -> None:
    """SchemaMismatch unless the database has exactly the tables this Ringfence works with."""
    found, newest = check_is_known(engine), newest_version()
    if found != newest:
        raise SchemaMismatch(
            "the database has schema {found}, this Ringfence works with {newest}; run: ringfence upgrade",
            found=found,
            newest=newest,
        )


def check_is_known(engine: Engine) -> str:
    """The schema version of a database that holds one this Ringfence can work with or upgrade; else SchemaMismatch."""
    found = read_version(engine)
    if found is None:
        raise SchemaMismatch(
            "the database {database} holds no tables of Ringfence; mend its address or restore it from a backup",
            database=engine.url.render_as_string(hide_password=True),
        )
    if found not in _versions():
        raise SchemaMismatch(
            "the database has schema {found}, made by a newer Ringfence than this one ({newest}); "
            "install the newer one",
            found=found,
            newest=newest_version(),
        )
    return found


def _versions() -> list[str]:
    """Every version this Ringfence knows, newest first."""
    return [script.revision for script in ScriptDirectory.from_config(_config()).walk_revisions()]


def migrate(engine: Engine, version: str = "head") -> None:
    """Bring a database to a schema version, up or (by name, or 'base') down, in one transaction."""
    with database_errors_named(engine), engine.begin() as connection:
        known, current = _versions(), MigrationContext.configure(connection).get_current_revision()
        goes_down = version == "base" or (
            version in known and current in known and known.index(version) > known.index(current)
        )
        (command.downgrade if goes_down else command.upgrade)(_config(connection), version)
