"""The desk: the SQL database of what we do about it, on SQLite for one machine and PostgreSQL beyond (DESIGN)."""

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from typing import Any, TypeAlias

import numpy as np
from pysqlite3 import dbapi2 as sqlite
from sqlalchemy import Connection, Engine, Row, TextClause, bindparam, create_engine, event, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import ConnectionPoolEntry

from ringfence.store.database_errors import name_error
from ringfence.store.scope import Scope, scope_query

Query: TypeAlias = Callable[..., Sequence[Row[Any]]]
"""What answers a query: `Desk.rows` with what is committed, `Act.rows` with what the running group wrote as well."""

_ONLY_OPEN_TABLES = Scope({})

_ANY_THREAD = {"check_same_thread": False}  # the pool hands a connection to one thread at a time

SQLITE_WAYS = """
pragma busy_timeout = 10000;
pragma journal_mode = wal;
pragma synchronous = full;
pragma foreign_keys = on;
pragma recursive_triggers = on; -- so that `insert or replace` cannot get around the ledger's trigger on deleting
pragma secure_delete = on; -- so that a shredded key does not survive in a free page
pragma trusted_schema = off;
"""

BECOME_READER = "set role ringfence_reader"

SET_SCOPE = "select set_config('ringfence.scope', :scope, false)"

for _kind in (np.int16, np.int32, np.int64):
    sqlite.register_adapter(_kind, int)  # pysqlite would silently store their bytes, as psycopg would not


@lru_cache(maxsize=4096)
def prepared(sql: str) -> TextClause:
    """The statement of a query, parsed once."""
    return text(sql)


@lru_cache(maxsize=1024)
def prepared_among(sql: str) -> TextClause:
    """The statement of a query that asks `in :among`, parsed once."""
    return text(sql).bindparams(bindparam("among", expanding=True))


def open_engine(url: str, **pool: int) -> Engine:
    """The engine of a desk; SQLite through pysqlite3, for the system's own may be one that corrupts its log.

    Parameters stay out of error texts, for those end in logs. `pool` sizes the engine's pool of connections.
    """
    if not url.startswith("sqlite"):
        return create_engine(url, pool_pre_ping=True, hide_parameters=True, **pool)
    engine = create_engine(url, module=sqlite, hide_parameters=True, connect_args=_ANY_THREAD, **pool)
    event.listen(engine, "connect", _set_sqlite_ways)
    event.listen(engine, "begin", _begin_at_once)
    return engine


def open_reading(engine: Engine) -> Engine:
    """An engine on another's database that writes nothing; on PostgreSQL it reads behind row-level security.

    Each query stands for itself, outside a transaction, so that none has to be begun and ended around it.
    """
    if engine.dialect.name == "postgresql":
        reading = create_engine(engine.url, pool_pre_ping=True, hide_parameters=True, isolation_level="AUTOCOMMIT")
        event.listen(reading, "connect", _become_reader)
        return reading
    reading = create_engine(engine.url, module=sqlite, hide_parameters=True, connect_args=_ANY_THREAD)
    event.listen(reading, "connect", _set_sqlite_ways)
    event.listen(reading, "connect", _write_nothing)
    return reading


def _become_reader(connection: Any, _record: ConnectionPoolEntry) -> None:  # noqa: ANN401 - a DBAPI connection
    connection.execute(BECOME_READER)


def _write_nothing(connection: Any, _record: ConnectionPoolEntry) -> None:  # noqa: ANN401 - a DBAPI connection
    connection.execute("pragma query_only = on")


def _set_sqlite_ways(connection: Any, _record: ConnectionPoolEntry) -> None:  # noqa: ANN401 - a DBAPI connection
    connection.isolation_level = None  # we say BEGIN ourselves
    connection.executescript(SQLITE_WAYS)


def _begin_at_once(connection: Connection) -> None:
    reads_only = connection.get_execution_options().get("reads_only", False)
    connection.exec_driver_sql("begin" if reads_only else "begin immediate")


@contextmanager
def database_errors_named(engine: Engine) -> Iterator[None]:
    """Turns what a full disk, a damaged file or a stopped server makes of a database into one sentence each."""
    try:
        yield
    except (DBAPIError, engine.dialect.loaded_dbapi.Error) as error:
        named = name_error(error, database=engine.url.render_as_string(hide_password=True))
        if named is None:
            raise
        raise named from error


class Desk:
    """Reading the desk; writing goes through an act (`Store.act`)."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self._reading = open_reading(engine)

    def rows(self, sql: str, *, scope: Scope = _ONLY_OPEN_TABLES, **values: object) -> Sequence[Row[Any]]:
        """The rows of a query; protected tables only through `visible_...` and a scope that opens them."""
        scoped, bounds = scope_query(sql, scope)
        return self._read(prepared(scoped), {**values, **bounds}, scope)

    def rows_among(
        self, sql: str, among: Sequence[object], *, scope: Scope = _ONLY_OPEN_TABLES, **values: object
    ) -> Sequence[Row[Any]]:
        """The rows of a query that asks `in :among`: of the few things that stand on one page."""
        scoped, bounds = scope_query(sql, scope)
        return self._read(prepared_among(scoped), {**values, **bounds, "among": list(among)}, scope)

    def close(self) -> None:
        """Let go of every connection."""
        self._reading.dispose()
        self.engine.dispose()

    def disown(self) -> None:
        """In a forked child: the connections are the parent's."""
        self._reading.dispose(close=False)
        self.engine.dispose(close=False)

    def _read(self, statement: TextClause, values: dict[str, object], scope: Scope) -> Sequence[Row[Any]]:
        with database_errors_named(self.engine), self._reading.connect() as connection:
            if connection.dialect.name == "postgresql":
                _open_scope(connection, scope)
            return connection.execute(statement, values).all()


def _open_scope(connection: Connection, scope: Scope) -> None:
    """Tell row-level security which paths of which tables are open to whoever asks next on this connection."""
    opened = json.dumps(dict(scope.paths))
    if connection.info.get("scope") != opened:
        connection.info.pop("scope", None)
        connection.execute(prepared(SET_SCOPE), {"scope": opened})
        connection.info["scope"] = opened
