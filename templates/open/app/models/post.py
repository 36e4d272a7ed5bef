"""The model of posts, the example resource."""

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.db.types import LongText
from app.models.base import Base, SoftDeleteMixin, TimestampMixin

TITLE_LENGTH = 200
CONTENT_LENGTH = 100_000


class Post(TimestampMixin, SoftDeleteMixin, Base):
    """A post."""

    __tablename__ = "posts"
    __table_args__ = (Index(None, "created_at", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str] = mapped_column(String(TITLE_LENGTH))
    content: Mapped[str] = mapped_column(LongText)
    published: Mapped[bool] = mapped_column(default=False)
