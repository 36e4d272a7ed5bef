"""The outbox: mails are stored together with the change that they are about, and sent after the commit.

A mail is sent at least once: it is due again if its sender crashes. Its message id stays the same, so that
servers can drop the second copy.
"""

import logging
import time
import uuid
from datetime import timedelta
from email.message import EmailMessage
from typing import Any, NamedTuple, cast

from sqlalchemy import CursorResult, delete, select, update

from app import account_tokens, mail
from app.account_tokens import Purpose
from app.extensions import db
from app.mail import MailError, MailRejectedError, MailServerError
from app.models.base import utcnow
from app.models.outgoing_mail import ERROR_LENGTH, MailKind, OutgoingMail
from app.models.user import User, normalize_email

MAX_TRIES = 10
BACK_OFF = timedelta(minutes=1)  # doubled with each try: the tenth is after 8.5 hours
CLAIM = timedelta(minutes=10)  # longer than sending one mail takes with `mail.MAX_TIMEOUT`
RETENTION = timedelta(days=7)
CANDIDATES = 50
NEW_MAIL = "new_mail"

log = logging.getLogger("app.outbox")


class Claim(NamedTuple):
    """A mail that only this process sends, for the time of `CLAIM`."""

    id: uuid.UUID
    kind: MailKind
    email: str
    user_id: int | None
    tries: int


def add(kind: MailKind, email: str, user: User | None = None) -> None:
    """Store a mail, if there is a mail server; the caller commits."""
    if mail.is_enabled():
        db.session.add(OutgoingMail(kind=kind, email=email, user_id=user.id if user else None))
        db.session.info[NEW_MAIL] = True


def has_new_mail() -> bool:
    """Return whether mails were added since the last call in this session."""
    return db.session.registry.has() and db.session.info.pop(NEW_MAIL, False)  # opens no session


def deliver(*, seconds: float) -> int:
    """Send the mails that are due and return their number.

    It ends when nothing is due, when the server is unavailable, or with the last mail that was begun
    within `seconds`.
    """
    sent, deadline = 0, time.monotonic() + seconds
    while mail.is_enabled() and time.monotonic() < deadline and (claim := _claim()):
        try:
            sent += _send(claim)
        except MailServerError as error:
            log.warning("The mail server is unavailable: %s", error)
            break
    return sent


def prune() -> int:
    """Delete the mails that were sent or given up some time ago and return their number."""
    is_old = OutgoingMail.created_at <= utcnow() - RETENTION
    deleted = db.session.execute(delete(OutgoingMail).where(is_old))
    db.session.commit()
    return cast("CursorResult[Any]", deleted).rowcount


def _claim() -> Claim | None:
    """Return a mail that is due, which no other process sends meanwhile.

    One conditional UPDATE decides which of several processes gets it.
    """
    is_due = (OutgoingMail.due_at <= utcnow(), OutgoingMail.tries < MAX_TRIES)
    columns = [getattr(OutgoingMail, name) for name in Claim._fields]
    due = select(*columns).where(*is_due).order_by(OutgoingMail.due_at).limit(CANDIDATES)
    for mail_id, kind, email, user_id, tries in db.session.execute(due).all():
        claim = (
            update(OutgoingMail)
            .where(OutgoingMail.id == mail_id, OutgoingMail.tries == tries, *is_due)
            .values(tries=tries + 1, due_at=utcnow() + CLAIM)
            .execution_options(synchronize_session=False)
        )
        is_claimed = cast("CursorResult[Any]", db.session.execute(claim)).rowcount == 1
        db.session.commit()
        if is_claimed:
            return Claim(mail_id, MailKind(kind), email, user_id, tries + 1)
    db.session.rollback()
    return None


def _send(claim: Claim) -> bool:
    """Send a mail with no transaction open, and store the result.

    Raises:
        MailServerError: The server is unavailable; the mail is due again later.
    """
    message = _create_message(claim)
    db.session.rollback()
    if message is None:
        _finish(claim, error="Not sent: the account does not need it any more.")
        return False
    try:
        mail.send(message)
    except MailError as error:
        _retry(claim, error)
        return False
    _finish(claim, sent_at=utcnow(), error=None)
    return True


def _retry(claim: Claim, error: MailError) -> None:
    """Let a mail be due again later, or give it up.

    Raises:
        MailServerError: The error is one.
    """
    is_final = isinstance(error, MailRejectedError) or claim.tries >= MAX_TRIES
    log.log(
        logging.ERROR if is_final else logging.WARNING,
        "Mail %s was not sent at try %s: %s",
        claim.id,
        claim.tries,
        error,
    )
    delay = BACK_OFF * 2 ** (claim.tries - 1)
    _store(claim, due_at=None if is_final else utcnow() + delay, error=str(error)[:ERROR_LENGTH])
    if isinstance(error, MailServerError):
        raise error


def _finish(claim: Claim, **values: Any) -> None:
    _store(claim, due_at=None, **values)


def _store(claim: Claim, **values: Any) -> None:
    db.session.execute(update(OutgoingMail).where(OutgoingMail.id == claim.id).values(values))
    db.session.commit()


def _create_message(claim: Claim) -> EmailMessage | None:
    """Write a mail for what the account is now; return None if it needs none any more."""
    user = _get_user(claim)
    if user is None:
        return None
    name = user.full_name if user.email_verified_at else ""  # anybody can register with another's email
    if claim.kind is MailKind.RESET_PASSWORD:
        token = account_tokens.create(Purpose.RESET, user, user.email)
        link = mail.public_url(f"/reset-password?token={token}")
        return _write(claim, user.email, name, link=link, expires=account_tokens.expires_at(Purpose.RESET))
    if claim.kind is MailKind.EMAIL_TAKEN:
        return _write(claim, user.email, name, link=mail.public_url("/forgot-password"))
    if claim.kind is MailKind.EMAIL_CHANGED:
        return _write(claim, claim.email, name)
    if claim.kind is MailKind.VERIFY_EMAIL and (user.email_verified_at or user.email != claim.email):
        return None
    token = account_tokens.create(Purpose.VERIFICATION, user, claim.email)
    link = mail.public_url(f"/verify-email?token={token}")
    expires = account_tokens.expires_at(Purpose.VERIFICATION)
    return _write(claim, claim.email, name, template="verify_email", link=link, expires=expires)


def _write(claim: Claim, email: str, name: str, *, template: str = "", **values: Any) -> EmailMessage:
    template = template or claim.kind
    return mail.create_message(template, email, name=name, message_id=str(claim.id), **values)


def _get_user(claim: Claim) -> User | None:
    """Return the active user of a mail: by id, or by email where the request did not look it up."""
    is_meant = User.id == claim.user_id if claim.user_id else User.email_key == normalize_email(claim.email)
    return db.session.scalar(User.select_not_deleted().where(is_meant, User.is_active))
