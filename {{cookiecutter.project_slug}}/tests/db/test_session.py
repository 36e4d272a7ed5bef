"""Requests that read run in autocommit mode, where the database supports that well."""

import pytest
from sqlalchemy import Engine

from app.db import session as sessions
from app.db.session import use_transaction
from app.extensions import db
from tests.plugins.models import Sample


@pytest.fixture
def supporting_app(concurrent_app, monkeypatch):
    """An app whose database counts as one of those."""
    with concurrent_app.app_context():
        monkeypatch.setattr(sessions, "AUTOCOMMIT_DIALECTS", {db.engine.dialect.name})
    return concurrent_app


def is_autocommit() -> bool:
    """Return whether statements of the current request need no transaction."""
    engine = db.session.get_bind()
    assert isinstance(engine, Engine)
    return engine.get_execution_options().get("isolation_level") == "AUTOCOMMIT"


@pytest.mark.parametrize(
    ("method", "expected"), [("GET", True), ("HEAD", True), ("POST", False), ("DELETE", False)]
)
def test_requests_that_read_need_no_transaction(supporting_app, method, expected):
    with supporting_app.test_request_context(method=method):
        assert is_autocommit() is expected


def test_commands_have_transactions(supporting_app):
    with supporting_app.app_context():
        assert not is_autocommit()


def test_request_may_ask_for_a_transaction(supporting_app):
    with supporting_app.test_request_context():
        use_transaction()

        assert not is_autocommit()


def test_other_databases_have_transactions(concurrent_app, monkeypatch):
    monkeypatch.setattr(sessions, "AUTOCOMMIT_DIALECTS", set())
    with concurrent_app.test_request_context():
        assert not is_autocommit()


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
