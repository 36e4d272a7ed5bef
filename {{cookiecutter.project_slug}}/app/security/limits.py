"""How often somebody may guess, on top of what everybody may ask."""

import hashlib
from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from flask import current_app, request
from flask_limiter import RouteLimit
from flask_limiter.util import get_remote_address

from app.extensions import limiter, rate_limit_key
from app.models.user import normalize_email


def login_limit() -> RouteLimit:
    """Bound the logins of one address, right or wrong."""
    return _limit("RATELIMIT_LOGIN", get_remote_address)


def registration_limit() -> RouteLimit:
    """Bound the accounts that one address opens."""
    return _limit("RATELIMIT_REGISTRATION", get_remote_address)


def failed_login_limit() -> RouteLimit:
    """Bound the wrong passwords for one account, wherever they come from.

    An attempt counts when it was answered, so as many more pass as are under way at once.
    """
    return _limit(
        "RATELIMIT_PASSWORD_FAILURES",
        _account,
        deduct_when=lambda response: response.status_code == HTTPStatus.UNAUTHORIZED,
    )


def failed_password_limit() -> RouteLimit:
    """Bound the wrong current passwords that one signed-in user sends."""
    return _limit(
        "RATELIMIT_PASSWORD_FAILURES",
        rate_limit_key,
        deduct_when=lambda response: response.status_code == HTTPStatus.BAD_REQUEST,
        exempt_when=lambda: "current_password" not in _body(),
    )


def _limit(setting: str, key: Callable[[], str], **options: Any) -> RouteLimit:
    """Read the limit from the configuration, request by request."""
    return limiter.shared_limit(
        lambda: current_app.config[setting],
        scope=setting,
        key_func=key,
        override_defaults=False,
        **options,
    )


def _account() -> str:
    """Name the account that somebody tries; hashed, because it ends up in storage and in logs."""
    email = normalize_email(str(_body().get("email", "")))
    return hashlib.sha256(email.encode(errors="replace")).hexdigest()


def _body() -> dict[str, Any]:
    """Return the form or the JSON object that was sent, whatever else it turns out to be."""
    if request.form:
        return request.form.to_dict()
    try:
        body = request.get_json(silent=True)
    except RecursionError:
        body = None
    return body if isinstance(body, dict) else {}
