"""What the first page of the back office tells."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, case, func, select

from app.extensions import db
from app.models.post import Post
from app.models.user import Role, User

NEWEST = 5


@dataclass(frozen=True)
class Overview:
    """Counts by name, and the newest rows."""

    counts: dict[str, int]
    newest: Sequence[Any]


def users() -> Overview:
    """Count accounts, and find the newest that live."""
    living = User.deleted_at.is_(None)
    counts = _count(
        active=living & User.is_active,
        admins=living & User.is_active & (User.role == Role.ADMIN),
        deactivated=living & ~User.is_active,
        deleted=~living,
    )
    newest = User.select_living().order_by(User.created_at.desc(), User.id.desc()).limit(NEWEST)
    return Overview(counts, db.session.scalars(newest).all())


def posts() -> Overview:
    """Count posts, and find the newest that were not deleted."""
    living = Post.deleted_at.is_(None)
    counts = _count(published=living & Post.published, drafts=living & ~Post.published, deleted=~living)
    newest = Post.select_living().order_by(Post.created_at.desc(), Post.id.desc()).limit(NEWEST)
    return Overview(counts, db.session.scalars(newest).all())


def _count(**criteria: ColumnElement[bool]) -> dict[str, int]:
    """Count the rows of one table by several criteria, in one query."""
    columns = [func.count(case((criterion, 1))).label(name) for name, criterion in criteria.items()]
    return dict(db.session.execute(select(*columns)).one()._mapping)  # noqa: SLF001 - its public name
