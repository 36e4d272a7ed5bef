"""Authentication with the session cookie of a browser."""

from typing import Any, ClassVar

from flask import Flask, Response, jsonify
from marshmallow import Schema

from app.models.user import User
from app.schemas.user import UserSchema
from app.security import browser, guard
from app.security.guard import Identity

KIND = "session"


class SessionAuthenticator:
    """Finds the caller by cookie; unsafe requests also need the token of `app.security.csrf`."""

    is_ambient: ClassVar[bool] = True
    challenge: ClassVar[str] = 'Cookie cookie-name="session"'
    schemes: ClassVar[dict[str, dict[str, Any]]] = {
        "sessionCookie": {"type": "apiKey", "in": "cookie", "name": "session"},
    }
    sign_in_schema: ClassVar[type[Schema]] = UserSchema

    def identify(self) -> Identity | None:
        """Look up the sign-in that the cookie names, in one query."""
        found = browser.signed_in()
        return Identity(found.user, found.session_id) if found else None

    def sign_in(self, user: User, *, remember: bool = False, **_options: Any) -> Response:
        """Start a sign-in, set its cookie and answer with the user."""
        browser.sign_in(user, KIND, remember=remember)
        return jsonify(self.sign_in_schema().dump(user))

    def sign_out(self, identity: Identity) -> None:
        """End the sign-in."""
        browser.sign_out(identity.session_id)


def init_app(app: Flask) -> None:
    """Authenticate callers by their cookie."""
    guard.install(app, SessionAuthenticator())
