"""Moving a database from one schema version to another; apart, for Alembic is slow to load and seldom needed."""

from alembic import command
from alembic.config import Config
from sqlalchemy import Engine

from ringfence.store.desk import database_errors_named
from ringfence.store.migrations.versions import VERSIONS


def run_steps(engine: Engine, *, current: str | None, wanted: str) -> None:
    """Run the steps up or down to a version (or 'base', no tables at all), in one transaction."""
    order = ["base", *VERSIONS]
    goes_down = order.index(wanted) < order.index(current or "base")
    with database_errors_named(engine), engine.begin() as connection:
        config = Config()
        config.set_main_option("script_location", "ringfence:store/migrations")
        config.attributes["connection"] = connection
        (command.downgrade if goes_down else command.upgrade)(config, wanted)
