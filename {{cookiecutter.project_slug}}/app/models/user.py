"""The model of users."""

import unicodedata
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ColumnElement, Enum, String, and_
from sqlalchemy.orm import Mapped, mapped_column, validates

from app.db.types import CaseSensitiveString
from app.models.base import Base, SoftDeleteMixin, TimestampMixin

EMAIL_LENGTH = 254  # RFC 5321 4.5.3.1.3, less the angle brackets
EMAIL_KEY_LENGTH = 3 * EMAIL_LENGTH  # case folding can triple the length
LABEL_LENGTH = 63  # RFC 1035 2.3.4
NAME_LENGTH = 100


class Role(StrEnum):
    """The role of a user."""

    USER = "user"
    ADMIN = "admin"


def normalize_email(email: str) -> str:
    """Return the canonical form under which an email is unique: without case and Punycode, in NFC."""
    local, at, domain = unicodedata.normalize("NFC", email.strip()).casefold().rpartition("@")
    labels = map(_decode_label, domain.split("."))
    return unicodedata.normalize("NFC", f"{local}{at}{'.'.join(labels)}".casefold())


def _decode_label(label: str) -> str:
    """Return the Unicode form of a label like `xn--bcher-kva` of an internationalized domain name."""
    if not label.startswith("xn--") or len(label) > LABEL_LENGTH:
        return label
    try:
        decoded = label.removeprefix("xn--").encode("ascii").decode("punycode")
    except UnicodeError:
        return label
    return decoded if decoded.isprintable() else label


class User(TimestampMixin, SoftDeleteMixin, Base):
    """A user."""

    __tablename__ = "users"

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(EMAIL_LENGTH))
    # The normalized email, NULL for deleted users: so emails are unique among all others on every
    # database, including MySQL, which has no partial indexes. Compared byte by byte, because MySQL's
    # default collation ignores accents.
    email_key: Mapped[str | None] = mapped_column(
        CaseSensitiveString(EMAIL_KEY_LENGTH), unique=True, info={"private": True}
    )
    email_verified_at: Mapped[datetime | None]
    password_hash: Mapped[str] = mapped_column(String(255), info={"private": True})
    first_name: Mapped[str] = mapped_column(String(NAME_LENGTH), default="")
    last_name: Mapped[str] = mapped_column(String(NAME_LENGTH), default="")
    role: Mapped[Role] = mapped_column(
        Enum(
            Role,
            name="role",
            native_enum=False,
            create_constraint=True,
            length=20,
            values_callable=lambda roles: [role.value for role in roles],
        ),
        default=Role.USER,
    )
    is_active: Mapped[bool] = mapped_column(default=True)

    @property
    def full_name(self) -> str:
        """Return first and last name, or the one that is set."""
        return f"{self.first_name} {self.last_name}".strip()

    @property
    def is_admin(self) -> bool:
        """Return whether the user has the admin role."""
        return self.role == Role.ADMIN

    def password_unchanged(self) -> ColumnElement[bool]:
        """Return the criterion that matches the row until its password is changed."""
        return and_(User.id == self.id, User.password_hash == self.password_hash)

    @validates("email")
    def _set_email_key(self, _name: str, email: str) -> str:
        self.email_key = None if self.is_deleted else normalize_email(email)
        return email

    def soft_delete(self) -> None:
        """Mark the user as deleted and release the email."""
        super().soft_delete()
        self.email_key = None

    def restore(self) -> None:
        """Restore the user and the email; the commit fails if the email was taken."""
        super().restore()
        self.email_key = normalize_email(self.email)
