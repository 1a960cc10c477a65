"""The desk's tables, version by version, and the way from one version to the next on either database."""

from sqlalchemy import Engine, inspect, text

from ringfence.errors import SchemaMismatch
from ringfence.store.desk import database_errors_named
from ringfence.store.migrations.versions import VERSIONS

READ_VERSION = "select version_num from alembic_version"


def newest_version() -> str:
    """The schema version this Ringfence works with."""
    return VERSIONS[-1]


def read_version(engine: Engine) -> str | None:
    """The schema version of a database; None for an empty one."""
    reading = engine.execution_options(reads_only=True)
    with database_errors_named(engine), reading.connect() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return None
        return connection.execute(text(READ_VERSION)).scalar_one_or_none()


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
    if found not in VERSIONS:
        raise SchemaMismatch(
            "the database has schema {found}, made by a newer Ringfence than this one ({newest}); "
            "install the newer one",
            found=found,
            newest=newest_version(),
        )
    return found


def migrate(engine: Engine, version: str = VERSIONS[-1]) -> None:
    """Bring a database to a schema version, up or (by name, or 'base') down, in one transaction."""
    from ringfence.store.migrations.steps import run_steps  # noqa: PLC0415 - Alembic would slow every command's start

    run_steps(engine, current=read_version(engine), wanted=version)
