"""Authentication with JSON Web Tokens: short-lived access tokens and rotated refresh tokens.

A token is valid only while its row in `login_sessions` is active; see `services/login_sessions.py`.
"""

import time
import uuid
from collections.abc import Callable
from functools import lru_cache
from typing import Any, ClassVar

import jwt
from flask import Flask, Response, jsonify, request
from flask_jwt_extended import JWTManager, create_access_token, create_refresh_token
from flask_jwt_extended.config import config as jwt_config
from marshmallow import Schema

from app.exceptions import UnauthorizedError
from app.models.base import utcnow
from app.models.login_session import LoginSession
from app.models.user import User
from app.schemas.token import TokenLoginSchema
from app.security import guard
from app.security.guard import Identity
from app.security.lifetimes import DAY, HOUR, get_lifetime, lifetime_setting
from app.security.limits import network_hash
from app.services import login_sessions
from app.settings import Setting, generate_secret, validate_secret

KIND = "jwt"
ACCESS_SCHEME = "accessToken"
REFRESH_SCHEME = "refreshToken"
MAX_REMEMBERED = 1000  # tokens, of about 1 KB
REQUIRED_CLAIMS = ["exp", "jti", "sid", "sub", "type"]
MISSING_OR_INVALID = "The token is missing, invalid or expired."

SETTINGS = (
    Setting(
        "JWT_SECRET_KEY",
        None,
        "Signs tokens: at least 32 random bytes, not those of `SECRET_KEY`.",
        parse=str,
        validate=validate_secret,
        local=generate_secret,
    ),
    Setting("JWT_ALGORITHM", "HS256", "The algorithm that signs tokens."),
    Setting("JWT_DECODE_ALGORITHMS", ("HS256",), "The algorithms that are accepted."),
    Setting("JWT_TOKEN_LOCATION", ("headers",), "Where tokens are read; cookies would need CSRF tokens."),
    Setting("JWT_COOKIE_CSRF_PROTECT", False, "Unused without cookies."),
    lifetime_setting(
        "JWT_DECODE_LEEWAY", 10, "Seconds by which clocks of hosts may differ", minimum=0, maximum=60
    ),
    lifetime_setting("JWT_ACCESS_TOKEN_EXPIRES", HOUR, "Seconds until an access token expires", maximum=DAY),
    lifetime_setting(
        "JWT_REFRESH_TOKEN_EXPIRES",
        30 * DAY,
        "Seconds until a refresh token expires, and with it a session that is not used",
    ),
    lifetime_setting(
        "JWT_SESSION_LIFETIME", 90 * DAY, "Seconds until users log in again, however often they refresh"
    ),
    lifetime_setting(
        "JWT_REFRESH_GRACE",
        10,
        "Seconds in which a spent refresh token returns the pair that replaced it",
        minimum=0,
        maximum=60,
    ),
)

jwt_manager = JWTManager()


class JWTAuthenticator:
    """Authenticates by the `Authorization` header (RFC 6750)."""

    uses_cookies: ClassVar[bool] = False
    challenge: ClassVar[str] = "Bearer"
    schemes: ClassVar[dict[str, dict[str, Any]]] = {
        ACCESS_SCHEME: {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"},
        REFRESH_SCHEME: {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"},
    }
    login_schema: ClassVar[type[Schema]] = TokenLoginSchema

    def __init__(self) -> None:
        """Remember the claims of tokens whose signature was verified."""
        self._decode = lru_cache(MAX_REMEMBERED)(_decode)

    def identify(self) -> Identity | None:
        """Look up the user of the access token in one query."""
        claims = _claims("access", self._decode)
        if claims is None:
            return None
        session_id = _session_id(claims)
        user = login_sessions.get_user(session_id, KIND)
        if claims["sub"] != str(user.id):
            raise UnauthorizedError("The token is not an access token of this session.")
        return Identity(user, session_id)

    def login(self, user: User, **_options: Any) -> Response:
        """Create a session and return its first pair of tokens and the user."""
        lifetime, idle = get_lifetime("JWT_SESSION_LIFETIME"), get_lifetime("JWT_REFRESH_TOKEN_EXPIRES")
        session = login_sessions.create(user, KIND, lifetime, idle=idle, network_hash=network_hash())
        return jsonify(self.login_schema().dump({**_token_pair(session), "user": user}))

    def logout(self, identity: Identity) -> None:
        """Revoke all tokens of the session."""
        login_sessions.revoke(identity.session_id)


def init_app(app: Flask) -> None:
    """Authenticate requests by access token."""
    jwt_manager.init_app(app)
    guard.register_authenticator(app, JWTAuthenticator())


def refresh() -> dict[str, Any]:
    """Exchange the refresh token of the request for a new pair.

    Raises:
        UnauthorizedError: It is missing, invalid, expired or was already used.
    """
    claims = _claims("refresh", _decode)
    if claims is None:
        raise UnauthorizedError(MISSING_OR_INVALID)
    session = login_sessions.rotate(
        _session_id(claims),
        KIND,
        claims["jti"],
        idle=get_lifetime("JWT_REFRESH_TOKEN_EXPIRES"),
        grace=get_lifetime("JWT_REFRESH_GRACE"),
    )
    return _token_pair(session)


def _claims(token_type: str, decode: Callable[[str, str], dict[str, Any]]) -> dict[str, Any] | None:
    """Return the verified claims of the request's token, or None without one."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token.strip():  # RFC 9110 11.1: schemes ignore case
        return None
    try:
        claims = decode(token.strip(), jwt_config.decode_key)
    except (jwt.PyJWTError, ValueError) as error:
        raise UnauthorizedError(MISSING_OR_INVALID) from error
    # Verified before, it may have expired since.
    if claims["type"] != token_type or int(claims["exp"]) <= time.time() - jwt_config.leeway:
        raise UnauthorizedError(MISSING_OR_INVALID)
    return claims


def _decode(token: str, key: str) -> dict[str, Any]:
    """Verify a token once, with the settings of Flask-JWT-Extended, which would do it three times."""
    return jwt.decode(
        token,
        key,
        algorithms=jwt_config.decode_algorithms,
        audience=jwt_config.decode_audience,
        issuer=jwt_config.decode_issuer,
        leeway=jwt_config.leeway,
        options={"require": REQUIRED_CLAIMS, "verify_aud": jwt_config.decode_audience is not None},
    )


def _session_id(claims: dict[str, Any]) -> uuid.UUID:
    try:
        return uuid.UUID(claims["sid"])
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise UnauthorizedError("The token has no session id.") from error


def _token_pair(session: LoginSession) -> dict[str, Any]:
    subject, remaining = str(session.user_id), session.expires_at - utcnow()
    lifetime = min(get_lifetime("JWT_ACCESS_TOKEN_EXPIRES"), remaining)
    claims = {"sid": str(session.id)}
    return {
        "access_token": create_access_token(subject, additional_claims=claims, expires_delta=lifetime),
        "refresh_token": create_refresh_token(
            subject,
            additional_claims={**claims, "jti": session.current_refresh_id},
            expires_delta=remaining,
        ),
        "token_type": "Bearer",
        "expires_in": int(lifetime.total_seconds()),
    }
