"""Connections: what is set on them, and when they are checked."""

import sqlite3
from contextlib import nullcontext
from types import SimpleNamespace

import pytest
from sqlalchemy import create_engine, event, text
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.pool import QueuePool

from app import create_app
from app.db import engine as engines
from app.db.engine import check_rested_connections, set_request_timeouts, set_timeouts
from app.extensions import db
from app.settings import ConfigurationError


@pytest.fixture
def sqlite(tmp_path):
    """A connection to an SQLite database in a file, whatever database the tests run on."""
    engine = create_engine(f"sqlite:///{tmp_path / 'own.sqlite3'}")
    with engine.connect() as connection:
        yield connection
    engine.dispose()


@pytest.fixture
def pool(tmp_path, monkeypatch):
    """A pool of one connection that stands for one to a server, its clock, and the pings it sent."""
    engine = create_engine(f"sqlite:///{tmp_path / 'pool.sqlite3'}", poolclass=QueuePool, pool_size=1)
    pool = SimpleNamespace(engine=engine, now=0.0, pings=[], is_lost=False)

    def ping(connection):
        pool.pings.append(connection)
        if pool.is_lost:
            raise sqlite3.OperationalError

    monkeypatch.setattr(engines.time, "monotonic", lambda: pool.now)
    monkeypatch.setattr(engine.dialect, "name", "server")
    monkeypatch.setattr(engine.dialect, "do_ping", ping)
    check_rested_connections(engine)
    yield pool
    monkeypatch.undo()
    engine.dispose()


def use(pool) -> object:
    """Take the connection and give it back."""
    connection = pool.engine.raw_connection()
    dbapi_connection = connection.dbapi_connection
    connection.close()
    return dbapi_connection


@pytest.mark.parametrize(
    ("pragma", "value"), [("foreign_keys", 1), ("journal_mode", "wal"), ("busy_timeout", 5000)]
)
def test_sqlite_has_the_guarantees_of_a_server(sqlite, pragma, value):
    assert sqlite.scalar(text(f"PRAGMA {pragma}")) == value


def test_sqlite_rejects_foreign_keys_without_a_row(sqlite):
    sqlite.execute(text("CREATE TABLE parents (id INTEGER PRIMARY KEY)"))
    sqlite.execute(text("CREATE TABLE children (parent_id INTEGER REFERENCES parents)"))

    with pytest.raises(IntegrityError):
        sqlite.execute(text("INSERT INTO children VALUES (1)"))


def test_connection_is_not_checked_while_it_is_used_all_the_time(pool):
    first = use(pool)
    pool.now += engines.PING_AFTER

    assert use(pool) is first
    assert pool.pings == []


def test_connection_is_checked_after_a_rest(pool):
    first = use(pool)
    pool.now += engines.PING_AFTER + 0.1

    assert use(pool) is first
    assert pool.pings == [first]


def test_lost_connection_is_replaced_before_it_is_used(pool):
    first = use(pool)
    pool.now += engines.PING_AFTER + 0.1
    pool.is_lost = True

    assert use(pool) is not first


class Connection:
    """A connection of a driver that records what it executes."""

    def __init__(self, server: str) -> None:
        """Name the server."""
        self.statements: list[str] = []
        self.get_server_info = lambda: server

    def cursor(self):
        """Return the recording cursor."""
        return self

    def __enter__(self):
        """Open the cursor."""
        return self

    def __exit__(self, *_error: object) -> None:
        """Close the cursor."""

    def execute(self, statement: str) -> None:
        """Record a statement."""
        self.statements.append(statement.removeprefix("SET SESSION "))

    def commit(self) -> None:
        """Record the commit."""
        self.statements.append("COMMIT")


@pytest.mark.parametrize(
    ("driver", "server", "statements"),
    [
        ("psycopg", "", ["statement_timeout = 20000", "lock_timeout = 5000", "COMMIT"]),
        (
            "pymysql",
            "11.8.2-MariaDB",
            ["innodb_lock_wait_timeout = 5", "lock_wait_timeout = 5", "max_statement_time = 20", "COMMIT"],
        ),
        (
            "pymysql",
            "8.4.0",
            ["innodb_lock_wait_timeout = 5", "lock_wait_timeout = 5", "max_execution_time = 20000", "COMMIT"],
        ),
        ("sqlite3", "", []),
    ],
)
def test_timeouts_are_set_in_the_words_of_each_server(driver, server, statements):
    connection = type("OwnConnection", (Connection,), {"__module__": f"{driver}.connections"})(server)

    set_timeouts(connection, statement=20, lock=5)

    assert connection.statements == statements


def test_statement_that_takes_too_long_is_cancelled_by_a_server(engine, monkeypatch):
    slow = {"postgresql": "SELECT pg_sleep(9)", "mysql": "SELECT SLEEP(9) FROM (SELECT 1) AS one"}
    statement = slow.get(engine.dialect.name)  # SQLite has no statement timeout
    monkeypatch.setattr(engines, "STATEMENT_TIMEOUT", 1)
    own = create_engine(engine.url)
    event.listen(own, "connect", set_request_timeouts)
    with own.connect() as connection, pytest.raises(DBAPIError) if statement else nullcontext():
        connection.execute(text(statement or "SELECT 1")).all()
    own.dispose()


@pytest.mark.parametrize("is_set", ["true", "false"])
def test_connections_of_an_app_set_timeouts_unless_it_is_switched_off(is_set, monkeypatch, tmp_path):
    monkeypatch.setenv("TEST_DATABASE_URL", f"sqlite:///{tmp_path / 'own.sqlite3'}")
    monkeypatch.setenv("FLASK_DATABASE_SESSION_TIMEOUTS", is_set)

    with create_app("testing").app_context():
        assert event.contains(db.engine, "connect", set_request_timeouts) is (is_set == "true")


def test_unknown_option_of_the_engine_is_an_error_of_the_configuration(monkeypatch):
    monkeypatch.setenv("FLASK_SQLALCHEMY_ENGINE_OPTIONS", '{"pool_sise": 1}')

    with pytest.raises(ConfigurationError, match=r"Invalid argument.*'pool_sise'"):
        create_app("testing")
