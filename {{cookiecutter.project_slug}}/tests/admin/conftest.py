"""Fixtures for tests of the admin."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import InstrumentedAttribute, Session

from tests.admin.clients import Browser


@pytest.fixture(scope="session")
def browser_class() -> type[Browser]:
    """The class of the browsers that `tests.plugins.browsers` creates."""
    return Browser


@pytest.fixture
def find_by(db_session: Session) -> Callable[..., Any]:
    """Find a row by the value of a column and refresh it from the database."""

    def find_by(column: InstrumentedAttribute[str], value: str) -> Any:
        query = select(column.class_).where(column == value)
        return db_session.scalar(query.execution_options(populate_existing=True))

    return find_by
