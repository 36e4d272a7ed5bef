"""Accounts by mail: forgotten passwords, verification and change of emails."""

from sqlalchemy import update

from app import account_tokens, security_log
from app.account_tokens import Purpose, Token
from app.extensions import db
from app.keyed_hashes import keyed_hash
from app.models.base import utcnow
from app.models.outgoing_mail import MailKind
from app.models.user import User, normalize_email
from app.services import auth, outbox, users


def request_password_reset(email: str) -> None:
    """Send a link to set a new password, if there is an active account.

    The account is looked up when the mail is sent: whether it exists does not show in the response time.
    """
    outbox.add(MailKind.RESET_PASSWORD, email)
    db.session.commit()
    security_log.record("password_reset_requested", account=keyed_hash("account", normalize_email(email)))


def reset_password(token: str, password: str) -> User:
    """Set a new password, verify the email that the token was sent to, and revoke all sessions.

    Raises:
        InvalidInputError: The token is invalid, expired or used, or the password is easy to guess.
    """
    user, _token = _get_user(Purpose.RESET, token)
    user.email_verified_at = user.email_verified_at or utcnow()
    auth.set_password(user, password)
    return user


def request_verification(user: User) -> None:
    """Send a link to verify the email of a user, unless it is verified."""
    outbox.add(MailKind.VERIFY_EMAIL, user.email, user)
    db.session.commit()


def verify_email(token: str) -> User:
    """Verify an email, or replace the email of a user by a new one and notify the old one.

    Raises:
        InvalidInputError: The token is invalid, expired or was already used.
        ConflictError: The new email was taken in the meantime.
    """
    user, content = _get_user(Purpose.VERIFICATION, token)
    if normalize_email(content.email) != user.email_key:
        outbox.add(MailKind.EMAIL_CHANGED, user.email, user)
        user.email = content.email
    user.email_verified_at = utcnow()
    users.commit_email()
    security_log.record("email_verified", target_id=user.id)
    return user


def _get_user(purpose: Purpose, token: str) -> tuple[User, Token]:
    """Return the user of a token and its content; a lock makes that it is used only once."""
    content = account_tokens.load(purpose, token)
    lock = update(User).where(User.id == content.user_id).values(updated_at=User.updated_at)
    db.session.execute(lock.execution_options(synchronize_session=False))
    query = User.select_not_deleted().where(User.id == content.user_id, User.is_active)
    user = db.session.scalar(query.execution_options(populate_existing=True))
    if user is None or not content.is_current(purpose, user):
        raise account_tokens.invalid_token()
    return user, content
