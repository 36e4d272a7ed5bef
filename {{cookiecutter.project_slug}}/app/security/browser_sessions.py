"""Browser sessions: Flask-Login on top of `login_sessions`.

The cookie contains only the id of a row, so revoking the row invalidates every copy of the cookie.
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
from app.settings import Setting

KINDS = ("session", "admin")
SETTINGS = (
    # Sessions are revoked in the database; fingerprints of IP address and browser would log users out.
    Setting("SESSION_PROTECTION", None, "Whether Flask-Login compares fingerprints of clients."),
    Setting("BROWSER_SESSION_LIFETIME", 12 * 60 * 60, "Seconds until a browser is logged out."),
    Setting("BROWSER_REMEMBER_LIFETIME", 30 * 24 * 60 * 60, "Seconds, where the user stays logged in."),
    Setting("REMEMBER_COOKIE_HTTPONLY", True, "Whether the cookie is hidden from scripts."),
    Setting("REMEMBER_COOKIE_SAMESITE", "Lax", "Which requests of other sites carry the cookie."),
)


class BrowserLoginManager(LoginManager):
    """Also accepts remember cookies signed with `SECRET_KEY_FALLBACKS`, and ignores malformed ones."""

    def _load_user_from_remember_cookie(self, cookie: str) -> "BrowserUser | None":
        for key in (current_app.config["SECRET_KEY"], *current_app.config["SECRET_KEY_FALLBACKS"]):
            # `hmac.compare_digest` raises TypeError for other characters.
            session_id = decode_cookie(cookie, key=key) if cookie.isascii() else None
            if session_id and (user := load(session_id)):
                session.update(_user_id=session_id, _fresh=False)
                return user
        return None


login_manager = BrowserLoginManager()


class BrowserUser(UserMixin):
    """The user object of Flask-Login, identified by the login session."""

    def __init__(self, login_session: LoginSession) -> None:
        """Wrap a session with its user."""
        self.session_id = login_session.id
        self.user = login_session.user

    def get_id(self) -> str:
        """Return the id of the session, which is stored in the cookie."""
        return str(self.session_id)


def init_app(app: Flask) -> None:
    """Configure Flask-Login."""
    app.config.setdefault("REMEMBER_COOKIE_SECURE", app.config["SESSION_COOKIE_SECURE"])
    login_manager.init_app(app)


@login_manager.user_loader
def load(session_id: str) -> BrowserUser | None:
    """Return the user of an active session in one query, if there is one."""
    try:
        return BrowserUser(login_sessions.get_active(uuid.UUID(session_id), *KINDS))
    except (ValueError, UnauthorizedError):
        return None


def current_login() -> BrowserUser | None:
    """Return the user and session of the request's cookies, if there are any."""
    user = flask_login.current_user
    return user._get_current_object() if user.is_authenticated else None  # noqa: SLF001 - a proxy


def login(user: User, kind: str, *, remember: bool = False) -> None:
    """Log a user in with a new session and revoke the one it replaces.

    A new session prevents session fixation (OWASP Session Management cheat sheet, "Renew the Session ID
    After Any Privilege Level Change").
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
    """Revoke a session and clear the cookie, including its CSRF token."""
    login_sessions.revoke(session_id)
    session.clear()
    flask_login.logout_user()
