# @if cookiecutter.auth == "none"
# @include "open/app/services/posts.py"
# @else
"""Posts: published ones are public; authors and admins also see drafts, update and delete."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Select, or_
from sqlalchemy.orm import contains_eager, defer

from app.db.pagination import Order, Page, paginate
from app.exceptions import ForbiddenError, NotFoundError
from app.extensions import db
from app.models.post import Post
from app.models.user import User
from app.services import users
from app.services.preconditions import IsUnchanged, require_unchanged

NEWEST_FIRST = Order([Post.created_at, Post.id], descending=True)


def list_posts(
    actor: User | None,
    *,
    page: int,
    per_page: int,
    after: str | None = None,
    published: bool | None = None,
    author_id: int | None = None,
) -> Page[Post]:
    """Return a page of the posts that the actor may see, newest first, without their content.

    Raises:
        NotFoundError: The author does not exist.
        InvalidInputError: The cursor `after` is not valid.
    """
    query = _visible_to(actor).options(defer(Post.content))
    if published is not None:
        query = query.where(Post.published == published)
    if author_id is not None:
        query = query.where(Post.author_id == users.get_user(author_id).id)
    return paginate(db.session, query, NEWEST_FIRST, page=page, per_page=per_page, after=after)


def get_post(actor: User | None, post_id: int) -> Post:
    """Return a post that the actor may see.

    Raises:
        NotFoundError: It does not exist, or the actor may not see it.
    """
    post = db.session.scalar(_visible_to(actor).where(Post.id == post_id))
    if post is None:
        raise NotFoundError("Post not found.")
    return post


def get_editable_post(actor: User, post_id: int) -> Post:
    """Return a post that the actor may change.

    Raises:
        NotFoundError: It does not exist, or the actor may not see it.
        ForbiddenError: The actor is neither its author nor an admin.
    """
    post = get_post(actor, post_id)
    if not may_edit(actor, post):
        raise ForbiddenError("Only the author or an admin may change this post.")
    return post


def may_edit(actor: User | None, post: Post) -> bool:
    """Return whether the actor is the author or an admin."""
    return actor is not None and (actor.is_admin or post.author_id == actor.id)


def create_post(actor: User, *, title: str, content: str, published: bool = False) -> Post:
    """Create a post of the actor."""
    post = Post(author=actor, title=title, content=content, published=published)
    db.session.add(post)
    db.session.commit()
    return post


def update_post(
    actor: User, post_id: int, changes: Mapping[str, Any], is_unchanged: IsUnchanged = None
) -> Post:
    """Update the given fields of a post.

    Raises:
        NotFoundError: It does not exist, or the actor may not see it.
        ForbiddenError: The actor is neither its author nor an admin.
        PreconditionFailedError: It was changed in the meantime.
    """
    post = get_editable_post(actor, post_id)
    require_unchanged(post, is_unchanged)
    return change_post(post, changes)


def change_post(post: Post, changes: Mapping[str, Any]) -> Post:
    """Update the given fields of a post without checking permissions."""
    post.title = changes.get("title", post.title)
    post.content = changes.get("content", post.content)
    post.published = changes.get("published", post.published)
    db.session.commit()
    return post


def delete_post(actor: User, post_id: int, is_unchanged: IsUnchanged = None) -> None:
    """Soft-delete a post.

    Raises:
        NotFoundError: It does not exist, or the actor may not see it.
        ForbiddenError: The actor is neither its author nor an admin.
        PreconditionFailedError: It was changed in the meantime.
    """
    post = get_editable_post(actor, post_id)
    require_unchanged(post, is_unchanged)
    soft_delete_post(post)


def soft_delete_post(post: Post) -> None:
    """Soft-delete a post without checking permissions."""
    post.soft_delete()
    db.session.commit()


def restore_post(post: Post) -> None:
    """Restore a soft-deleted post."""
    post.restore()
    db.session.commit()


def _visible_to(actor: User | None) -> Select[Post]:
    """Select what an actor may see: published posts and their own drafts, or all posts for admins.

    Posts of deleted users are hidden from everyone.
    """
    author = contains_eager(Post.author).load_only(User.first_name, User.last_name)  # all that is shown
    query = Post.select_not_deleted().outerjoin(Post.author).options(author)
    query = query.where(User.deleted_at.is_(None))
    if actor is None:
        return query.where(Post.published)
    if actor.is_admin:
        return query
    return query.where(or_(Post.published, Post.author_id == actor.id))
    # @endif
