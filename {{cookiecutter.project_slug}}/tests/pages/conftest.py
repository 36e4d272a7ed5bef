"""Fixtures for tests of the pages."""

import pytest

from tests.pages.clients import Browser


@pytest.fixture(scope="session")
def browser_class() -> type[Browser]:
    """The class of the browsers that `tests.plugins.browsers` creates."""
    return Browser
