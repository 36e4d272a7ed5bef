"""Rate limits against password guessing, in addition to the default limit."""

from collections.abc import Callable, Generator
from contextlib import contextmanager
from http import HTTPStatus
from typing import Any, ParamSpec, TypeVar

from flask import Response, current_app, g, request
from flask_limiter import RouteLimit
from sqlalchemy import ColumnElement
from sqlalchemy.exc import SQLAlchemyError

from app import mail
from app.error_handlers import roll_back
from app.exceptions import InvalidInputError
from app.extensions import client_network, limiter, rate_limit_key
from app.keyed_hashes import keyed_hash, keyed_hashes
from app.models.user import EMAIL_LENGTH, User, normalize_email
from app.security.lifetimes import DAY, get_lifetime, lifetime_setting
from app.services import login_sessions
from app.settings import Setting, validate_rate_limit

P = ParamSpec("P")
R = TypeVar("R")

SETTINGS = (
    Setting("RATELIMIT_LOGIN", "10 per minute", "Logins per network.", validate=validate_rate_limit),
    Setting(
        "RATELIMIT_PASSWORD_FAILURES",
        "5 per minute",
        "Wrong passwords per account and network.",
        validate=validate_rate_limit,
    ),
    Setting(
        "RATELIMIT_ACCOUNT_FAILURES",
        "100 per hour",
        "Wrong passwords per account, from all networks together that are not known to it.",
        validate=validate_rate_limit,
    ),
    lifetime_setting(
        "KNOWN_NETWORK_LIFETIME", 30 * DAY, "Seconds in which the network of a login is known to the account"
    ),
    Setting(
        "RATELIMIT_REGISTRATION", "10 per hour", "Registrations per network.", validate=validate_rate_limit
    ),
    Setting("RATELIMIT_MAIL", "5 per hour", "Requested mails per email.", validate=validate_rate_limit),
    Setting(
        "RATELIMIT_MAIL_PER_NETWORK",
        "20 per hour",
        "Requested mails per network.",
        validate=validate_rate_limit,
    ),
)


def login_limit() -> RouteLimit:
    """Limit the login attempts per network."""
    return _limit("RATELIMIT_LOGIN", client_network)


def registration_limits() -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Limit the registrations per network, and their mails where owners of taken emails get one, too."""

    def decorate(view: Callable[P, R]) -> Callable[P, R]:
        per_network = _limit("RATELIMIT_REGISTRATION", client_network)
        mails = mail_limits(exempt_when=lambda: not mail.is_verification_required())
        return per_network(mails(view))

    return decorate


def email_change_limit() -> RouteLimit:
    """Limit users' changes of their email together with registrations: both tell which emails are taken."""
    return _limit("RATELIMIT_REGISTRATION", client_network, exempt_when=keeps_email)


def failed_login_limits() -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Limit the failed logins per account, whether or not it exists."""
    return _failure_limits(
        lambda: keyed_hash("account", _email()),  # hashed, because storage and logs contain it
        lambda: User.email_key == _email(),
        is_failure=lambda response: response.status_code == HTTPStatus.UNAUTHORIZED,
    )


def failed_password_limits() -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Limit the wrong current passwords per user."""
    return _failure_limits(
        rate_limit_key,
        lambda: User.id == g.user_id,
        is_failure=lambda _response: g.get("wrong_password", False),
        is_exempt=lambda: "current_password" not in _body(),
    )


@contextmanager
def wrong_password_counted() -> Generator[None]:
    """Count a wrong current password that a service reports, for `failed_password_limits`."""
    try:
        yield
    except InvalidInputError as error:
        g.wrong_password = "current_password" in (error.errors or {})
        raise


def mail_limits(
    exempt_when: Callable[[], bool] = lambda: False,
) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Limit the mails that requests send, per email, whether or not it has an account, and per network."""

    def decorate(view: Callable[P, R]) -> Callable[P, R]:
        per_email = _limit("RATELIMIT_MAIL", _mail_key, exempt_when=exempt_when)
        per_network = _limit("RATELIMIT_MAIL_PER_NETWORK", client_network, exempt_when=exempt_when)
        return per_network(per_email(view))

    return decorate


def network_hash() -> str:
    """Return the keyed hash of the client's network, which a login makes known to the account."""
    return keyed_hash("network", client_network())


def _failure_limits(
    account: Callable[[], str],
    owner: Callable[[], ColumnElement[bool]],
    *,
    is_failure: Callable[[Response], bool],
    is_exempt: Callable[[], bool] = lambda: False,
) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Limit the failures per account and network, so that one client cannot keep the owner out.

    The second limit is for guesses from many networks. It does not bind networks that are known to the
    account. A failure is counted with its response, so concurrent attempts can exceed the limits.
    """

    def decorate(view: Callable[P, R]) -> Callable[P, R]:
        per_network = _limit(
            "RATELIMIT_PASSWORD_FAILURES",
            lambda: f"{account()} {client_network()}",
            deduct_when=is_failure,
            exempt_when=is_exempt,
        )
        per_account = _limit(
            "RATELIMIT_ACCOUNT_FAILURES",
            account,
            deduct_when=is_failure,
            exempt_when=lambda: is_exempt() or _is_known_network(owner()),
        )
        return per_network(per_account(view))

    return decorate


def _limit(setting: str, key: Callable[[], str], **options: Any) -> RouteLimit:
    """Create a limit that is read from the configuration at each request."""
    return limiter.shared_limit(
        lambda: current_app.config[setting],
        scope=setting,
        key_func=key,
        override_defaults=False,
        **options,
    )


def _is_known_network(owner: ColumnElement[bool]) -> bool:
    """Return whether the owner of an account recently logged in from the client's network.

    Errors mean no: Flask-Limiter would take them for those of its storage, and let the request pass.
    """
    hashes, lifetime = keyed_hashes("network", client_network()), get_lifetime("KNOWN_NETWORK_LIFETIME")
    try:
        return login_sessions.is_known_network(owner, hashes, lifetime)
    except (SQLAlchemyError, ValueError):  # a database that is away, text that it cannot represent
        roll_back()
        return False


def keeps_email() -> bool:
    """Return whether the request does not change the email, or is one of an admin, who sees all emails."""
    user = g.identity.user
    return user.is_admin or _email() in ("", user.email_key)


def _mail_key() -> str:
    """Return the key of the email that a mail goes to: that of the body, else the user's."""
    own_email = g.identity.user.email_key if g.identity else ""
    return keyed_hash("account", _email() or own_email)


def _email() -> str:
    """Return the email of the request, if it is short enough to be that of an account."""
    email = _body().get("email")
    return normalize_email(email) if isinstance(email, str) and len(email) <= EMAIL_LENGTH else ""


def _body() -> dict[str, Any]:
    """Return the form or JSON object of the request, or an empty dict."""
    if request.form:
        return request.form.to_dict()
    try:
        body = request.get_json(silent=True)
    except RecursionError:
        body = None
    return body if isinstance(body, dict) else {}
