"""Proving who somebody is with a password."""

import uuid

from sqlalchemy import ColumnElement, update

from app.exceptions import ForbiddenError, InvalidInputError, UnauthorizedError
from app.extensions import db
from app.models.user import User, normalize_email
from app.security.passwords import passwords
from app.services import login_sessions


def authenticate(email: str, password: str) -> User:
    """Return the user with this address and password; the commit of the login renews an outdated hash.

    The answer and its time are the same for an unknown address and a wrong password.

    Raises:
        UnauthorizedError: There is no such user, or the password is wrong.
        ForbiddenError: The password is right, and the account was deactivated.
    """
    user = find_by_email(email)
    if not passwords().verify(password, user.password_hash if user else None) or user is None:
        raise UnauthorizedError("The address or the password is wrong.")
    if not user.is_active:
        raise ForbiddenError("This account was deactivated.")
    if passwords().is_outdated(user.password_hash):
        renew = update(User).where(user.password_unchanged())
        db.session.execute(renew.values(password_hash=passwords().hash(password)))
    return user


def find_by_email(email: str) -> User | None:
    """Return the living user with this address, however it is spelled."""
    return db.session.scalar(User.select_not_deleted().where(has_email(email)))


def has_email(email: str) -> ColumnElement[bool]:
    """Select by address without regard to case."""
    return User.email_key == normalize_email(email)


def require_password(user: User, password: str | None) -> None:
    """Make sure that the person at the keyboard is the user.

    Raises:
        InvalidInputError: The current password is missing or wrong.
    """
    if not password or not passwords().verify(password, user.password_hash):
        raise InvalidInputError(
            "The current password is needed for this.",
            errors={"current_password": ["Missing or wrong."]},
        )


def change_password(user: User, current: str, new: str, *, keep: uuid.UUID) -> None:
    """Give a user a new password and end all their sessions but one.

    Raises:
        InvalidInputError: The current password is wrong.
    """
    require_password(user, current)
    user.password_hash = passwords().hash(new)
    login_sessions.revoke_all(user, keep=keep)
    db.session.commit()


def set_password(user: User, password: str) -> None:
    """Give a user a new password without knowing the old one, and end all their sessions."""
    user.password_hash = passwords().hash(password)
    login_sessions.revoke_all(user)
    db.session.commit()
