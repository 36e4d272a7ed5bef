"""Posts: everyone may see, create, update and delete all of them."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import defer

from app.db.pagination import Order, Page, paginate
from app.exceptions import NotFoundError
from app.extensions import db
from app.models.post import Post
from app.services.preconditions import IsUnchanged, require_unchanged

NEWEST_FIRST = Order([Post.created_at, Post.id], descending=True)


def list_posts(
    *, page: int, per_page: int, after: str | None = None, published: bool | None = None
) -> Page[Post]:
    """Return a page of the posts, newest first, without their content.

    Raises:
        InvalidInputError: The cursor `after` is not valid.
    """
    query = Post.select_not_deleted().options(defer(Post.content))
    if published is not None:
        query = query.where(Post.published == published)
    return paginate(db.session, query, NEWEST_FIRST, page=page, per_page=per_page, after=after)


def get_post(post_id: int) -> Post:
    """Return a post.

    Raises:
        NotFoundError: It does not exist.
    """
    post = db.session.scalar(Post.select_not_deleted().where(Post.id == post_id))
    if post is None:
        raise NotFoundError("Post not found.")
    return post


def create_post(*, title: str, content: str, published: bool = False) -> Post:
    """Create a post."""
    post = Post(title=title, content=content, published=published)
    db.session.add(post)
    db.session.commit()
    return post


def update_post(post_id: int, changes: Mapping[str, Any], is_unchanged: IsUnchanged = None) -> Post:
    """Update the given fields of a post.

    Raises:
        NotFoundError: It does not exist.
        PreconditionFailedError: It was changed in the meantime.
    """
    post = get_post(post_id)
    require_unchanged(post, is_unchanged)
    post.title = changes.get("title", post.title)
    post.content = changes.get("content", post.content)
    post.published = changes.get("published", post.published)
    db.session.commit()
    return post


def delete_post(post_id: int, is_unchanged: IsUnchanged = None) -> None:
    """Soft-delete a post.

    Raises:
        NotFoundError: It does not exist.
        PreconditionFailedError: It was changed in the meantime.
    """
    post = get_post(post_id)
    require_unchanged(post, is_unchanged)
    post.soft_delete()
    db.session.commit()
