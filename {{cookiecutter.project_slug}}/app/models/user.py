"""People who can log in."""

import unicodedata
from enum import StrEnum

from sqlalchemy import ColumnElement, Enum, String, and_
from sqlalchemy.dialects import mysql
from sqlalchemy.orm import Mapped, mapped_column, validates

from app.models.base import Base, SoftDeleteMixin, TimestampMixin

EMAIL_LENGTH = 254  # RFC 5321 4.5.3.1.3, less the angle brackets
EMAIL_KEY_LENGTH = 3 * EMAIL_LENGTH  # folding the case of a character makes up to three of it
NAME_LENGTH = 100


class Role(StrEnum):
    """What a user may do."""

    USER = "user"
    ADMIN = "admin"


def normalize_email(email: str) -> str:
    """Return what two spellings of one address have in common."""
    return unicodedata.normalize("NFC", email.strip()).casefold()


class User(TimestampMixin, SoftDeleteMixin, Base):
    """An account."""

    __tablename__ = "users"

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(EMAIL_LENGTH))
    # The folded address while the account lives, NULL once it is deleted: unique among the living on
    # every database, MySQL included, which has no partial index. Binary, or MySQL would fold accents.
    email_key: Mapped[str | None] = mapped_column(
        String(EMAIL_KEY_LENGTH).with_variant(
            mysql.VARCHAR(EMAIL_KEY_LENGTH, collation="utf8mb4_bin"), "mysql", "mariadb"
        ),
        unique=True,
    )
    password_hash: Mapped[str] = mapped_column(String(255))
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
        """Join what is known of the name."""
        return f"{self.first_name} {self.last_name}".strip()

    @property
    def is_admin(self) -> bool:
        """Tell whether the role allows everything."""
        return self.role == Role.ADMIN

    def password_unchanged(self) -> ColumnElement[bool]:
        """Select the account as long as nobody changes the password that it had when it was read."""
        return and_(User.id == self.id, User.password_hash == self.password_hash)

    @validates("email")
    def _claim_email(self, _name: str, email: str) -> str:
        self.email_key = None if self.is_deleted else normalize_email(email)
        return email

    def soft_delete(self) -> None:
        """Hide the account and free its address."""
        super().soft_delete()
        self.email_key = None

    def restore(self) -> None:
        """Show the account and claim its address again; the commit fails if it was taken."""
        super().restore()
        self.email_key = normalize_email(self.email)
