"""Password authentication."""

import uuid

from sqlalchemy import ColumnElement, update

from app import mail, security_log
from app.exceptions import (
    EmailNotVerifiedError,
    ForbiddenError,
    InvalidInputError,
    UnauthorizedError,
)
from app.extensions import db
from app.keyed_hashes import keyed_hash
from app.models.user import User, normalize_email
from app.passwords import passwords
from app.services import login_sessions

GUESSABLE = "This password is easy to guess. Use a longer one, or several uncommon words."


def authenticate(email: str, password: str) -> User:
    """Return the user with these credentials and rehash the password if needed; the caller commits.

    Message and response time do not reveal whether the email exists.

    Raises:
        UnauthorizedError: The email is unknown or the password is wrong.
        ForbiddenError: The password is correct, but the user is inactive.
        EmailNotVerifiedError: The same, but the email has to be verified first.
    """
    user = get_user_by_email(email)
    if not passwords.verify(password, user.password_hash if user else None) or user is None:
        account = keyed_hash("account", normalize_email(email))
        security_log.record("login_failed", target_id=user and user.id, account=account)
        raise UnauthorizedError("Invalid email or password.")
    if not user.is_active:
        security_log.record("login_refused", target_id=user.id)
        raise ForbiddenError("This account is inactive.")
    if user.email_verified_at is None and mail.is_verification_required():
        security_log.record("login_refused", target_id=user.id)
        raise EmailNotVerifiedError("Confirm your email with the link in our mail, or reset your password.")
    if passwords.is_outdated(user.password_hash):
        rehash = update(User).where(user.password_unchanged())
        db.session.execute(rehash.values(password_hash=passwords.hash(password)))
    return user


def get_user_by_email(email: str) -> User | None:
    """Return the user with this email in any spelling, if there is one."""
    return db.session.scalar(User.select_not_deleted().where(has_email(email)))


def has_email(email: str) -> ColumnElement[bool]:
    """Return the criterion that matches an email in any spelling."""
    return User.email_key == normalize_email(email)


def require_unguessable(field: str, password: str, *personal: str) -> None:
    """Require a password that is neither common nor made of personal texts.

    Raises:
        InvalidInputError: The password in this field is easy to guess.
    """
    if passwords.is_guessable(password, *personal):
        raise InvalidInputError(GUESSABLE, errors={field: [GUESSABLE]})


def require_password(user: User, password: str | None) -> None:
    """Require the current password of a user.

    Raises:
        InvalidInputError: The current password is missing or wrong.
    """
    if not password or not passwords.verify(password, user.password_hash):
        security_log.record("current_password_wrong", target_id=user.id)
        raise InvalidInputError(
            "The current password is required.",
            errors={"current_password": ["Missing or wrong."]},
        )


def change_password(user: User, current: str, new: str, *, keep: uuid.UUID) -> None:
    """Change the password of a user and revoke all sessions except `keep`.

    Raises:
        InvalidInputError: The current password is wrong, or the new one is easy to guess.
    """
    require_password(user, current)
    _require_new_password(user, new)
    user.password_hash = passwords.hash(new)
    login_sessions.revoke_all(user, keep=keep)
    db.session.commit()
    security_log.record("password_changed", target_id=user.id)


def set_password(user: User, password: str) -> None:
    """Set the password of a user without the current one and revoke all sessions.

    Raises:
        InvalidInputError: The password is easy to guess.
    """
    _require_new_password(user, password)
    user.password_hash = passwords.hash(password)
    login_sessions.revoke_all(user)
    db.session.commit()
    security_log.record("password_set", target_id=user.id)


def _require_new_password(user: User, password: str) -> None:
    require_unguessable("new_password", password, user.email, user.full_name)
