"""The desk: the SQL database of what we do about it, on SQLite for one machine and PostgreSQL beyond (DESIGN)."""

import errno
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from typing import Any

from pysqlite3 import dbapi2 as sqlite
from sqlalchemy import Connection, Engine, Row, TextClause, create_engine, event, text
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.pool import ConnectionPoolEntry

from ringfence.errors import DiskFull, Unusable
from ringfence.store.scope import Scope, scope_query

_ONLY_OPEN_TABLES = Scope({})

SQLITE_WAYS = """
pragma journal_mode = wal;
pragma synchronous = full;
pragma foreign_keys = on;
pragma busy_timeout = 10000;
pragma trusted_schema = off;
"""


@lru_cache(maxsize=4096)
def prepared(sql: str) -> TextClause:
    """The statement of a query, parsed once."""
    return text(sql)


def open_engine(url: str) -> Engine:
    """The engine of a desk; SQLite through pysqlite3, for the system's own may be one that corrupts its log."""
    if not url.startswith("sqlite"):
        return create_engine(url, pool_pre_ping=True)
    engine = create_engine(url, module=sqlite, connect_args={"check_same_thread": False})
    event.listen(engine, "connect", _set_sqlite_ways)
    event.listen(engine, "begin", _begin_at_once)
    return engine


def _set_sqlite_ways(connection: Any, _record: ConnectionPoolEntry) -> None:  # noqa: ANN401 - a DBAPI connection
    connection.isolation_level = None  # we say BEGIN ourselves
    connection.executescript(SQLITE_WAYS)


def _begin_at_once(connection: Connection) -> None:
    reads_only = connection.get_execution_options().get("reads_only", False)
    connection.exec_driver_sql("begin" if reads_only else "begin immediate")


@contextmanager
def database_errors_named(engine: Engine) -> Iterator[None]:
    """Turns what a full disk or a damaged file makes of a database into one sentence each; other errors pass."""
    try:
        yield
    except DBAPIError as error:
        where = engine.url.render_as_string(hide_password=True)
        said = str(error.orig).lower()
        if "full" in said or "no space left" in said or getattr(error.orig, "errno", None) == errno.ENOSPC:
            raise DiskFull(
                "the disk under {folder} has no room; nothing of this step was kept; make room and repeat it",
                folder=where,
            ) from error
        if isinstance(error, OperationalError) and "disk i/o error" in said:
            raise DiskFull(
                "the disk under {folder} refused to write: full or failing; nothing of this step was kept; "
                "make room or mend it, then repeat the step",
                folder=where,
            ) from error
        if "malformed" in said or "not a database" in said:
            raise Unusable("the database {database} is damaged; restore it from a backup", database=where) from error
        raise


class Desk:
    """Reading the desk; writing goes through an act (`Store.act`)."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self._reading = engine.execution_options(reads_only=True)

    def rows(self, sql: str, *, scope: Scope = _ONLY_OPEN_TABLES, **values: object) -> Sequence[Row[Any]]:
        """The rows of a query; protected tables only through `visible_...` and a scope that opens them."""
        scoped, bounds = scope_query(sql, scope)
        with database_errors_named(self.engine), self._reading.connect() as connection:
            return connection.execute(prepared(scoped), {**values, **bounds}).all()

    def close(self) -> None:
        """Let go of every connection."""
        self.engine.dispose()
