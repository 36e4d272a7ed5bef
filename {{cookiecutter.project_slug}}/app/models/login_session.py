"""The model of login sessions."""

from datetime import datetime

from sqlalchemy import ColumnElement, ForeignKey, String, and_, bindparam
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.models.base import Base, UUIDMixin, utcnow
from app.models.user import User


class LoginSession(UUIDMixin, Base):
    """A login of a user: a family of tokens or a browser session.

    Every token or cookie contains the id, so revoking the row revokes all of them.
    """

    __tablename__ = "login_sessions"

    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    user: Mapped[User] = relationship(lazy="joined", innerjoin=True)
    kind: Mapped[str] = mapped_column(String(20))
    # Only the current refresh token can be exchanged; the previous one is kept for retries.
    current_refresh_id: Mapped[str | None] = mapped_column(String(36), info={"private": True})
    previous_refresh_id: Mapped[str | None] = mapped_column(String(36), info={"private": True})
    rotated_at: Mapped[datetime | None]
    # The keyed hash of the network that logged in; see app/security/limits.py.
    network_hash: Mapped[str | None] = mapped_column(String(32), info={"private": True})
    created_at: Mapped[datetime] = mapped_column(default=utcnow)
    last_used_at: Mapped[datetime] = mapped_column(default=utcnow)
    # Each use moves the first one, which ends idle sessions, but never beyond the second.
    expires_at: Mapped[datetime] = mapped_column(index=True)
    ends_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]

    @classmethod
    def is_active(cls) -> ColumnElement[bool]:
        """Return the criterion of sessions neither expired nor revoked at the time of execution."""
        return and_(cls.revoked_at.is_(None), cls.expires_at > bindparam("now", callable_=utcnow))
