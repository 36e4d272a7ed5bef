"""Who calls: anyone. Tests that send `auth_headers` stay true when the service gets accounts."""

import pytest


@pytest.fixture
def auth_headers() -> dict[str, str]:
    """Headers of a request by somebody who may use the API; here, nobody has to prove it."""
    return {}
