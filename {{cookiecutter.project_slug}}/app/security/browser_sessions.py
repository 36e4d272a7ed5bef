"""Browser sessions: Flask-Login on top of `login_sessions`, with the limits of each kind of login.

The cookie contains only the id of a row, so revoking the row invalidates every copy of the cookie.
"""

import uuid
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import flask_login
from flask import Flask, Request, Response, current_app, session
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface
from flask_login import LoginManager, UserMixin, decode_cookie
from itsdangerous import SignatureExpired, TimestampSigner, URLSafeTimedSerializer

from app.exceptions import UnauthorizedError
from app.models.base import utcnow
from app.models.login_session import LoginSession
from app.models.user import User
from app.security.lifetimes import get_lifetime
from app.security.limits import network_hash
from app.services import login_sessions
from app.settings import Setting

SLUG = "{{ cookiecutter.project_slug }}"
EXTENSION = "browser_sessions"  # the names of the settings with the idle time, by kind
CLOCK_SKEW = timedelta(seconds=10)  # between the hosts of a service
SETTINGS = (
    # Sessions are revoked in the database; fingerprints of IP address and browser would log users out.
    Setting("SESSION_PROTECTION", None, "Whether Flask-Login compares fingerprints of clients."),
    Setting("SESSION_COOKIE_NAME", None, "By default named after the project, with `__Host-` over HTTPS."),
    Setting("SESSION_COOKIE_PATH", "/", "Which URLs get the cookie; `__Host-` requires all."),
    Setting("REMEMBER_COOKIE_NAME", None, "By default like `SESSION_COOKIE_NAME`."),
    Setting("REMEMBER_COOKIE_HTTPONLY", True, "Whether the cookie is hidden from scripts."),
    Setting("REMEMBER_COOKIE_SAMESITE", "Lax", "Which requests of other sites carry the cookie."),
)


class SkewTolerantSigner(TimestampSigner):
    """Also accepts timestamps of hosts whose clocks are a little ahead."""

    def unsign(
        self,
        signed_value: str | bytes,
        max_age: int | None = None,
        return_timestamp: bool = False,  # noqa: FBT001, FBT002 - itsdangerous' signature
    ) -> Any:
        """Return the signed value.

        Raises:
            BadSignature: The signature is wrong, too old or from the future.
        """
        try:
            return super().unsign(signed_value, max_age, return_timestamp)
        except SignatureExpired as error:
            now = utcnow()
            if not now < (error.date_signed or now) <= now + CLOCK_SKEW:
                raise
            return super().unsign(signed_value, None, return_timestamp)


class SkewTolerantSessions(SecureCookieSessionInterface):
    """Flask's session cookies, signed by `SkewTolerantSigner`."""

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        """Read the cookie of a request that has one: preparing to verify it takes time, too."""
        if self.get_cookie_name(app) in request.cookies:
            return super().open_session(app, request)
        return self.session_class()

    def get_signing_serializer(self, app: Flask) -> URLSafeTimedSerializer | None:
        """Return the serializer of Flask with another signer."""
        serializer = super().get_signing_serializer(app)
        if serializer:
            serializer.signer = SkewTolerantSigner
        return serializer


class BrowserLoginManager(LoginManager):
    """Also accepts remember cookies signed with `SECRET_KEY_FALLBACKS`, and ignores malformed ones.

    Deletes them with all attributes: browsers ignore a `__Host-` cookie that is not `Secure`.
    """

    def _load_user_from_remember_cookie(self, cookie: str) -> "BrowserUser | None":
        for key in (current_app.config["SECRET_KEY"], *current_app.config["SECRET_KEY_FALLBACKS"]):
            # `hmac.compare_digest` raises TypeError for other characters.
            session_id = decode_cookie(cookie, key=key) if cookie.isascii() else None
            if session_id and (user := load(session_id)):
                session.update(_user_id=session_id, _fresh=False)
                return user
        return None

    def _clear_cookie(self, response: Response) -> None:
        config = current_app.config
        response.delete_cookie(
            config["REMEMBER_COOKIE_NAME"],
            path=config.get("REMEMBER_COOKIE_PATH", "/"),
            domain=config.get("REMEMBER_COOKIE_DOMAIN"),
            secure=config["REMEMBER_COOKIE_SECURE"],
            httponly=config["REMEMBER_COOKIE_HTTPONLY"],
            samesite=config["REMEMBER_COOKIE_SAMESITE"],
        )


