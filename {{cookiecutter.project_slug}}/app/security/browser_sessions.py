"""Logins of browsers: Flask-Login over rows of `login_sessions`.

The cookie names a row and nothing else; ending the row ends the login, wherever the cookie is.
"""

import uuid
from datetime import timedelta

import flask_login
from flask import Flask, current_app, session
from flask_login import LoginManager, UserMixin, decode_cookie

from app.exceptions import UnauthorizedError
from app.models.login_session import LoginSession
from app.models.user import User
from app.services import login_sessions

KINDS = ("session", "admin")
DEFAULTS = {
    # Rows say who is logged in; fingerprints of addresses and browsers would only sign people out.
    "SESSION_PROTECTION": None,
    "BROWSER_SESSION_LIFETIME": 12 * 60 * 60,  # seconds
    "BROWSER_REMEMBER_LIFETIME": 30 * 24 * 60 * 60,  # seconds
    "REMEMBER_COOKIE_HTTPONLY": True,
    "REMEMBER_COOKIE_SAMESITE": "Lax",
}


class BrowserLogins(LoginManager):
    """Also reads lasting cookies that an earlier key signed, and strange ones without failing."""

    def _load_user_from_remember_cookie(self, cookie: str) -> "BrowserUser | None":
        for key in (current_app.config["SECRET_KEY"], *current_app.config["SECRET_KEY_FALLBACKS"]):
            # `hmac.compare_digest` raises on other characters.
            session_id = decode_cookie(cookie, key=key) if cookie.isascii() else None
            if session_id and (found := load(session_id)):
                session.update(_user_id=session_id, _fresh=False)
                return found
        return None


login_manager = BrowserLogins()


class BrowserUser(UserMixin):
    """What Flask-Login knows of a signed-in user: the login."""

    def __init__(self, login_session: LoginSession) -> None:
        """Keep the row with its user."""
        self.session_id = login_session.id
        self.user = login_session.user

    def get_id(self) -> str:
        """Return what the cookie holds."""
        return str(self.session_id)


def init_app(app: Flask) -> None:
    """Find out by cookie who is logged in."""
    for name, value in DEFAULTS.items():
        app.config.setdefault(name, value)
    app.config.setdefault("REMEMBER_COOKIE_SECURE", app.config["SESSION_COOKIE_SECURE"])
    login_manager.init_app(app)


@login_manager.user_loader
def load(session_id: str) -> BrowserUser | None:
    """Return the user of a living login, in one query."""
    try:
        return BrowserUser(login_sessions.get_active(uuid.UUID(session_id), *KINDS))
    except (ValueError, UnauthorizedError):
        return None


def current_login() -> BrowserUser | None:
    """Return who the cookies of this request belong to, if anybody."""
    found = flask_login.current_user
    return found._get_current_object() if found.is_authenticated else None  # noqa: SLF001 - a proxy


def login(user: User, kind: str, *, remember: bool = False) -> None:
    """Start a login in a fresh session, so that nobody can prepare one for somebody else.

    It ends the one that it replaces (OWASP Session Management cheat sheet, "Renew the Session ID After
    Any Privilege Level Change").
    """
    setting = "BROWSER_REMEMBER_LIFETIME" if remember else "BROWSER_SESSION_LIFETIME"
    lifetime = timedelta(seconds=current_app.config[setting])
    replaced = current_login()
    login_session = login_sessions.create(user, kind, lifetime)
    if replaced:
        login_sessions.revoke(replaced.session_id)
    session.clear()
    flask_login.login_user(BrowserUser(login_session), remember=remember, duration=lifetime)


def logout(session_id: uuid.UUID) -> None:
    """End a login and forget the session, its CSRF token included."""
    login_sessions.revoke(session_id)
    session.clear()
    flask_login.logout_user()
