"""The cache: which response is current, who computes a missing one, and what happens without Redis."""

import hashlib
import json
import threading
import time
import uuid
from collections.abc import Callable, Collection, Sequence
from http import HTTPStatus
from logging import getLogger
from typing import Any, Protocol

from cachelib.serializers import JSONSerializer
from flask import Flask, Response
from flask_caching import Cache
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

CALL_TIMEOUT = 0.1  # seconds that Redis may take for one call
BUDGET = 0.1  # seconds after which a request calls Redis no more: in all, it loses at most 0.2
PAUSE = 2  # seconds without calls after a failure
LOCK_WAIT = 0.05  # seconds to wait for another request that computes the same response
LOCK_LIFETIME = 2  # seconds
POLL_INTERVAL = 0.005  # seconds
MAX_BODY_LENGTH = 64 * 1024  # characters: clients choose what they read, and must not fill the memory
# Headers that views set and that depend on nothing but the URL. The first one is never different.
PLAIN_HEADERS = {"Content-Length", "Content-Type", "Link"}
KEPT_HEADERS = {"Content-Type", "Link"}

log = getLogger(__name__)


class CacheUnavailableError(Exception):
    """Redis is gone, hangs, or is not asked at the moment."""


class Backend(Protocol):
    """What is used of Flask-Caching and its backends."""

    def get_many(self, *keys: str) -> Sequence[Any]:
        """Return the values, None for those that are missing."""

    def set(self, key: str, value: Any, timeout: int) -> Any:
        """Store a value for some seconds."""

    def add(self, key: str, value: Any, timeout: int) -> Any:
        """Store a value unless there is one, and return whether there was none; 0 seconds stand for ever."""

    def delete(self, key: str) -> Any:
        """Remove a value."""


class SafeSerializer(JSONSerializer):
    """JSON: unpickling would run whatever others wrote into Redis."""

    def loads(self, bvalue: Any, *args: Any, **kwargs: Any) -> Any:
        """Return a value, or None if there is none."""
        return None if bvalue is None else super().loads(bvalue, *args, **kwargs)


def connect(app: Flask) -> Cache:
    """Return a cache in Redis; it connects when it is first used."""
    # By default, redis-py waits for seconds and tries again.
    timeouts = {"socket_timeout": CALL_TIMEOUT, "socket_connect_timeout": CALL_TIMEOUT}
    cache = Cache(with_jinja2_ext=False)
    cache.init_app(
        app,
        {
            "CACHE_TYPE": "RedisCache",
            "CACHE_REDIS_URL": app.config["CACHE_URL"],
            "CACHE_KEY_PREFIX": f"{app.config['PROJECT_NAME']}:",
            "CACHE_SERIALIZER": SafeSerializer,
            "CACHE_OPTIONS": {**timeouts, "retry": Retry(NoBackoff(), 0)},
        },
    )
    return cache


