"""Fixtures for all tests: an app, its clients, and a database that forgets every test."""

import json
from collections.abc import Callable, Iterator
from typing import Any, cast

import pytest
from alembic.script import ScriptDirectory
from flask import Flask, current_app
from flask.testing import FlaskClient, FlaskCliRunner
from flask_migrate import upgrade
from sqlalchemy import Connection, Engine
from sqlalchemy.orm import Session, scoped_session

from app import create_app
from app.extensions import db, limiter
from tests.databases import let_sqlite_nest, new_database

pytest_plugins = [
    # @if cookiecutter.auth != "none"
    "tests.plugins.credentials",
    "tests.plugins.accounts",
    # @else
    "tests.plugins.anonymous",
    # @endif
    "tests.plugins.posts",
    "tests.plugins.models",
    "tests.plugins.settings",
]


@pytest.fixture(scope="session")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """A migrated database for the tests of this process."""
    with new_database(tmp_path_factory.mktemp("database")) as url, pytest.MonkeyPatch.context() as patch:
        patch.setenv("TEST_DATABASE_URL", url)
        with create_app("testing").app_context():
            upgrade()
            engine = db.engine
        engine.dispose()
        let_sqlite_nest(engine)
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
def make_app(connect: Callable[[Flask], Flask], monkeypatch: pytest.MonkeyPatch) -> Callable[..., Flask]:
    """Build apps: with settings of their own, or to add views to."""

    def make(**settings: object) -> Flask:
        for name, value in settings.items():
            monkeypatch.setenv(f"FLASK_{name}", json.dumps(value))
        return connect(create_app("testing"))

    return make


@pytest.fixture(scope="session")
def shared_app(engine: Engine) -> tuple[Flask, dict[str, Any]]:
    """An app for all tests of this process, and the state of the limiter, which is one for all apps.

    Building an app takes longer than most tests.
    """
    return create_app("testing"), dict(vars(limiter))


@pytest.fixture
def app(shared_app: tuple[Flask, dict[str, Any]], connect: Callable[[Flask], Flask]) -> Iterator[Flask]:
    """The app; settings that a test changes are what they were afterwards."""
    app, limits = shared_app
    settings = dict(app.config)
    vars(limiter).update(limits)
    yield connect(app)
    app.config.clear()
    app.config.update(settings)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A client that nobody is logged in with."""
    return app.test_client()


@pytest.fixture
def runner(app: Flask) -> FlaskCliRunner:
    """Runs commands of `flask`."""
    return app.test_cli_runner()


@pytest.fixture
def db_session(connection: Connection) -> Iterator[Session]:
    """A session beside the app's: what it commits, requests see, and the other way round."""
    with Session(connection, join_transaction_mode="create_savepoint") as session:
        yield session


@pytest.fixture
def app_context(app: Flask, db_session: Session) -> Iterator[Flask]:
    """For tests of services, which share the session of the test.

    No request goes in here, it would share `g` with the next one.
    """
    with app.app_context():
        cast("scoped_session[Session]", db.session).registry.set(db_session)
        yield app


@pytest.fixture
def empty_app(tmp_path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Flask]:
    """An app with a database of its own, which has no tables yet and whose commits are real."""
    with new_database(tmp_path) as url:
        monkeypatch.setenv("TEST_DATABASE_URL", url)
        app = create_app("testing")
        db.session.session_factory.configure(join_transaction_mode="conditional_savepoint")
        yield app
        with app.app_context():
            db.engine.dispose()


@pytest.fixture
def migrations(empty_app: Flask) -> Iterator[ScriptDirectory]:
    """The revisions, with an empty database at hand to run them on."""
    with empty_app.app_context():
        yield ScriptDirectory.from_config(current_app.extensions["migrate"].migrate.get_config())


@pytest.fixture
def concurrent_app(empty_app: Flask) -> Flask:
    """An app for races: its database is its own, and migrated."""
    with empty_app.app_context():
        upgrade()
    return empty_app
