"""The model of posts, the example resource."""

from sqlalchemy import Index, String, Text
from sqlalchemy.dialects import mysql
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base, SoftDeleteMixin, TimestampMixin

TITLE_LENGTH = 200
CONTENT_LENGTH = 100_000


class Post(TimestampMixin, SoftDeleteMixin, Base):
    """A post."""

    __tablename__ = "posts"
    __table_args__ = (Index(None, "published", "created_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str] = mapped_column(String(TITLE_LENGTH))
    # MySQL's TEXT ends at 64 KiB, MEDIUMTEXT at 16 MiB.
    content: Mapped[str] = mapped_column(Text().with_variant(mysql.MEDIUMTEXT(), "mysql", "mariadb"))
    published: Mapped[bool] = mapped_column(default=False)
