"""Errors of drivers, by what a client can do about them."""

from typing import Any

from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError

# SQLSTATE of PostgreSQL, numbers of MySQL and MariaDB, names of SQLite.
READ_ONLY = {"25006", 1290, 1792, 1836, "SQLITE_READONLY", "SQLITE_READONLY_DBMOVED"}
PERMISSION_DENIED = {"42501", 1044, 1142, 1143, 1227}


def is_unavailable(error: DBAPIError) -> bool:
    """Return whether the database cannot do now what it can do at other times."""
    return (
        isinstance(error, (OperationalError, InterfaceError))
        or error.connection_invalidated
        or has_code(error, READ_ONLY)
    )


def has_code(error: DBAPIError, codes: set[str | int]) -> bool:
    """Return whether the driver reports one of these codes."""
    orig: Any = error.orig
    reported = (getattr(orig, "sqlstate", None), getattr(orig, "sqlite_errorname", None), *orig.args[:1])
    return not codes.isdisjoint(reported)
