"""Browsers: clients that keep cookies and submit forms with CSRF tokens."""

import re
from datetime import timedelta
from typing import ClassVar

import pytest
from flask import Flask
from flask.testing import FlaskClient
from jinja2 import FileSystemBytecodeCache
from werkzeug.test import TestResponse

from app.models.user import User
from app.services import login_sessions
from tests.plugins.credentials import PASSWORD

CSRF_TOKEN = re.compile(r'name="csrf_token"[^>]* value="([^"]+)"')


class Browser(FlaskClient):
    """A client of pages with forms."""

    login_url: ClassVar[str]
    kind: ClassVar[str]  # of its sessions

    def csrf_token(self) -> str:
        """Read the CSRF token of the session from a page that everyone can see."""
        match = CSRF_TOKEN.search(self.get(self.login_url, follow_redirects=True).text)
        assert match
        return match[1]

    def submit(self, path: str, **data) -> TestResponse:
        """Submit a form with a valid CSRF token."""
        return self.post(path, data={"csrf_token": self.csrf_token(), **data})

    def login(self, email: str, password: str = PASSWORD, **data) -> TestResponse:
        """Submit the login form."""
        return self.submit(self.login_url, email=email, password=password, **data)

    def login_as(self, user: User, kind: str = "") -> None:
        """Log in without the login form."""
        with self.application.app_context():
            session_id = login_sessions.create(user, kind or self.kind, timedelta(hours=1)).id
        with self.session_transaction() as session:
            session["_user_id"] = str(session_id)


@pytest.fixture
def browser(app: Flask, browser_class: type[Browser]) -> Browser:
    """An anonymous browser."""
    return browser_class(app, app.response_class)


@pytest.fixture
def user_browser(app: Flask, browser_class: type[Browser], user: User) -> Browser:
    """A browser with the session of a user who is not an admin."""
    browser = browser_class(app, app.response_class)
    browser.login_as(user)
    return browser


@pytest.fixture
def admin_browser(app: Flask, browser_class: type[Browser], admin_user: User) -> Browser:
    """A browser with the session of an admin."""
    browser = browser_class(app, app.response_class)
    browser.login_as(admin_user)
    return browser


@pytest.fixture(scope="session")
def template_cache(tmp_path_factory: pytest.TempPathFactory) -> FileSystemBytecodeCache:
    """Compiled templates; compiling them again for each app would be slow."""
    return FileSystemBytecodeCache(str(tmp_path_factory.mktemp("templates")))


@pytest.fixture(autouse=True)
def cached_templates(monkeypatch: pytest.MonkeyPatch, template_cache: FileSystemBytecodeCache) -> None:
    """Let every app use the compiled templates."""
    monkeypatch.setattr(Flask, "jinja_options", {"bytecode_cache": template_cache})
