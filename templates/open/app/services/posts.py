"""Posts: everyone may see, create, update and delete all of them."""

from collections.abc import Mapping
from typing import Any

from flask_sqlalchemy.pagination import Pagination

from app.exceptions import NotFoundError
from app.extensions import db
from app.models.post import Post


def list_posts(*, page: int, per_page: int, published: bool | None = None) -> Pagination:
    """Return a page of the posts, newest first."""
    query = Post.select_not_deleted().order_by(Post.created_at.desc(), Post.id.desc())
    if published is not None:
        query = query.where(Post.published == published)
    return db.paginate(query, page=page, per_page=per_page, error_out=False)


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


def update_post(post_id: int, changes: Mapping[str, Any]) -> Post:
    """Update the given fields of a post.

    Raises:
        NotFoundError: It does not exist.
    """
    post = get_post(post_id)
    post.title = changes.get("title", post.title)
    post.content = changes.get("content", post.content)
    post.published = changes.get("published", post.published)
    db.session.commit()
    return post


def delete_post(post_id: int) -> None:
    """Soft-delete a post.

    Raises:
        NotFoundError: It does not exist.
    """
    get_post(post_id).soft_delete()
    db.session.commit()
