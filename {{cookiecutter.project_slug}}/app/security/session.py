"""Authentication with session cookies."""

from typing import Any, ClassVar

from flask import Flask, Response, jsonify
from marshmallow import Schema

from app.models.user import User
from app.schemas.user import UserSchema
from app.security import browser_sessions, guard
from app.security.guard import Identity
from app.security.lifetimes import DAY, HOUR, get_lifetime, lifetime_setting
from app.settings import Setting

KIND = "session"
SETTINGS = (
    Setting("CORS_SUPPORTS_CREDENTIALS", True, "Whether listed origins may send the cookie."),
    lifetime_setting("BROWSER_SESSION_LIFETIME", 12 * HOUR, "Seconds until a browser is logged out"),
    lifetime_setting("BROWSER_REMEMBER_LIFETIME", 90 * DAY, "Seconds, where the user stays logged in"),
    lifetime_setting(
        "BROWSER_IDLE_TIMEOUT", 30 * DAY, "Seconds without requests until a browser is logged out"
    ),
)


class SessionAuthenticator:
    """Authenticates by cookie; unsafe requests also need the token of `app.security.csrf`."""

    uses_cookies: ClassVar[bool] = True
    login_schema: ClassVar[type[Schema]] = UserSchema

    def __init__(self, cookie_name: str) -> None:
        """Describe the cookie."""
        self.challenge = f'Cookie cookie-name="{cookie_name}"'
        self.schemes = {"sessionCookie": {"type": "apiKey", "in": "cookie", "name": cookie_name}}

    def identify(self) -> Identity | None:
        """Look up session and user of the cookie in one query."""
        login = browser_sessions.current_login()
        return Identity(login.user, login.session_id) if login else None

    def login(self, user: User, *, remember: bool = False, **_options: Any) -> Response:
        """Create a session, set its cookie and return the user."""
        setting = "BROWSER_REMEMBER_LIFETIME" if remember else "BROWSER_SESSION_LIFETIME"
        browser_sessions.login(user, KIND, get_lifetime(setting), remember=remember)
        return jsonify(self.login_schema().dump(user))

    def logout(self, identity: Identity) -> None:
        """Revoke the session."""
        browser_sessions.logout(identity.session_id)


def init_app(app: Flask) -> None:
    """Authenticate requests by session cookie."""
    browser_sessions.register_kind(app, KIND, "BROWSER_IDLE_TIMEOUT")
    guard.register_authenticator(app, SessionAuthenticator(app.config["SESSION_COOKIE_NAME"]))
