"""Engines: drivers, pools, timeouts, and SQLite with the guarantees of a server."""

import inspect
import socket
import sqlite3
import time
from typing import Any

from sqlalchemy import URL, Engine, event, make_url
from sqlalchemy.exc import ArgumentError, DisconnectionError

from app.settings import Setting

# A worker of gunicorn.conf.py has this many threads; each may hold one connection.
SERVER_THREADS = 4
CONNECT_TIMEOUT = 5  # seconds
STATEMENT_TIMEOUT = 20  # seconds until the server cancels a statement of a request, which is then a 503
LOCK_TIMEOUT = 5  # seconds that a statement waits for a lock
TCP_USER_TIMEOUT = 10  # seconds until a server that does not acknowledge anything counts as lost
POOL_RECYCLE = 1800  # seconds; below the idle timeouts of common servers and proxies
POOL_TIMEOUT = 10  # seconds that a request waits for a connection before it is answered with a 503
PING_AFTER = 1  # seconds in the pool after which a connection is checked before it is used

IN_MEMORY = {"sqlite://", "sqlite:///", "sqlite:///%3Amemory%3A"}

DRIVERS = {
    "postgres": "postgresql+psycopg",
    "postgresql": "postgresql+psycopg",
    "mysql": "mysql+pymysql",
    "mariadb": "mysql+pymysql",
}


def validate_url(url: str | None) -> str | None:
    """Reject a missing URL, and a database that ends with its process."""
    if not url:
        return "is missing"
    return "names no file: a database in memory ends with its process" if url in IN_MEMORY else None


SETTINGS = (
    Setting(
        "SQLALCHEMY_DATABASE_URI",
        None,
        "URL of the database; tests read `TEST_DATABASE_URL` instead.",
        validate=validate_url,
        development="sqlite:///development.sqlite3",
        testing="sqlite://",
        variable="DATABASE_URL",
    ),
    Setting("SQLALCHEMY_ENGINE_OPTIONS", {}, "More arguments for SQLAlchemy's `create_engine`."),
    Setting(
        "DATABASE_SESSION_TIMEOUTS",
        True,
        "Whether connections set timeouts of statements and locks; not behind a pooler by transaction.",
    ),
)


def normalize_url(url: str) -> str:
    """Name the installed driver in a database URL as hosting providers hand it out.

    Raises:
        sqlalchemy.exc.ArgumentError: This is not a database URL, or has a parameter that the driver refuses.
        ImportError: The driver is not installed.
    """
    parsed = make_url(url)
    normal = parsed.set(drivername=DRIVERS.get(parsed.drivername, parsed.drivername))
    _validate_parameters(normal, normal.get_dialect().import_dbapi())
    return normal.render_as_string(hide_password=False)


def _validate_parameters(url: URL, driver: Any) -> None:
    """Reject unknown parameters of a URL, which the driver would report at the first connection."""
    if url.get_backend_name() == "sqlite":
        return  # SQLAlchemy ignores them
    known = {*inspect.signature(driver.connect).parameters}
    if hasattr(driver, "pq"):
        known |= {option.keyword.decode() for option in driver.pq.Conninfo.get_defaults()}
    _, arguments = url.get_dialect()().create_connect_args(url)
    if unknown := ", ".join(sorted(arguments.keys() - known)):
        raise ArgumentError(f"the driver does not know the parameter {unknown}")


def engine_options(url: str, *, debug: bool = False) -> dict[str, Any]:
    """Return arguments for `create_engine`, with pool settings only where there is a server.

    Without `debug`, errors do not show the parameters of a statement: hashes and emails would end up
    in the logs.
    """
    options: dict[str, Any] = {"hide_parameters": not debug}
    backend = make_url(url).get_backend_name()
    if backend != "sqlite":
        options |= {
            # No more than its threads need: the number of workers limits the number of connections.
            "pool_size": SERVER_THREADS,
            "max_overflow": 0,
            "pool_timeout": POOL_TIMEOUT,
            "pool_recycle": POOL_RECYCLE,
            "connect_args": {"connect_timeout": CONNECT_TIMEOUT},
            # The same on all servers, so that a waiting statement sees what another one committed.
            "isolation_level": "READ COMMITTED",
            "skip_autocommit_rollback": True,
        }
    if backend == "mysql":
        # Text is stored as it was sent, or refused, whatever the server's configuration is.
        options["connect_args"] |= {"charset": "utf8mb4", "sql_mode": "TRADITIONAL"}
    if backend == "postgresql":
        options["connect_args"] |= {
            "client_encoding": "utf8",
            "keepalives_idle": TCP_USER_TIMEOUT,
            "tcp_user_timeout": TCP_USER_TIMEOUT * 1000,
        }
    return options


def check_rested_connections(engine: Engine) -> None:
    """Replace lost connections before they are used, at a round trip only for those that were idle."""

    def remember_checkin(_connection: object, record: Any) -> None:
        record.info["idle_since"] = time.monotonic()

    def check(connection: Any, record: Any, _proxy: object) -> None:
        idle_since = record.info.get("idle_since", time.monotonic())
        if time.monotonic() - idle_since > PING_AFTER:
            try:
                engine.dialect.do_ping(connection)
            except engine.dialect.loaded_dbapi.Error as error:
                raise DisconnectionError from error  # the pool opens another connection

    if engine.dialect.name != "sqlite":
        event.listen(engine, "checkin", remember_checkin)
        event.listen(engine, "checkout", check)


@event.listens_for(Engine, "connect")
def set_tcp_timeouts(connection: Any, _record: object) -> None:
    """Let PyMySQL, which has no settings for it, detect a lost server like psycopg does.

    Its `read_timeout` would end slow statements, too.
    """
    sock = getattr(connection, "_sock", None)
    if sock and sock.family != getattr(socket, "AF_UNIX", None) and hasattr(socket, "TCP_USER_TIMEOUT"):
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPIDLE, TCP_USER_TIMEOUT)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, TCP_USER_TIMEOUT * 1000)


def set_request_timeouts(connection: Any, _record: object) -> None:
    """Limit how long a statement of a request runs, and how long it waits for a lock."""
    set_timeouts(connection, statement=STATEMENT_TIMEOUT, lock=LOCK_TIMEOUT)


def set_timeouts(connection: Any, *, statement: int, lock: int) -> None:
    """Set the timeouts, in seconds, of a connection of psycopg or PyMySQL; 0 means none for `statement`."""
    driver = type(connection).__module__.partition(".")[0]
    settings: dict[str, int] = {}
    if driver == "psycopg":
        settings = {"statement_timeout": statement * 1000, "lock_timeout": lock * 1000}
    elif driver == "pymysql":
        settings = {"innodb_lock_wait_timeout": lock, "lock_wait_timeout": lock}
        if "MariaDB" in connection.get_server_info():
            settings["max_statement_time"] = statement
        else:
            settings["max_execution_time"] = statement * 1000
    if settings:
        with connection.cursor() as cursor:
            for name, value in settings.items():
                cursor.execute(f"SET SESSION {name} = {value}")
        connection.commit()


@event.listens_for(Engine, "connect")
def set_sqlite_pragmas(connection: Any, _record: object) -> None:
    """Switch on what SQLite leaves off: foreign keys, readers beside a writer, a busy timeout."""
    if isinstance(connection, sqlite3.Connection):
        for pragma in ("foreign_keys = ON", "journal_mode = WAL", "busy_timeout = 5000"):
            connection.execute(f"PRAGMA {pragma}")
