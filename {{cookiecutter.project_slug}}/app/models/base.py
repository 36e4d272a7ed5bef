"""The declarative base and mixins of models."""

import uuid
from datetime import UTC, datetime
from typing import Self

from sqlalchemy import MetaData, Select, Uuid, select
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, registry

from app.db.types import UTCDateTime


def utcnow() -> datetime:
    """Return the current time in UTC."""
    return datetime.now(UTC)


CONSTRAINT_NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """The base of all models; the naming convention gives constraints names that migrations can use."""

    registry = registry(
        metadata=MetaData(naming_convention=CONSTRAINT_NAMES),
        type_annotation_map={datetime: UTCDateTime},
    )


class TimestampMixin:
    """Add the times of creation and last change."""

    created_at: Mapped[datetime] = mapped_column(default=utcnow)
    updated_at: Mapped[datetime] = mapped_column(default=utcnow, onupdate=utcnow)


class UUIDMixin:
    """Add a random primary key, which cannot be guessed."""

    id: Mapped[uuid.UUID] = mapped_column(Uuid, primary_key=True, default=uuid.uuid4)


class SoftDeleteMixin:
    """Hide rows instead of removing them."""

    deleted_at: Mapped[datetime | None] = mapped_column(index=True)

    @property
    def is_deleted(self) -> bool:
        """Return whether the row is soft-deleted."""
        return self.deleted_at is not None

    def soft_delete(self) -> None:
        """Soft-delete the row."""
        self.deleted_at = utcnow()

    def restore(self) -> None:
        """Undo the soft deletion."""
        self.deleted_at = None

    @classmethod
    def select_not_deleted(cls) -> Select[Self]:
        """Select the rows that are not soft-deleted; queries start here."""
        return select(cls).where(cls.deleted_at.is_(None))
