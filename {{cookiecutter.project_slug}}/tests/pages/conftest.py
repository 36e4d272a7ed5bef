"""Fixtures for tests of the pages."""

import pytest
from flask import Flask

from app.models.user import User
from tests.pages.clients import Browser


@pytest.fixture
def browser(app: Flask) -> Browser:
    """An anonymous browser."""
    return Browser(app, app.response_class)


@pytest.fixture
def user_browser(app: Flask, user: User) -> Browser:
    """A browser with the session of a user."""
    browser = Browser(app, app.response_class)
    browser.login_as(user)
    return browser


@pytest.fixture
def admin_browser(app: Flask, admin_user: User) -> Browser:
    """A browser with the session of an admin."""
    browser = Browser(app, app.response_class)
    browser.login_as(admin_user)
    return browser
