"""Authentication with the session cookie of a browser."""

from typing import Any, ClassVar

from flask import Flask, Response, jsonify
from marshmallow import Schema

from app.models.user import User
from app.schemas.user import UserSchema
from app.security import browser_sessions, guard
from app.security.guard import Identity

KIND = "session"


class SessionAuthenticator:
    """Finds the caller by cookie; unsafe requests also need the token of `app.security.csrf`."""

    uses_cookies: ClassVar[bool] = True
    challenge: ClassVar[str] = 'Cookie cookie-name="session"'
    schemes: ClassVar[dict[str, dict[str, Any]]] = {
        "sessionCookie": {"type": "apiKey", "in": "cookie", "name": "session"},
    }
    login_schema: ClassVar[type[Schema]] = UserSchema

    def identify(self) -> Identity | None:
        """Look up the login that the cookie names, in one query."""
        found = browser_sessions.current_login()
        return Identity(found.user, found.session_id) if found else None

    def login(self, user: User, *, remember: bool = False, **_options: Any) -> Response:
        """Start a login, set its cookie and answer with the user."""
        browser_sessions.login(user, KIND, remember=remember)
        return jsonify(self.login_schema().dump(user))

    def logout(self, identity: Identity) -> None:
        """End the login."""
        browser_sessions.logout(identity.session_id)


def init_app(app: Flask) -> None:
    """Authenticate callers by their cookie."""
    guard.register_authenticator(app, SessionAuthenticator())
