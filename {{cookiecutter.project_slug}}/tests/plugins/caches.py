"""A cache in the memory of the process; those in Redis behave the same."""

from typing import Any

import pytest
from flask import Flask
from flask_caching.backends import SimpleCache

from app import caching


class MemoryCache(SimpleCache):
    """A cache that shows what it holds."""

    def contents(self) -> dict[str, Any]:
        """Return a copy of what it holds."""
        return dict(self._cache)

    def keys(self, kind: str) -> list[str]:
        """Return the keys of one kind: response, version or lock."""
        return [key for key in self._cache if key.startswith(f"{kind}:")]


@pytest.fixture
def cache(app: Flask) -> MemoryCache:
    """Let the app cache the responses to anonymous clients."""
    backend = MemoryCache()
    caching.use_backend(app, backend)
    return backend
