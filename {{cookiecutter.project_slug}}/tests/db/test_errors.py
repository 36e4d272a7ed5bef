"""Errors of drivers, by their codes."""

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import DBAPIError, InternalError, ProgrammingError
from sqlalchemy.pool import NullPool

from app.db.errors import PERMISSION_DENIED, READ_ONLY, has_code, is_unavailable


def error_of_postgresql(sqlstate: str) -> DBAPIError:
    """Return an error like those of psycopg."""
    orig = Exception("refused")
    vars(orig)["sqlstate"] = sqlstate
    return InternalError("INSERT", {}, orig)


def error_of_mysql(code: int) -> DBAPIError:
    """Return an error like those of PyMySQL."""
    return InternalError("INSERT", {}, Exception(code, "refused"))


@pytest.fixture
def error_of_sqlite(tmp_path) -> DBAPIError:
    """The error of an SQLite database that was opened to be read only."""
    file = tmp_path / "own.sqlite3"
    create_engine(f"sqlite:///{file}", poolclass=NullPool).connect().close()
    engine = create_engine(f"sqlite:///file:{file}?mode=ro&uri=true", poolclass=NullPool)
    with engine.connect() as connection, pytest.raises(DBAPIError) as caught:
        connection.execute(text("CREATE TABLE own (id INTEGER)"))
    return caught.value


@pytest.mark.parametrize("error", [error_of_postgresql("25006"), error_of_mysql(1290)], ids=str)
def test_read_only_server_is_recognized(error):
    assert has_code(error, READ_ONLY)
    assert is_unavailable(error)


def test_read_only_file_is_recognized(error_of_sqlite):
    assert has_code(error_of_sqlite, READ_ONLY)
    assert is_unavailable(error_of_sqlite)


@pytest.mark.parametrize("error", [error_of_postgresql("42501"), error_of_mysql(1142)], ids=str)
def test_missing_right_is_recognized_and_does_not_pass_by_itself(error):
    assert has_code(error, PERMISSION_DENIED)
    assert not is_unavailable(error)


def test_lost_connection_is_unavailable():
    assert is_unavailable(InternalError("SELECT", {}, Exception("lost"), connection_invalidated=True))


def test_wrong_statement_is_not_unavailable():
    assert not is_unavailable(ProgrammingError("SELECT", {}, Exception(1064, "syntax")))
