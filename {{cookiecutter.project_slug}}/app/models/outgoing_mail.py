"""The model of outgoing mails."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base, UUIDMixin, utcnow
from app.models.user import EMAIL_LENGTH

ERROR_LENGTH = 500


class MailKind(StrEnum):
    """What a mail is about."""

    RESET_PASSWORD = "reset_password"  # noqa: S105 - no password
    VERIFY_EMAIL = "verify_email"
    CHANGE_EMAIL = "change_email"
    EMAIL_CHANGED = "email_changed"
    EMAIL_TAKEN = "email_taken"


class OutgoingMail(UUIDMixin, Base):
    """A mail to send: to whom and what about, but neither its text nor its token.

    The text is written when the mail is sent. Only then the account is looked up, so that the request
    takes the same time whether or not there is one.
    """

    __tablename__ = "outgoing_mails"

    kind: Mapped[str] = mapped_column(String(20))
    email: Mapped[str] = mapped_column(String(EMAIL_LENGTH))
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    created_at: Mapped[datetime] = mapped_column(default=utcnow, index=True)
    tries: Mapped[int] = mapped_column(default=0)
    # When it is sent next, or again if its sender crashes; NULL when it is sent or given up.
    due_at: Mapped[datetime | None] = mapped_column(default=utcnow, index=True)
    sent_at: Mapped[datetime | None]
    error: Mapped[str | None] = mapped_column(String(ERROR_LENGTH))

    @property
    def state(self) -> str:
        """Return `sent`, `waiting` or `given up`."""
        if self.sent_at:
            return "sent"
        return "waiting" if self.due_at else "given up"
