"""Fixtures with visitors of the back office."""

import pytest
from flask import Flask
from jinja2 import FileSystemBytecodeCache

from app.models.user import User
from tests.admin.visitors import Visitor


@pytest.fixture(scope="session")
def templates(tmp_path_factory: pytest.TempPathFactory) -> FileSystemBytecodeCache:
    """Compiled templates, so that not every test compiles them anew."""
    return FileSystemBytecodeCache(str(tmp_path_factory.mktemp("templates")))


@pytest.fixture(autouse=True)
def compiled_templates(monkeypatch: pytest.MonkeyPatch, templates: FileSystemBytecodeCache) -> None:
    """Give them to every app."""
    monkeypatch.setattr(Flask, "jinja_options", {"bytecode_cache": templates})


@pytest.fixture
def visitor(app: Flask) -> Visitor:
    """Somebody nobody knows."""
    return Visitor(app, app.response_class)


@pytest.fixture
def member(app: Flask, user: User) -> Visitor:
    """Somebody who is signed in and no admin."""
    member = Visitor(app, app.response_class)
    member.become(user)
    return member


@pytest.fixture
def admin(app: Flask, admin_user: User) -> Visitor:
    """An admin who is signed in."""
    admin = Visitor(app, app.response_class)
    admin.become(admin_user)
    return admin
