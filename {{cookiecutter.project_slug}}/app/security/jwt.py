"""Authentication with JSON Web Tokens: short access tokens, rotating refresh tokens.

A token is only as good as the row in `login_sessions` that it names; see `services/login_sessions.py`.
"""

import uuid
from datetime import datetime, timedelta
from typing import Any, ClassVar

import jwt
from flask import Flask, Response, current_app, jsonify, request
from marshmallow import Schema

from app.errors import UnauthorizedError
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
# Pinned: the header of a token has no say in how it is checked (RFC 8725, 3.1).
ALGORITHM = "HS256"
CLAIMS = ["exp", "jti", "sid", "sub", "type"]


class JWTAuthenticator:
    """Finds the caller in the `Authorization` header (RFC 6750)."""

    is_ambient: ClassVar[bool] = False
    challenge: ClassVar[str] = "Bearer"
    schemes: ClassVar[dict[str, dict[str, Any]]] = {
        ACCESS_SCHEME: {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"},
        REFRESH_SCHEME: {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"},
    }
    sign_in_schema: ClassVar[type[Schema]] = TokenPairSchema

    def identify(self) -> Identity | None:
        """Look up the user and the session that an access token names, in one query."""
        if not (token := _bearer_token()):
            return None
        claims = _read(token, "access")
        session = login_sessions.find_live(_session_id(claims), KIND)
        if claims["sub"] != str(session.user_id):
            raise UnauthorizedError("The session belongs to somebody else.")
        return Identity(session.user, session.id)

    def sign_in(self, user: User, **_options: Any) -> Response:
        """Start a family of tokens and answer with its first pair."""
        session = login_sessions.start(user, KIND, _refresh_lifetime())
        return jsonify(self.sign_in_schema().dump(_token_pair(session)))

    def sign_out(self, identity: Identity) -> None:
        """Kill the whole family of tokens."""
        login_sessions.revoke(identity.session_id)


def init_app(app: Flask) -> None:
    """Authenticate callers by their tokens."""
    guard.install(app, JWTAuthenticator())


def refresh() -> dict[str, Any]:
    """Spend the refresh token of this request for a new pair.

    Raises:
        UnauthorizedError: It is missing, forged or expired, or was spent before.
    """
    claims = _read(_bearer_token() or "", "refresh")
    session = login_sessions.rotate(
        _session_id(claims),
        KIND,
        claims["jti"],
        lifetime=_refresh_lifetime(),
        grace=timedelta(seconds=current_app.config["JWT_REFRESH_GRACE"]),
    )
    return _token_pair(session)


def _bearer_token() -> str | None:
    """Return the token that came with the request (RFC 6750, 2.1)."""
    sent = request.authorization
    return sent.token if sent and sent.type == "bearer" else None


def _read(token: str, token_type: str) -> dict[str, Any]:
    """Return what a token claims once its signature, dates and type were checked."""
    key = current_app.config["JWT_SECRET_KEY"]
    try:
        claims = jwt.decode(token, key, [ALGORITHM], {"require": CLAIMS})
    except jwt.PyJWTError as error:
        raise UnauthorizedError("The token is missing, expired or not valid.") from error
    if claims["type"] != token_type:
        raise UnauthorizedError(f"This is no {token_type} token.")
    return claims


def _session_id(claims: dict[str, Any]) -> uuid.UUID:
    try:
        return uuid.UUID(claims["sid"])
    except (TypeError, ValueError, AttributeError) as error:
        raise UnauthorizedError("The token names no session.") from error


def _refresh_lifetime() -> timedelta:
    return _as_timedelta("JWT_REFRESH_TOKEN_EXPIRES")


def _as_timedelta(name: str) -> timedelta:
    value = current_app.config[name]
    return value if isinstance(value, timedelta) else timedelta(seconds=value)


def _token_pair(session: LoginSession) -> dict[str, Any]:
    lifetime = _as_timedelta("JWT_ACCESS_TOKEN_EXPIRES")
    return {
        "access_token": _sign(session, "access", str(uuid.uuid4()), utcnow() + lifetime),
        "refresh_token": _sign(session, "refresh", session.current_refresh_id, session.expires_at),
        "token_type": "Bearer",
        "expires_in": int(lifetime.total_seconds()),
    }


def _sign(session: LoginSession, token_type: str, token_id: str | None, expires_at: datetime) -> str:
    claims = {"sub": str(session.user_id), "sid": str(session.id), "type": token_type, "jti": token_id}
    dates = {"iat": utcnow(), "exp": expires_at}
    return jwt.encode(claims | dates, current_app.config["JWT_SECRET_KEY"], ALGORITHM)
