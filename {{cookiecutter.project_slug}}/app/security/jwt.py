"""Authentication with JSON Web Tokens: short access tokens, rotating refresh tokens.

A token is only as good as the row in `login_sessions` that it names; see `services/login_sessions.py`.
"""

import uuid
from datetime import timedelta
from typing import Any, ClassVar

from flask import Flask, Response, current_app, jsonify
from flask_jwt_extended import (
    JWTManager,
    create_access_token,
    create_refresh_token,
    get_jwt,
    verify_jwt_in_request,
)
from flask_jwt_extended.exceptions import JWTExtendedException
from jwt import PyJWTError
from marshmallow import Schema

from app.exceptions import UnauthorizedError
from app.models.base import utcnow
from app.models.login_session import LoginSession
from app.models.user import User
from app.schemas.token import TokenPairSchema
from app.security import guard
from app.security.guard import Identity
from app.services import login_sessions

KIND = "jwt"
ACCESS_SCHEME = "accessToken"
REFRESH_SCHEME = "refreshToken"

jwt_manager = JWTManager()


class JWTAuthenticator:
    """Finds the caller in the `Authorization` header (RFC 6750)."""

    uses_cookies: ClassVar[bool] = False
    challenge: ClassVar[str] = "Bearer"
    schemes: ClassVar[dict[str, dict[str, Any]]] = {
        ACCESS_SCHEME: {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"},
        REFRESH_SCHEME: {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"},
    }
    login_schema: ClassVar[type[Schema]] = TokenPairSchema

    def identify(self) -> Identity | None:
        """Look up the user and the session that an access token names, in one query."""
        if not _verify(refresh=False):
            return None
        claims = get_jwt()
        session = login_sessions.get_active(_session_id(claims), KIND)
        if (claims["type"], claims["sub"]) != ("access", str(session.user_id)):
            raise UnauthorizedError("The token is not an access token of this session.")
        return Identity(session.user, session.id)

    def login(self, user: User, **_options: Any) -> Response:
        """Start a family of tokens and answer with its first pair."""
        session = login_sessions.create(user, KIND, _refresh_lifetime())
        return jsonify(self.login_schema().dump(_token_pair(session)))

    def logout(self, identity: Identity) -> None:
        """Kill the whole family of tokens."""
        login_sessions.revoke(identity.session_id)


def init_app(app: Flask) -> None:
    """Authenticate callers by their tokens."""
    jwt_manager.init_app(app)
    guard.register_authenticator(app, JWTAuthenticator())


def refresh() -> dict[str, Any]:
    """Spend the refresh token of this request for a new pair.

    Raises:
        UnauthorizedError: It is missing, forged or expired, or was spent before.
    """
    _verify(refresh=True)
    claims = get_jwt()
    session = login_sessions.rotate(
        _session_id(claims),
        KIND,
        claims["jti"],
        lifetime=_refresh_lifetime(),
        grace=timedelta(seconds=current_app.config["JWT_REFRESH_GRACE"]),
    )
    return _token_pair(session)


def _verify(*, refresh: bool) -> bool:
    """Check signature and dates of the request's token; an access token may also not be there."""
    try:
        return verify_jwt_in_request(optional=not refresh, refresh=refresh) is not None
    except (JWTExtendedException, PyJWTError) as error:
        raise UnauthorizedError("The token is missing, expired or not valid.") from error


def _session_id(claims: dict[str, Any]) -> uuid.UUID:
    try:
        return uuid.UUID(claims["sid"])
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise UnauthorizedError("The token names no session.") from error


def _refresh_lifetime() -> timedelta:
    return _as_timedelta("JWT_REFRESH_TOKEN_EXPIRES")


def _as_timedelta(name: str) -> timedelta:
    value = current_app.config[name]
    return value if isinstance(value, timedelta) else timedelta(seconds=value)


def _token_pair(session: LoginSession) -> dict[str, Any]:
    subject, lifetime = str(session.user_id), _as_timedelta("JWT_ACCESS_TOKEN_EXPIRES")
    claims = {"sid": str(session.id)}
    return {
        "access_token": create_access_token(subject, additional_claims=claims, expires_delta=lifetime),
        "refresh_token": create_refresh_token(
            subject,
            additional_claims={**claims, "jti": session.current_refresh_id},
            expires_delta=session.expires_at - utcnow(),
        ),
        "token_type": "Bearer",
        "expires_in": int(lifetime.total_seconds()),
    }
