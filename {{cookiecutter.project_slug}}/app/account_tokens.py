"""Tokens in the links of mails: signed, for one purpose, and void once used.

A token depends on the password and the email of its user, so it ends with the change that it is for, or
with any other change of them.
"""

import hashlib
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from flask import current_app
from itsdangerous import BadData, URLSafeTimedSerializer

from app.exceptions import InvalidInputError
from app.models.base import utcnow
from app.models.user import User
from app.settings import Setting

SETTINGS = (
    Setting("RESET_TOKEN_LIFETIME", 60 * 60, "Seconds in which a link can set a new password."),
    Setting("VERIFICATION_TOKEN_LIFETIME", 3 * 24 * 60 * 60, "Seconds in which a link can confirm an email."),
)


class Purpose(StrEnum):
    """What a token permits."""

    RESET = "reset"
    VERIFICATION = "verification"


class Token(NamedTuple):
    """What a token contains; it is signed, not secret."""

    user_id: int
    email: str
    state: str

    def is_current(self, purpose: Purpose, user: User) -> bool:
        """Return whether nothing has changed since the token was made."""
        return self.state == _state(purpose, user)


def create(purpose: Purpose, user: User, email: str) -> str:
    """Return a token of a user for an email."""
    return _serializer(purpose).dumps(Token(user.id, email, _state(purpose, user)))


def load(purpose: Purpose, token: str) -> Token:
    """Return the content of a token whose signature and age are valid.

    Raises:
        InvalidInputError: They are not, or it is for another purpose.
    """
    try:
        return Token(*_serializer(purpose).loads(token, max_age=_lifetime(purpose)))
    except BadData as error:
        raise invalid_token() from error


def invalid_token() -> InvalidInputError:
    """Return the same error whatever is wrong with a token."""
    message = "The link is invalid, has expired or was already used."
    return InvalidInputError(message, errors={"token": [message]})


def expires_at(purpose: Purpose) -> datetime:
    """Return when a token that is created now expires."""
    return utcnow() + timedelta(seconds=_lifetime(purpose))


def _lifetime(purpose: Purpose) -> int:
    return current_app.config[f"{purpose.name}_TOKEN_LIFETIME"]


def _serializer(purpose: Purpose) -> URLSafeTimedSerializer:
    """Sign with the current secret; also accept those that it replaced."""
    config = current_app.config
    keys = [*config["SECRET_KEY_FALLBACKS"], config["SECRET_KEY"]]
    options = {"digest_method": hashlib.sha256}
    return URLSafeTimedSerializer(keys, salt=f"app.account_tokens.{purpose}", signer_kwargs=options)


def _state(purpose: Purpose, user: User) -> str:
    """Return a digest of what ends a token when it changes."""
    parts = [user.password_hash, user.email]
    if purpose is Purpose.VERIFICATION:
        parts.append(str(user.email_verified_at is not None))
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:32]
