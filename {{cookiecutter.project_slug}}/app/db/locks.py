"""The lock that keeps migrations from running twice at once."""

from collections.abc import Generator
from contextlib import contextmanager

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError, OperationalError

from app.db.engine import set_sqlite_pragmas, set_timeouts
from app.db.errors import PERMISSION_DENIED, READ_ONLY, has_code

SQLITE_TIMEOUT = 60 * 60 * 1000  # milliseconds to wait for another migration
LOCK_TIMEOUT = 24 * 60 * 60  # seconds, likewise
# The database releases the lock when the connection of its holder ends.
STATEMENTS = {
    "sqlite": "BEGIN IMMEDIATE",
    "postgresql": f"SELECT pg_advisory_xact_lock({int.from_bytes(b'migrate')})",
    "mysql": "SELECT GET_LOCK(MD5(CONCAT(DATABASE(), '.alembic_version')), 86400)",
}
# A query for the encoding of a database, the one that stores all text, and how to get it.
ENCODINGS = {
    "postgresql": ("SHOW server_encoding", "UTF8", "create it with TEMPLATE template0 ENCODING 'UTF8'"),
    "mysql": ("SELECT @@character_set_database", "utf8mb4", "run ALTER DATABASE CHARACTER SET utf8mb4"),
}


class MigrationError(Exception):
    """The database cannot be migrated; the message is one sentence."""


@contextmanager
def migration_connection(engine: Engine) -> Generator[Connection]:
    """Yield a connection to migrate with, while no other process migrates the same database.

    Raises:
        MigrationError: The database is unavailable or may not be changed, it cannot store all text, or its
            rows are inconsistent afterwards.
    """
    lock = _locked_sqlite if engine.dialect.name == "sqlite" else _locked_server
    try:
        with lock(engine) as connection:
            yield connection
    except DBAPIError as error:
        if has_code(error, PERMISSION_DENIED | READ_ONLY):
            reason = str(error.orig).partition("\n")[0]
            raise MigrationError(f"The database cannot be changed by this user: {reason}") from error
        raise


@contextmanager
def _locked_sqlite(engine: Engine) -> Generator[Connection]:
    """Migrate in one transaction, which excludes other writers and is rolled back if anything fails.

    Foreign keys are off, as copying a table needs, and checked at the end.
    """
    with _connect(engine) as connection:
        connection.exec_driver_sql("PRAGMA foreign_keys = OFF")
        connection.exec_driver_sql(f"PRAGMA busy_timeout = {SQLITE_TIMEOUT}")
        connection.commit()
        connection.exec_driver_sql(STATEMENTS["sqlite"])
        yield connection
        if broken := connection.exec_driver_sql("PRAGMA foreign_key_check").all():
            raise MigrationError(f"Foreign keys without a row after the migration: {broken}")
        connection.commit()
        # A database in memory has no other connection to go on with.
        set_sqlite_pragmas(connection.connection.dbapi_connection, None)


@contextmanager
def _locked_server(engine: Engine) -> Generator[Connection]:
    """Migrate on one connection while another one holds the lock.

    It holds it in a transaction, so it works through a pooler that lends connections by transaction.
    """
    with _connect(engine) as holder, _connect(engine) as connection:
        # Neither goes back to the pool: a lock of MySQL ends with its connection, and these have no timeouts.
        for detached in (holder, connection):
            detached.detach()
            set_timeouts(detached.connection.dbapi_connection, statement=0, lock=LOCK_TIMEOUT)
        if holder.exec_driver_sql(STATEMENTS[engine.dialect.name]).scalar() in {0, None}:
            raise MigrationError("Another process keeps migrating this database.")
        _validate_encoding(holder)
        yield connection
        connection.commit()


def _validate_encoding(connection: Connection) -> None:
    query, needed, remedy = ENCODINGS[connection.dialect.name]
    found = connection.exec_driver_sql(query).scalar()
    if found != needed:
        raise MigrationError(f"The encoding of the database is {found}, not {needed}: {remedy}.")


def _connect(engine: Engine) -> Connection:
    try:
        return engine.connect()
    except OperationalError as error:
        raise MigrationError(f"Database unavailable: {error.orig}") from error
