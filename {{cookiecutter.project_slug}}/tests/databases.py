"""Databases for tests: SQLite unless `TEST_DATABASE_URL` names a server that may create some."""

import os
import uuid
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url, text

from app.database import normalize_url


def server_url() -> URL | None:
    """Return the server that the tests were given, if any."""
    url = make_url(normalize_url(os.environ.get("TEST_DATABASE_URL") or "sqlite://"))
    return None if url.get_backend_name() == "sqlite" else url


@contextmanager
def new_database(folder: Path) -> Generator[str]:
    """Create an empty database, in the folder or on the server, and drop it afterwards."""
    server = server_url()
    if server is None:
        yield f"sqlite:///{folder / 'test.sqlite3'}"
        return
    name = f"test_{uuid.uuid4().hex}"
    run_on_server(server, f"CREATE DATABASE {name}")
    try:
        yield server.set(database=name).render_as_string(hide_password=False)
    finally:
        run_on_server(server, f"DROP DATABASE {name}")


def run_on_server(server: URL, statement: str) -> None:
    """Run a statement that takes no part in transactions."""
    engine = create_engine(server, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(statement))
    engine.dispose()


def let_sqlite_nest(engine: Engine) -> None:
    """Let SQLAlchemy begin transactions: by itself, SQLite's driver does not before a SAVEPOINT.

    See "Serializable isolation / Savepoints / Transactional DDL" in SQLAlchemy's SQLite dialect.
    """
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _leave_transactions_alone)
        event.listen(engine, "begin", _begin)


def _leave_transactions_alone(connection: Any, _record: object) -> None:
    connection.isolation_level = None


def _begin(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN")
