"""Rate limits of all requests."""

import re
import threading
import time

from flask import Flask
from limits.storage import MemoryStorage

from app.extensions import limiter
from app.settings import REDIS_URL, REDIS_URL_HINT, Setting, validate_rate_limit

# Storages that are reachable by one URL; a cluster would have to be reachable at every start.
STORAGE = re.compile(rf"memory://|{REDIS_URL}|redis\+unix://.+|redis\+sentinel://.+:[0-9]+/.+")

CLEANUP_INTERVAL = 60  # seconds after which expired counters are removed from memory
STORAGE_TIMEOUT = 1  # seconds; a storage that hangs must not hang the service


def parse_storage(url: str) -> str:
    """Return the URL of a storage."""
    if not STORAGE.fullmatch(url):
        raise ValueError(f"must be memory:// or {REDIS_URL_HINT}")
    return url


SETTINGS = (
    Setting("RATELIMIT_ENABLED", True, "Whether requests are limited.", testing=False),
    Setting(
        "RATELIMIT_DEFAULT",
        "300 per minute",
        "Requests per user, or per network of anonymous clients: an IPv4 address or an IPv6 /64.",
        validate=validate_rate_limit,
    ),
    Setting(
        "RATELIMIT_STORAGE_URI", "memory://", "URL of the Redis server that counts.", parse=parse_storage
    ),
    Setting("RATELIMIT_STORAGE_OPTIONS", {}, "More arguments for the client of the storage."),
    Setting("RATELIMIT_IN_MEMORY_FALLBACK_ENABLED", True, "Whether workers count if Redis is unavailable."),
    Setting("RATELIMIT_SWALLOW_ERRORS", True, "Whether requests pass if counting fails."),
)


class WorkerStorage(MemoryStorage):
    """A storage in the memory of a worker.

    Its superclass starts a thread for nearly every request, to remove expired counters.
    """

    STORAGE_SCHEME = ["worker"]  # noqa: RUF012 - registers the class

    def __init__(self, uri: str | None = None, *, wrap_exceptions: bool = False, **options: str) -> None:
        """Start without counters."""
        super().__init__(uri, wrap_exceptions=wrap_exceptions, **options)
        self._lock = threading.Lock()
        self._next_cleanup = 0.0

    def incr(self, key: str, expiry: float, amount: int = 1) -> int:
        """Add to a counter, which ends `expiry` seconds after it began, and return its value."""
        with self._lock:
            now = time.time()
            if self._next_cleanup <= now:
                self._next_cleanup = now + CLEANUP_INTERVAL
                for expired in [name for name, end in self.expirations.items() if end <= now]:
                    del self.expirations[expired], self.storage[expired]
            if self.expirations.get(key, 0) <= now:
                self.expirations[key], self.storage[key] = now + expiry, 0
            self.storage[key] += amount
            return self.storage[key]

    def get(self, key: str) -> int:
        """Return the value of a counter."""
        with self._lock:
            return self.storage[key] if self.expirations.get(key, 0) > time.time() else 0


def init_app(app: Flask) -> None:
    """Limit all requests but health checks, in the configured storage."""
    uri = app.config["RATELIMIT_STORAGE_URI"]
    if uri.startswith("redis"):
        timeouts = {"socket_timeout": STORAGE_TIMEOUT, "socket_connect_timeout": STORAGE_TIMEOUT}
        app.config["RATELIMIT_STORAGE_OPTIONS"] = timeouts | app.config["RATELIMIT_STORAGE_OPTIONS"]
    if uri.startswith("memory"):
        app.config["RATELIMIT_STORAGE_URI"] = "worker://"
    limiter.init_app(app)
    if uri.startswith("memory") and app.config["APP_ENV"] == "production":
        app.logger.warning(
            "Rate limits are counted in the memory of each worker: the real limit is %s times %s."
            " Set RATELIMIT_STORAGE_URI to a Redis server to share them.",
            app.config["WEB_CONCURRENCY"] or "the number of workers",
            app.config["RATELIMIT_DEFAULT"],
        )