login_manager = BrowserLoginManager()


class BrowserUser(UserMixin):
    """The user object of Flask-Login, identified by the login session."""

    def __init__(self, login_session: LoginSession) -> None:
        """Wrap a session with its user."""
        self.session_id = login_session.id
        self.kind = login_session.kind
        self.user = login_session.user

    def get_id(self) -> str:
        """Return the id of the session, which is stored in the cookie."""
        return str(self.session_id)


def init_app(app: Flask) -> None:
    """Configure Flask-Login and the cookies."""
    app.session_interface = SkewTolerantSessions()
    app.extensions[EXTENSION] = {}
    app.config.setdefault("REMEMBER_COOKIE_SECURE", app.config["SESSION_COOKIE_SECURE"])
    for kind in ("SESSION", "REMEMBER"):
        name = f"{kind}_COOKIE_NAME"
        app.config[name] = app.config[name] or _cookie_name(app.config, kind)
    login_manager.init_app(app)


def _cookie_name(config: Mapping[str, Any], kind: str) -> str:
    """Name a cookie after the project: services on other ports of a host get all its cookies, too.

    Browsers accept `__Host-` from this host only (RFC 6265bis, section 4.1.3.2): no sibling can plant one.
    """
    has_domain = config.get(f"{kind}_COOKIE_DOMAIN")
    is_host_only = not has_domain and config.get(f"{kind}_COOKIE_PATH", "/") == "/"
    prefix = "__Host-" if config[f"{kind}_COOKIE_SECURE"] and is_host_only else ""
    return f"{prefix}{SLUG}-{kind.lower()}"


def register_kind(app: Flask, kind: str, idle_setting: str) -> None:
    """Accept sessions of a kind, which end if they are not used for as long as a setting says."""
    app.extensions[EXTENSION][kind] = idle_setting


@login_manager.user_loader
def load(session_id: str) -> BrowserUser | None:
    """Return the user of an active session in one query, if there is one, and record the use."""
    try:
        login_session = login_sessions.get_active(uuid.UUID(session_id), *current_app.extensions[EXTENSION])
    except (ValueError, UnauthorizedError):
        return None
    login_sessions.record_use(login_session, _idle_time(login_session.kind))
    return BrowserUser(login_session)


def _idle_time(kind: str) -> timedelta:
    return get_lifetime(current_app.extensions[EXTENSION][kind])


def current_login() -> BrowserUser | None:
    """Return the user and session of the request's cookies, if there are any."""
    user = flask_login.current_user
    return user._get_current_object() if user.is_authenticated else None  # noqa: SLF001 - a proxy


def login(user: User, kind: str, lifetime: timedelta, *, remember: bool = False) -> None:
    """Log a user in with a new session and revoke the one it replaces.

    A new session prevents session fixation (OWASP Session Management cheat sheet, "Renew the Session ID
    After Any Privilege Level Change").
    """
    replaced = current_login()
    login_session = login_sessions.create(
        user, kind, lifetime, idle=_idle_time(kind), network_hash=network_hash()
    )
    if replaced:
        login_sessions.revoke(replaced.session_id)
    session.clear()
    flask_login.login_user(BrowserUser(login_session), remember=remember, duration=lifetime)


def logout(session_id: uuid.UUID) -> None:
    """Revoke a session and clear the cookie, including its CSRF token."""
    login_sessions.revoke(session_id)
    session.clear()
    flask_login.logout_user()
