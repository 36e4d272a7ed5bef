"""Responses to anonymous clients are kept in Redis until a commit changes what they show.

Requests with credentials never read or fill the cache, so no client gets what another one may see. The body
of a response is kept, and nothing that depends on headers of the request.
"""

import re
from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Any, TypeVar, cast

from flask import Flask, current_app, g, request
from sqlalchemy import Table, UpdateBase, event
from sqlalchemy.orm import DeclarativeBase, ORMExecuteState

from app.db.session import RequestSession
from app.settings import REDIS_URL, REDIS_URL_HINT, Setting, parse_positive

if TYPE_CHECKING:
    from app.caching.store import Backend

V = TypeVar("V", bound=Callable[..., Any])

EXTENSION = "responses"
CREDENTIALS = ("Authorization", "Cookie")
CHANGED = "changed_tables"  # in `Session.info`
URL = re.compile(rf"{REDIS_URL}|unix://.+")

# The tables that cached views show.
shown_tables: set[str] = set()


def parse_url(url: str) -> str:
    """Return the URL of a Redis server."""
    if not URL.fullmatch(url):
        raise ValueError(f"must be {REDIS_URL_HINT}")
    return url


SETTINGS = (
    Setting(
        "CACHE_URL",
        None,
        "URL of the Redis server that keeps responses to anonymous clients; without one, nothing is cached.",
        parse=parse_url,
    ),
    Setting(
        "CACHE_LIFETIME",
        60,
        "Seconds until a cached response expires, if it misses a change.",
        parse=parse_positive,
    ),
)


def init_app(app: Flask) -> None:
    """Cache responses, if there is a Redis server."""
    if app.config["CACHE_URL"]:
        from app.caching import store  # noqa: PLC0415 - a start without a cache is faster

        use_backend(app, store.connect(app))


def use_backend(app: Flask, backend: "Backend") -> None:
    """Keep responses in a backend of Flask-Caching, and invalidate them after commits."""
    from app.caching import store  # noqa: PLC0415 - a start without a cache is faster

    app.extensions[EXTENSION] = store.ResponseStore(
        backend,
        revision=app.config["REVISION"],
        lifetime=app.config["CACHE_LIFETIME"],
        count=counter(app),
    )
    for name, listener in LISTENERS.items():
        if not event.contains(RequestSession, name, listener):
            event.listen(RequestSession, name, listener)


def counter(app: Flask) -> Callable[[str], None]:
    """Return what counts hits and misses, if there are metrics."""
    if not app.config["METRICS_TOKEN"]:
        return lambda _result: None
    from app.metrics import cache  # noqa: PLC0415 - a start without metrics is faster

    return cache.count_lookup


def cached(*models: type[DeclarativeBase]) -> Callable[[V], V]:
    """Cache the responses of a view to anonymous clients until a commit changes one of these models.

    Stands between `blp.arguments`, which rejects invalid queries, and `blp.response`.
    """
    tables = tuple(model.__tablename__ for model in models)
    shown_tables.update(tables)

    def decorate(view: V) -> V:
        @wraps(view)
        def wrapper(*args: Any, **kwargs: Any) -> Any:
            def call() -> Any:
                return current_app.ensure_sync(view)(*args, **kwargs)

            store = current_app.extensions.get(EXTENSION)
            if store is None or not is_anonymous():
                return call()
            return store.respond(request_key(), tables, call)

        return cast(V, wrapper)

    return decorate


def is_anonymous() -> bool:
    """Return whether a request has no credentials, not even invalid ones."""
    return not g.get("user_id") and not any(name in request.headers for name in CREDENTIALS)


def request_key() -> tuple[object, ...]:
    """Return what the response to an anonymous client depends on; links contain the query and the prefix."""
    return request.root_path, request.path, sorted(request.args.items(multi=True))


def invalidate(*tables: str) -> None:
    """Invalidate all responses that show these tables, after changes that no session committed."""
    if store := current_app.extensions.get(EXTENSION):
        store.invalidate(tables)


def remember_objects(session: RequestSession, *_args: object) -> None:
    """Remember the tables of the objects that a flush wrote."""
    for row in (*session.new, *session.dirty, *session.deleted):
        remember_table(session, row.__tablename__)


def remember_statement(state: ORMExecuteState) -> None:
    """Remember the table of an UPDATE, DELETE or INSERT without objects."""
    if isinstance(state.statement, UpdateBase) and isinstance(state.statement.table, Table):
        remember_table(state.session, state.statement.table.name)


def remember_table(session: Any, table: str) -> None:
    """Remember that a transaction changed a table which cached responses show."""
    if table in shown_tables:
        session.info.setdefault(CHANGED, set()).add(table)


def invalidate_changed(session: RequestSession) -> None:
    """Invalidate what a transaction changed, when all of it is committed."""
    if not session.in_nested_transaction() and (tables := session.info.pop(CHANGED, None)):
        invalidate(*tables)


LISTENERS: dict[str, Callable[..., None]] = {
    "after_flush": remember_objects,
    "do_orm_execute": remember_statement,
    "after_commit": invalidate_changed,
}
