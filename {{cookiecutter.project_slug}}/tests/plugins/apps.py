"""Apps with settings and views of their own, clients, and runners of commands."""

import json
import logging
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

import pytest
from alembic.script import ScriptDirectory
from flask import Flask, current_app
from flask.testing import FlaskClient, FlaskCliRunner
from flask_migrate import upgrade
from sqlalchemy import Engine
from sqlalchemy.orm import Session, scoped_session

from app import create_app
from app.extensions import db, limiter
from tests.plugins.databases import new_database

AddViews = Callable[[Flask], None]


@dataclass
class SharedApp:
    """An app that several tests use, and what they may change about it."""

    app: Flask
    config: dict[str, Any] = field(init=False)
    extensions: dict[str, Any] = field(init=False)
    limiter: dict[str, Any] = field(init=False)

    def __post_init__(self) -> None:
        """Remember the state of the app, and of the limiter, which is one object for all apps."""
        self.config = dict(self.app.config)
        self.extensions = dict(self.app.extensions)
        self.limiter = dict(vars(limiter))

    def reset(self) -> Flask:
        """Undo what the last test did to the app, and forget the requests that were counted."""
        for current, original in (
            (self.app.config, self.config),
            (self.app.extensions, self.extensions),
            (vars(limiter), self.limiter),
        ):
            current.clear()
            current.update(original)
        if limiter.enabled:
            limiter.reset()
        return self.app


@pytest.fixture(scope="session")
def shared_apps(engine: Engine) -> dict[tuple[object, ...], SharedApp]:
    """The apps that were built in this process, by their views and settings."""
    return {}


@pytest.fixture(autouse=True)
def logging_restored(engine: Engine) -> Iterator[None]:
    """Undo what a test's own app changes about logging: the process has one, which shared apps use, too.

    The app of `engine` is the first to configure it.
    """
    root, app = logging.getLogger(), logging.getLogger("app")
    handlers, levels = root.handlers[:], (root.level, app.level)
    yield
    root.handlers[:] = handlers
    root.setLevel(levels[0])
    app.setLevel(levels[1])


@pytest.fixture
def make_app(
    shared_apps: dict[tuple[object, ...], SharedApp], connect: Callable[[Flask], Flask]
) -> Callable[..., Flask]:
    """Return an app with the given settings, and with the views that functions add to it.

    Tests with equal settings and functions share an app: building one takes longer than most tests.
    """

    def make(*add_views: AddViews, **settings: object) -> Flask:
        key = (*add_views, json.dumps(settings, sort_keys=True))
        if key not in shared_apps:
            app = build_app(settings)
            for add in add_views:
                add(app)
            # From the first request on, Flask refuses views of a single test, whichever comes first.
            app.test_client().get("/health")
            shared_apps[key] = SharedApp(app)
        return connect(shared_apps[key].reset())

    return make


@pytest.fixture
def new_app(connect: Callable[[Flask], Flask]) -> Callable[..., Flask]:
    """Build an app that no other test uses."""

    def new(**settings: object) -> Flask:
        return connect(build_app(settings))

    return new


def build_app(settings: Mapping[str, object]) -> Flask:
    """Build an app for tests; settings are passed the way deployments pass them."""
    with pytest.MonkeyPatch.context() as patch:
        for name, value in settings.items():
            patch.setenv(f"FLASK_{name}", json.dumps(value))
        return create_app("testing")


@pytest.fixture
def app(make_app: Callable[..., Flask]) -> Flask:
    """The app with the settings for tests; a test may change them, the next one gets the original ones."""
    return make_app()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A client without credentials."""
    return app.test_client()


@pytest.fixture
def runner(app: Flask) -> FlaskCliRunner:
    """A runner of `flask` commands."""
    return app.test_cli_runner()


@pytest.fixture
def app_context(app: Flask, db_session: Session) -> Iterator[Flask]:
    """An app context for tests of services; services use the session of the test.

    Send no requests in it: they would share `g`.
    """
    with app.app_context():
        cast("scoped_session[Session]", db.session).registry.set(db_session)
        yield app


@pytest.fixture
def empty_app(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Flask]:
    """A new app with a database of its own, which has no tables yet and whose commits are real."""
    with new_database(tmp_path) as url:
        monkeypatch.setenv("TEST_DATABASE_URL", url)
        app = create_app("testing")
        db.session.session_factory.configure(join_transaction_mode="conditional_savepoint")
        yield app
        with app.app_context():
            db.engine.dispose()


@pytest.fixture
def migrations(empty_app: Flask) -> Iterator[ScriptDirectory]:
    """The revisions, in the context of an app with an empty database to run them on."""
    with empty_app.app_context():
        yield ScriptDirectory.from_config(current_app.extensions["migrate"].migrate.get_config())


@pytest.fixture(scope="session")
def second_app(engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> Iterator[SharedApp]:
    """An app with a second migrated database, for `concurrent_app`."""
    with new_database(tmp_path_factory.mktemp("second")) as url:
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("TEST_DATABASE_URL", url)
            app = create_app("testing")
        with app.app_context():
            upgrade()
        yield SharedApp(app)
        with app.app_context():
            db.engine.dispose()


@pytest.fixture
def concurrent_app(second_app: SharedApp, monkeypatch: pytest.MonkeyPatch) -> Iterator[Flask]:
    """An app for tests with threads: its commits are real, and its tables are emptied afterwards."""
    app = second_app.reset()
    monkeypatch.setenv("TEST_DATABASE_URL", app.config["SQLALCHEMY_DATABASE_URI"])
    db.session.session_factory.configure(join_transaction_mode="conditional_savepoint")
    yield app
    with app.app_context(), db.engine.begin() as connection:
        for table in reversed(db.metadata.sorted_tables):
            connection.execute(table.delete())
