"""What goes wrong with a database, in one sentence each; told by the database's own codes, never by its wording."""

from collections.abc import Callable
from typing import TypeAlias

from pysqlite3 import dbapi2 as sqlite
from sqlalchemy.exc import DBAPIError

from ringfence.errors import DiskFull, RingfenceError, Unusable, WriterBusy

Naming: TypeAlias = Callable[[str], RingfenceError]

_PRIMARY = 0xFF  # an extended result code of SQLite holds the primary one in its lowest byte


def _no_room(database: str) -> RingfenceError:
    return DiskFull(
        "the disk under {folder} has no room; nothing of this step was kept; make room and repeat it", folder=database
    )


def _refused_to_write(database: str) -> RingfenceError:
    return DiskFull(
        "the disk under {folder} refused to write: full or failing; nothing of this step was kept; "
        "make room or mend it, then repeat the step",
        folder=database,
    )


def _damaged(database: str) -> RingfenceError:
    return Unusable("the database {database} is damaged; restore it from a backup", database=database)


def _locked(database: str) -> RingfenceError:
    return WriterBusy(
        "another program holds the database {database} locked; nothing of this step was kept; "
        "end that program and repeat the step",
        database=database,
    )


def _not_writable(database: str) -> RingfenceError:
    return Unusable(
        "the database {database} cannot be opened for writing; mend the rights of its file and folder",
        database=database,
    )


def _out_of_reach(database: str) -> RingfenceError:
    return Unusable(
        "the database {database} went away or does not let us in; whatever was not acknowledged counts as not done: "
        "start it or mend its address, then repeat the step",
        database=database,
    )


def _lacks_a_right(database: str) -> RingfenceError:
    return Unusable(
        "the account under which {database} is used lacks a right there; it owns the tables, and it may make the role "
        "ringfence_reader or is a member of it",
        database=database,
    )


def _met_another(database: str) -> RingfenceError:
    return Unusable(
        "two steps in the database {database} waited for each other and this one was taken back; repeat it",
        database=database,
    )


# https://www.sqlite.org/rescode.html
_BY_RESULT_CODE: dict[int, Naming] = {
    5: _locked,  # SQLITE_BUSY
    8: _not_writable,  # SQLITE_READONLY
    10: _refused_to_write,  # SQLITE_IOERR
    11: _damaged,  # SQLITE_CORRUPT
    13: _no_room,  # SQLITE_FULL
    14: _not_writable,  # SQLITE_CANTOPEN
    26: _damaged,  # SQLITE_NOTADB
}

# https://www.postgresql.org/docs/15/errcodes-appendix.html
_BY_SQLSTATE: dict[str, Naming] = {
    "40001": _met_another,  # serialization_failure
    "40P01": _met_another,  # deadlock_detected
    "42501": _lacks_a_right,  # insufficient_privilege
    "53100": _no_room,  # disk_full
    "57P01": _out_of_reach,  # admin_shutdown
    "57P02": _out_of_reach,  # crash_shutdown
    "57P03": _out_of_reach,  # cannot_connect_now
    "58030": _refused_to_write,  # io_error
    "XX001": _damaged,  # data_corrupted
    "XX002": _damaged,  # index_corrupted
}


def name_error(error: Exception, *, database: str) -> RingfenceError | None:
    """A driver's error, or SQLAlchemy's around it, in our words; None for the statement's own trouble."""
    naming = _naming(error)
    return naming(database) if naming else None


def _naming(error: Exception) -> Naming | None:
    cause = error.orig if isinstance(error, DBAPIError) else error
    result_code = getattr(cause, "sqlite_errorcode", None)
    if result_code is not None:
        return _BY_RESULT_CODE.get(result_code & _PRIMARY)
    if isinstance(cause, sqlite.OperationalError):
        return _damaged  # without a result code pysqlite itself speaks: a text that is no text
    sqlstate = getattr(cause, "sqlstate", None)
    if sqlstate is not None:
        return _BY_SQLSTATE.get(sqlstate)
    return _out_of_reach if _is_cut_off(error) else None


def _is_cut_off(error: Exception) -> bool:
    """Whether the connection itself failed: found broken, or no statement had been sent yet."""
    return not isinstance(error, DBAPIError) or error.connection_invalidated or error.statement is None
