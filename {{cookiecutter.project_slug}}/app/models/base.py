"""What all tables share."""

import uuid
from datetime import UTC, datetime
from typing import Any, Self

from sqlalchemy import DateTime, Dialect, MetaData, Select, Uuid, select
from sqlalchemy.dialects import mysql
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, registry
from sqlalchemy.types import TypeDecorator, TypeEngine

# Integer keys are signed and 32 bits wide on all databases.
MAX_ID = 2**31 - 1


class UTCDateTime(TypeDecorator[datetime]):
    """A moment in UTC with microseconds, the same on every database.

    Servers without a time zone type store the UTC time; values read back always carry `UTC`.
    """

    impl = DateTime(timezone=True)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Ask MySQL for microseconds, which it leaves out by default."""
        if dialect.name in {"mysql", "mariadb"}:
            return dialect.type_descriptor(mysql.DATETIME(fsp=6))
        return dialect.type_descriptor(DateTime(timezone=True))

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Store UTC.

        Raises:
            ValueError: The moment has no time zone, so nobody knows when it was.
        """
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment needs a time zone")
        moment = value.astimezone(UTC)
        return moment if dialect.name == "postgresql" else moment.replace(tzinfo=None)

    def process_result_value(
        self,
        value: datetime | None,
        dialect: Dialect,  # noqa: ARG002 - the base names it
    ) -> datetime | None:
        """Return UTC, whatever the session's time zone is."""
        if value is None:
            return None
        return value.astimezone(UTC) if value.tzinfo else value.replace(tzinfo=UTC)


def utcnow() -> datetime:
    """Return this moment, in UTC."""
    return datetime.now(UTC)


CONSTRAINT_NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """The base of every model; constraints are named by one rule, so migrations can name them."""

    registry = registry(
        metadata=MetaData(naming_convention=CONSTRAINT_NAMES),
        type_annotation_map={datetime: UTCDateTime},
    )


class TimestampMixin:
    """Rows that know when they were made and last changed."""

    created_at: Mapped[datetime] = mapped_column(default=utcnow)
    updated_at: Mapped[datetime] = mapped_column(default=utcnow, onupdate=utcnow)


class UUIDMixin:
    """Rows whose key tells nothing and cannot be guessed."""

    id: Mapped[uuid.UUID] = mapped_column(Uuid, primary_key=True, default=uuid.uuid4)


class SoftDeleteMixin:
    """Rows that are hidden instead of removed."""

    deleted_at: Mapped[datetime | None] = mapped_column(index=True)

    @property
    def is_deleted(self) -> bool:
        """Tell whether the row is hidden."""
        return self.deleted_at is not None

    def soft_delete(self) -> None:
        """Hide the row."""
        self.deleted_at = utcnow()

    def restore(self) -> None:
        """Show the row again."""
        self.deleted_at = None

    @classmethod
    def select_not_deleted(cls) -> Select[Self]:
        """Start every query here: rows that were not deleted."""
        return select(cls).where(cls.deleted_at.is_(None))
