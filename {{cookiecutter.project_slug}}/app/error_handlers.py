"""Error handlers: every error becomes a problem document (RFC 9457)."""

import time
from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Any

from flask import Flask, Response, current_app, g, json
from flask_limiter import RateLimitExceeded
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from werkzeug.exceptions import HTTPException, SecurityError

from app.db.errors import is_unavailable
from app.exceptions import AppError
from app.extensions import db, limiter

PROBLEM_JSON = "application/problem+json"
RETRY_AFTER = "5"  # seconds, while the database is unavailable


def register_error_handlers(app: Flask) -> None:
    """Register a handler for each kind of error, and close the session after each request."""
    app.register_error_handler(AppError, app_error)
    app.register_error_handler(HTTPException, http_error)
    app.register_error_handler(SecurityError, untrusted_host)
    app.register_error_handler(RateLimitExceeded, too_many_requests)
    app.register_error_handler(IntegrityError, integrity_error)
    app.register_error_handler(DBAPIError, database_error)
    app.register_error_handler(PoolTimeoutError, database_unavailable)
    app.register_error_handler(Exception, unexpected_error)
    app.teardown_appcontext(close_session)


def roll_back() -> None:
    """Roll the current transaction back."""
    _end_transaction(db.session.rollback)


def close_session(_error: BaseException | None = None) -> None:
    """Release the connection; an error here must not affect the response that was sent."""
    _end_transaction(db.session.close)


def _end_transaction(how: Callable[[], None]) -> None:
    """End a transaction; a connection that was lost has ended it already."""
    try:
        how()
    except DBAPIError:
        current_app.logger.warning("Lost the database connection during a transaction")
        db.session().invalidate()


def problem(
    status: int,
    detail: str | None = None,
    *,
    type: str = "about:blank",  # noqa: A002 - the name of the member
    errors: Mapping[str, Any] | None = None,
    headers: Mapping[str, str] | None = None,
) -> Response:
    """Build a problem document; `errors` are messages by field."""
    body: dict[str, Any] = {
        "type": type,
        "title": HTTPStatus(status).phrase,
        "status": int(status),
        "detail": detail or HTTPStatus(status).description,
        "request_id": g.get("request_id"),
    }
    if errors:
        body["errors"] = errors
    # Names of unknown fields can have lone surrogates, which UTF-8 lacks: those become JSON escapes.
    text = json.dumps(body).encode(errors="backslashreplace")
    return Response(text, status, headers, mimetype=PROBLEM_JSON)


def app_error(error: AppError) -> Response:
    """Return the problem of a domain error."""
    roll_back()
    return problem(error.status, error.detail, type=error.type, errors=error.errors, headers=error.headers)


def http_error(error: HTTPException) -> Response:
    """Return the problem of an HTTP exception, with its headers, such as `Allow`."""
    headers = {name: value for name, value in error.get_headers() if name != "Content-Type"}
    return problem(error.code or HTTPStatus.INTERNAL_SERVER_ERROR, error.description, headers=headers)


def untrusted_host(error: SecurityError) -> Response:
    """Return a problem that names the setting to change, for example for `flask run --host 0.0.0.0`."""
    return problem(
        HTTPStatus.BAD_REQUEST, f"{error.description} Set TRUSTED_HOSTS to the names of the service."
    )


def too_many_requests(error: RateLimitExceeded) -> Response:
    """Return the limit that was exceeded, and when to try again."""
    current = limiter.current_limit
    seconds = max(1, current.reset_at - int(time.time())) if current else 1
    detail = f"At most {error.description}; try again in {seconds} s."
    return problem(HTTPStatus.TOO_MANY_REQUESTS, detail, headers={"Retry-After": str(seconds)})


def integrity_error(error: IntegrityError) -> Response:
    """Return a conflict for a constraint that no service handled."""
    roll_back()
    current_app.logger.warning("Unhandled integrity error", exc_info=error)
    return problem(HTTPStatus.CONFLICT, "This contradicts what is stored.")


def database_error(error: DBAPIError) -> Response:
    """Return 503 if the database is lost, busy or read-only; other errors are unexpected."""
    return database_unavailable(error) if is_unavailable(error) else unexpected_error(error)


def database_unavailable(error: Exception) -> Response:
    """Return 503 with `Retry-After`."""
    roll_back()
    current_app.logger.error("Database unavailable", exc_info=error)
    return problem(HTTPStatus.SERVICE_UNAVAILABLE, headers={"Retry-After": RETRY_AFTER})


def unexpected_error(error: Exception) -> Response:
    """Log the traceback and return nothing of it."""
    roll_back()
    current_app.logger.error("Unexpected error", exc_info=error)
    return problem(HTTPStatus.INTERNAL_SERVER_ERROR)
