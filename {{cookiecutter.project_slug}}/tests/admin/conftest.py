"""Fixtures for tests of the admin."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import InstrumentedAttribute, Session

from app.models.user import User
from tests.admin.clients import Browser


@pytest.fixture
def browser(app: Flask) -> Browser:
    """An anonymous browser."""
    return Browser(app, app.response_class)


@pytest.fixture
def user_browser(app: Flask, user: User) -> Browser:
    """A browser with the session of a user who is not an admin."""
    browser = Browser(app, app.response_class)
    browser.login_as(user)
    return browser


@pytest.fixture
def admin_browser(app: Flask, admin_user: User) -> Browser:
    """A browser with the session of an admin."""
    browser = Browser(app, app.response_class)
    browser.login_as(admin_user)
    return browser


@pytest.fixture
def find_by(db_session: Session) -> Callable[..., Any]:
    """Find a row by the value of a column and refresh it from the database."""

    def find_by(column: InstrumentedAttribute[str], value: str) -> Any:
        query = select(column.class_).where(column == value)
        return db_session.scalar(query.execution_options(populate_existing=True))

    return find_by
