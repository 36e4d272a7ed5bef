"""Fixtures with visitors of the admin."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from jinja2 import FileSystemBytecodeCache
from sqlalchemy import select
from sqlalchemy.orm import InstrumentedAttribute, Session

from app.models.user import User
from tests.admin.clients import Browser


@pytest.fixture(scope="session")
def templates(tmp_path_factory: pytest.TempPathFactory) -> FileSystemBytecodeCache:
    """Compiled templates, so that not every test compiles them anew."""
    return FileSystemBytecodeCache(str(tmp_path_factory.mktemp("templates")))


@pytest.fixture(autouse=True)
def compiled_templates(monkeypatch: pytest.MonkeyPatch, templates: FileSystemBytecodeCache) -> None:
    """Give them to every app."""
    monkeypatch.setattr(Flask, "jinja_options", {"bytecode_cache": templates})


@pytest.fixture
def browser(app: Flask) -> Browser:
    """Somebody nobody knows."""
    return Browser(app, app.response_class)


@pytest.fixture
def member(app: Flask, user: User) -> Browser:
    """Somebody who is logged in and no admin."""
    member = Browser(app, app.response_class)
    member.become(user)
    return member


@pytest.fixture
def admin(app: Flask, admin_user: User) -> Browser:
    """An admin who is logged in."""
    admin = Browser(app, app.response_class)
    admin.become(admin_user)
    return admin


@pytest.fixture
def reread(db_session: Session) -> Callable[..., Any]:
    """Find a row by the value of a column, as the database has it now."""

    def reread(column: InstrumentedAttribute[str], value: str) -> Any:
        query = select(column.class_).where(column == value)
        return db_session.scalar(query.execution_options(populate_existing=True))

    return reread
