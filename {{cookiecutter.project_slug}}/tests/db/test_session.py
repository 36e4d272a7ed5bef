"""Requests that read run in autocommit mode, where the database supports that well."""

import pytest
from sqlalchemy import Engine, delete, event, select, text
from sqlalchemy.exc import DBAPIError

from app.db import session as sessions
from app.db.session import is_autocommit, use_transaction
from app.extensions import db
from tests.plugins.models import Sample


@pytest.fixture
def supporting_app(concurrent_app, monkeypatch):
    """An app whose database counts as one of those."""
    with concurrent_app.app_context():
        monkeypatch.setattr(sessions, "AUTOCOMMIT_DIALECTS", {db.engine.dialect.name})
    return concurrent_app


@pytest.fixture
def close_connections(supporting_app):
    """Return a function that lets the server close the connections that are used next."""

    def close(times: int) -> None:
        engine = db.engine
        left = iter(range(times))

        @event.listens_for(engine, "before_cursor_execute")
        def lose(connection, *_args):
            """Close it."""
            if next(left, None) is not None:
                connection.connection.dbapi_connection.close()

        closing.append((engine, lose))

    closing = []
    yield close
    for engine, lose in closing:
        event.remove(engine, "before_cursor_execute", lose)


@pytest.mark.parametrize(
    ("method", "expected"), [("GET", True), ("HEAD", True), ("POST", False), ("DELETE", False)]
)
def test_requests_that_read_need_no_transaction(supporting_app, method, expected):
    with supporting_app.test_request_context(method=method):
        assert is_autocommit(db.session.get_bind()) is expected


def test_commands_have_transactions(supporting_app):
    with supporting_app.app_context():
        assert not is_autocommit(db.session.get_bind())


def test_request_may_ask_for_a_transaction(supporting_app):
    with supporting_app.test_request_context():
        use_transaction()

        assert not is_autocommit(db.session.get_bind())


def test_other_databases_have_transactions(concurrent_app, monkeypatch):
    monkeypatch.setattr(sessions, "AUTOCOMMIT_DIALECTS", set())
    with concurrent_app.test_request_context():
        assert not is_autocommit(db.session.get_bind())


def test_both_engines_share_a_pool(supporting_app):
    with supporting_app.test_request_context():
        reading = db.session.get_bind()

        assert isinstance(reading, Engine)
        assert reading.pool is db.engine.pool
        assert reading is db.session.get_bind()


def test_writing_without_a_transaction_is_an_error(supporting_app):
    with supporting_app.test_request_context():
        db.session.add(Sample(word="hey"))

        with pytest.raises(RuntimeError, match="use_transaction"):
            db.session.flush()


# Lost connections

ONE = select(text("1"))


def test_read_is_repeated_on_another_connection(supporting_app, close_connections):
    with supporting_app.test_request_context():
        close_connections(1)

        assert db.session.scalar(ONE) == 1


def test_read_is_repeated_once_only(supporting_app, close_connections):
    with supporting_app.test_request_context():
        close_connections(2)

        with pytest.raises(DBAPIError):
            db.session.scalar(ONE)


def test_read_in_a_transaction_is_not_repeated(supporting_app, close_connections):
    with supporting_app.test_request_context(method="POST"):
        close_connections(1)

        with pytest.raises(DBAPIError):
            db.session.scalar(ONE)


def test_write_is_not_repeated(supporting_app, close_connections):
    with supporting_app.test_request_context():
        close_connections(1)

        with pytest.raises(DBAPIError):
            db.session.execute(delete(Sample))


def test_other_errors_are_not_repeated(supporting_app):
    sent = []
    with supporting_app.test_request_context():
        event.listen(db.engine, "before_cursor_execute", lambda *each: sent.append(each[2]))

        with pytest.raises(DBAPIError):
            db.session.scalar(select(text("nonsense")))

    assert sent == ["SELECT nonsense"]
