"""Rate limits against password guessing, in addition to the default limit."""

import hashlib
from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from flask import current_app, request
from flask_limiter import RouteLimit

from app.extensions import client_network, limiter, rate_limit_key
from app.models.user import normalize_email
from app.settings import Setting, validate_rate_limit

SETTINGS = (
    Setting("RATELIMIT_LOGIN", "10 per minute", "Logins per network.", validate=validate_rate_limit),
    Setting(
        "RATELIMIT_PASSWORD_FAILURES",
        "5 per minute",
        "Wrong passwords per account.",
        validate=validate_rate_limit,
    ),
    Setting(
        "RATELIMIT_REGISTRATION", "10 per hour", "Registrations per network.", validate=validate_rate_limit
    ),
)


def login_limit() -> RouteLimit:
    """Limit the login attempts per network."""
    return _limit("RATELIMIT_LOGIN", client_network)


def registration_limit() -> RouteLimit:
    """Limit the registrations per network."""
    return _limit("RATELIMIT_REGISTRATION", client_network)


def failed_login_limit() -> RouteLimit:
    """Limit the failed logins per account, from all IP addresses together.

    A failure is counted with its response, so concurrent attempts can exceed the limit.
    """
    return _limit(
        "RATELIMIT_PASSWORD_FAILURES",
        _account_key,
        deduct_when=lambda response: response.status_code == HTTPStatus.UNAUTHORIZED,
    )


def failed_password_limit() -> RouteLimit:
    """Limit the wrong current passwords per user."""
    return _limit(
        "RATELIMIT_PASSWORD_FAILURES",
        rate_limit_key,
        deduct_when=lambda response: response.status_code == HTTPStatus.BAD_REQUEST,
        exempt_when=lambda: "current_password" not in _body(),
    )


def _limit(setting: str, key: Callable[[], str], **options: Any) -> RouteLimit:
    """Create a limit that is read from the configuration at each request."""
    return limiter.shared_limit(
        lambda: current_app.config[setting],
        scope=setting,
        key_func=key,
        override_defaults=False,
        **options,
    )


def _account_key() -> str:
    """Return the key of the account; hashed, because storage and logs contain it."""
    email = normalize_email(str(_body().get("email", "")))
    return hashlib.sha256(email.encode(errors="replace")).hexdigest()


def _body() -> dict[str, Any]:
    """Return the form or JSON object of the request, or an empty dict."""
    if request.form:
        return request.form.to_dict()
    try:
        body = request.get_json(silent=True)
    except RecursionError:
        body = None
    return body if isinstance(body, dict) else {}
