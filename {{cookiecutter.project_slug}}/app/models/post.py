# @if cookiecutter.auth == "none"
# @include "open/app/models/post.py"
# @else
"""The model of posts, the example resource."""

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.db.types import LongText
from app.models.base import Base, SoftDeleteMixin, TimestampMixin
from app.models.user import User

TITLE_LENGTH = 200
CONTENT_LENGTH = 100_000


class Post(TimestampMixin, SoftDeleteMixin, Base):
    """A post."""

    __tablename__ = "posts"
    __table_args__ = (Index(None, "created_at", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    # NULL for posts from before the service had users; only admins may change them.
    author_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"), index=True)
    author: Mapped[User | None] = relationship(lazy="joined")
    title: Mapped[str] = mapped_column(String(TITLE_LENGTH))
    content: Mapped[str] = mapped_column(LongText)
    published: Mapped[bool] = mapped_column(default=False)
    # @endif
