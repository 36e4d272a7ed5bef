"""Databases: SQLite unless `TEST_DATABASE_URL` names a server that may create some."""

import os
import uuid
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, cast

import pytest
from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.orm import Session

from app import create_app
from app.db.engine import normalize_url
from app.extensions import db


@pytest.fixture(scope="session")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """A migrated database for the tests of this process."""
    with new_database(tmp_path_factory.mktemp("database")) as url, pytest.MonkeyPatch.context() as patch:
        patch.setenv("TEST_DATABASE_URL", url)
        with create_app("testing").app_context():
            upgrade()
            engine = db.engine
        engine.dispose()
        enable_savepoints_on_sqlite(engine)
        yield engine
        engine.dispose()


@pytest.fixture
def connection(engine: Engine) -> Iterator[Connection]:
    """One transaction around a test: commits inside are savepoints, and all is undone at the end."""
    with engine.connect() as connection:
        transaction = connection.begin()
        yield connection
        transaction.rollback()


@pytest.fixture
def connect(connection: Connection) -> Callable[[Flask], Flask]:
    """Let all that an app does go through the test's connection."""

    def connect(app: Flask) -> Flask:
        with app.app_context():
            cast("dict[str | None, Connection]", db.engines)[None] = connection
        return app

    db.session.session_factory.configure(join_transaction_mode="create_savepoint")
    return connect


@pytest.fixture
def db_session(connection: Connection) -> Iterator[Session]:
    """A session beside the app's: what it commits, requests see, and the other way round."""
    with Session(connection, join_transaction_mode="create_savepoint") as session:
        yield session


@pytest.fixture
def statements(connection: Connection) -> list[str]:
    """The SQL statements that the database receives from here on."""
    statements: list[str] = []

    def record(_connection: Connection, _cursor: object, statement: str, *_rest: object) -> None:
        statements.append(statement)

    event.listen(connection, "before_cursor_execute", record)
    return statements


@contextmanager
def new_database(folder: Path) -> Generator[str]:
    """Create an empty database, in the folder or on the server, and drop it afterwards."""
    server = server_url()
    if server is None:
        yield f"sqlite:///{folder / 'test.sqlite3'}"
        return
    name = f"test_{uuid.uuid4().hex}"
    encoding = "CHARACTER SET utf8mb4" if server.get_backend_name() == "mysql" else "ENCODING 'UTF8'"
    run_on_server(server, f"CREATE DATABASE {name} {encoding}")
    try:
        yield server.set(database=name).render_as_string(hide_password=False)
    finally:
        run_on_server(server, f"DROP DATABASE {name}")


def server_url() -> URL | None:
    """Return the URL of the database server that `TEST_DATABASE_URL` names, if any."""
    url = make_url(normalize_url(os.environ.get("TEST_DATABASE_URL") or "sqlite://"))
    return None if url.get_backend_name() == "sqlite" else url


def run_on_server(server: URL, statement: str) -> None:
    """Run a statement that is not allowed in transactions."""
    engine = create_engine(server, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(statement))
    engine.dispose()


def enable_savepoints_on_sqlite(engine: Engine) -> None:
    """Let SQLAlchemy begin transactions: by itself, SQLite's driver does not before a SAVEPOINT.

    See "Serializable isolation / Savepoints / Transactional DDL" in SQLAlchemy's SQLite dialect.
    """
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _disable_implicit_transactions)
        event.listen(engine, "begin", _begin)


def _disable_implicit_transactions(connection: Any, _record: object) -> None:
    connection.isolation_level = None


def _begin(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN")
