"""Requests without credentials, for an API without users."""

import pytest


@pytest.fixture
def auth_headers() -> dict[str, str]:
    """Return the headers of an allowed request: none. Tests that send them still pass with accounts."""
    return {}


@pytest.fixture
def concurrent_headers() -> dict[str, str]:
    """Return the same for requests to `concurrent_app`."""
    return {}