class ResponseStore:
    """Responses with the versions of the tables that they show.

    A commit removes the versions of its tables, and the next request adds new ones, which no earlier
    response has. The version is read before the database: so a response that was computed during a commit
    is never served after it.
    """

    def __init__(
        self, backend: Backend, *, revision: str, lifetime: int, count: Callable[[str], None]
    ) -> None:
        """Use a backend; other revisions of the service may have other responses."""
        self._backend = backend
        self._revision = revision
        self._lifetime = lifetime
        self._count = count
        self._paused_until = 0.0
        self._invalid_tables: set[str] = set()
        self._lock = threading.Lock()

    def respond(self, key: object, tables: Sequence[str], view: Callable[[], Response]) -> Response:
        """Return a cached response, or that of the view, which is kept if it can be."""
        name, deadline = self._name(key), time.monotonic() + BUDGET
        try:
            versions, response = self._find(name, tables, deadline)
        except CacheUnavailableError:
            self._count("unavailable")
            return view()
        self._count("hit" if response else "miss")
        if response:
            return response
        is_in_time = time.monotonic() < deadline
        is_kept = False
        try:
            response = view()
            is_kept = is_in_time and self._keep(name, versions, response)
        finally:
            if is_in_time and not is_kept:
                self._try(self._backend.delete, lock_name(name, versions))
        return response

    def invalidate(self, tables: Collection[str]) -> None:
        """Remove the versions of tables, now or when Redis answers again."""
        with self._lock:
            self._invalid_tables.update(tables)
        try:
            self._remove_versions()
        except CacheUnavailableError:
            log.warning("Cached responses that show %s expire late", ", ".join(sorted(tables)))

    def _find(self, name: str, tables: Sequence[str], deadline: float) -> tuple[list[str], Response | None]:
        """Return the versions and the current response; None for the one that shall compute it.

        Raises:
            CacheUnavailableError: There are none.
        """
        if self._invalid_tables:
            self._remove_versions()
        version_names = [version_name(table) for table in tables]
        has_added = False
        give_up = time.monotonic() + LOCK_WAIT
        while True:
            *versions, entry = self._call_before(deadline, self._backend.get_many, *version_names, name)
            if None in versions:
                if has_added:  # evicted at once, or replaced by something that is no JSON
                    raise CacheUnavailableError
                self._call_before(deadline, self._add_versions, version_names)
                has_added = True
                continue
            match entry:
                case [found, headers, body] if found == versions:
                    return versions, Response(body, headers=headers)
            if time.monotonic() > give_up:
                return versions, None
            if self._call_before(deadline, self._backend.add, lock_name(name, versions), 1, LOCK_LIFETIME):
                return versions, None
            time.sleep(POLL_INTERVAL)

    def _keep(self, name: str, versions: list[str], response: Response) -> bool:
        """Store a response, and return whether that was possible."""
        body = response.get_data(as_text=True)
        headers = [header for header in response.headers if header[0] in KEPT_HEADERS]
        can_be_kept = (
            response.status_code == HTTPStatus.OK
            and PLAIN_HEADERS.issuperset(response.headers.keys())
            and len(body) <= MAX_BODY_LENGTH
        )
        return can_be_kept and self._try(self._backend.set, name, [versions, headers, body], self._lifetime)

    def _remove_versions(self) -> None:
        with self._lock:
            tables, self._invalid_tables = self._invalid_tables, set()
        try:
            for table in tables:
                # Also possible if the memory of Redis is full, unlike storing a new version.
                self._call(self._backend.delete, version_name(table))
        except CacheUnavailableError:
            with self._lock:
                self._invalid_tables |= tables
            raise

    def _add_versions(self, names: list[str]) -> None:
        for name in names:
            self._backend.add(name, new_version(), 0)

    def _call_before(self, deadline: float, call: Callable[..., Any], *args: Any) -> Any:
        """Call Redis unless this request has lost enough time."""
        if time.monotonic() > deadline:
            raise CacheUnavailableError
        return self._call(call, *args)

    def _try(self, call: Callable[..., Any], *args: Any) -> bool:
        """Call Redis and return whether it answered."""
        try:
            self._call(call, *args)
        except CacheUnavailableError:
            return False
        return True

    def _call(self, call: Callable[..., Any], *args: Any) -> Any:
        """Call Redis; after a failure not for a while, and then by one thread first.

        Raises:
            CacheUnavailableError: It does not answer, or is not asked.
        """
        now = time.monotonic()
        if now < self._paused_until:
            raise CacheUnavailableError
        if self._paused_until:
            self._paused_until = now + PAUSE
        try:
            result = call(*args)
        except (RedisError, OSError) as error:
            self._paused_until = time.monotonic() + PAUSE
            log.warning("Cache unavailable, not used for %s s: %s", PAUSE, error)
            raise CacheUnavailableError from error
        self._paused_until = 0.0
        return result

    def _name(self, key: object) -> str:
        text = json.dumps([self._revision, key])
        return f"response:{hashlib.blake2b(text.encode(), digest_size=16).hexdigest()}"


def version_name(table: str) -> str:
    """Return the key of the version of a table."""
    return f"version:{table}"


def new_version() -> str:
    """Return a version that was never there: numbers would start again when Redis loses its memory."""
    return uuid.uuid4().hex


def lock_name(name: str, versions: Sequence[str]) -> str:
    """Return the key that the one holds who computes a response."""
    return f"lock:{name}:{':'.join(versions)}"
