"""What the service asks of a database: one driver each, a sane pool, SQLite that behaves."""

import socket
import sqlite3
from typing import Any

from sqlalchemy import Engine, event, make_url

# A worker of gunicorn.conf.py has this many threads; each may hold one connection.
SERVER_THREADS = 4
CONNECT_TIMEOUT = 5  # seconds
TCP_USER_TIMEOUT = 10  # seconds until a server whose machine says nothing any more counts as lost
POOL_RECYCLE = 1800  # seconds; below the idle time-outs of common servers and proxies
POOL_TIMEOUT = 10  # seconds that a request waits for a connection before it is answered with a 503

# What holds off a second `flask db upgrade`; the database lets go of it when its holder dies.
MIGRATION_LOCKS = {
    "sqlite": "BEGIN IMMEDIATE",
    "postgresql": f"SELECT pg_advisory_xact_lock({int.from_bytes(b'migrate')})",
    "mysql": "SELECT GET_LOCK(MD5(CONCAT(DATABASE(), '.alembic_version')), 86400)",
}

DRIVERS = {
    "postgres": "postgresql+psycopg",
    "postgresql": "postgresql+psycopg",
    "mysql": "mysql+pymysql",
    "mariadb": "mysql+pymysql",
}


def normalize_url(url: str) -> str:
    """Name the installed driver in a database URL as hosting providers hand it out.

    Raises:
        sqlalchemy.exc.ArgumentError: This is not a database URL.
        ImportError: The driver is not installed.
    """
    parsed = make_url(url)
    normal = parsed.set(drivername=DRIVERS.get(parsed.drivername, parsed.drivername))
    normal.get_dialect().import_dbapi()
    return normal.render_as_string(hide_password=False)


def engine_options(url: str, *, debug: bool = False) -> dict[str, Any]:
    """Return arguments for `create_engine`, with pool settings only where there is a server.

    Outside debugging, errors do not show the parameters of a statement: hashes and addresses
    would end up in the logs.
    """
    options: dict[str, Any] = {"hide_parameters": not debug}
    backend = make_url(url).get_backend_name()
    if backend != "sqlite":
        options |= {
            # No more than its threads need: so many workers have so many connections, and no more.
            "pool_size": SERVER_THREADS,
            "max_overflow": 0,
            "pool_timeout": POOL_TIMEOUT,
            "pool_pre_ping": True,
            "pool_recycle": POOL_RECYCLE,
            "connect_args": {"connect_timeout": CONNECT_TIMEOUT},
            # The same on all servers, so that a waiting statement sees what the other one committed.
            "isolation_level": "READ COMMITTED",
        }
    if backend == "postgresql":
        options["connect_args"] |= {
            "keepalives_idle": TCP_USER_TIMEOUT,
            "tcp_user_timeout": TCP_USER_TIMEOUT * 1000,
        }
    return options


@event.listens_for(Engine, "connect")
def set_tcp_timeouts(connection: Any, _record: object) -> None:
    """Let PyMySQL, which has no settings for it, notice a lost machine like psycopg does.

    Its `read_timeout` would end slow statements, too.
    """
    link = getattr(connection, "_sock", None)
    if link and link.family != getattr(socket, "AF_UNIX", None) and hasattr(socket, "TCP_USER_TIMEOUT"):
        link.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPIDLE, TCP_USER_TIMEOUT)
        link.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, TCP_USER_TIMEOUT * 1000)


@event.listens_for(Engine, "connect")
def set_sqlite_pragmas(connection: Any, _record: object) -> None:
    """Switch on what SQLite leaves off: foreign keys, readers beside a writer, patience."""
    if isinstance(connection, sqlite3.Connection):
        for pragma in ("foreign_keys = ON", "journal_mode = WAL", "busy_timeout = 5000"):
            connection.execute(f"PRAGMA {pragma}")
