# @if cookiecutter.auth == "none"
# @include "open/app/services/posts.py"
# @else
"""Posts: strangers read what is published; authors and admins read and change the rest."""

from flask_sqlalchemy.pagination import Pagination
from sqlalchemy import Select, or_
from sqlalchemy.orm import contains_eager

from app.exceptions import ForbiddenError, NotFoundError
from app.extensions import db
from app.models.post import Post
from app.models.user import User
from app.services import users


def list_posts(
    actor: User | None,
    *,
    page: int,
    per_page: int,
    published: bool | None = None,
    author_id: int | None = None,
) -> Pagination:
    """Return a page of the posts that the actor may read, newest first.

    Raises:
        NotFoundError: There is no such author.
    """
    query = _readable_by(actor).order_by(Post.created_at.desc(), Post.id.desc())
    if published is not None:
        query = query.where(Post.published == published)
    if author_id is not None:
        query = query.where(Post.author_id == users.get_user(author_id).id)
    return db.paginate(query, page=page, per_page=per_page, error_out=False)


def get_post(actor: User | None, post_id: int) -> Post:
    """Return a post that the actor may read.

    Raises:
        NotFoundError: There is none: drafts of others do not exist for the actor.
    """
    post = db.session.scalar(_readable_by(actor).where(Post.id == post_id))
    if post is None:
        raise NotFoundError("There is no such post.")
    return post


def create_post(author: User, *, title: str, content: str, published: bool = False) -> Post:
    """Write a post."""
    post = Post(author=author, title=title, content=content, published=published)
    db.session.add(post)
    db.session.commit()
    return post


def update_post(
    actor: User,
    post_id: int,
    *,
    title: str | None = None,
    content: str | None = None,
    published: bool | None = None,
) -> Post:
    """Change what is given of a post.

    Raises:
        NotFoundError: The actor cannot even see it.
        ForbiddenError: It is somebody else's.
    """
    post = _editable_by(actor, post_id)
    return change_post(post, title=title, content=content, published=published)


def change_post(
    post: Post, *, title: str | None = None, content: str | None = None, published: bool | None = None
) -> Post:
    """Change what is given of a post, whoever wrote it."""
    post.title = post.title if title is None else title
    post.content = post.content if content is None else content
    post.published = post.published if published is None else published
    db.session.commit()
    return post


def delete_post(actor: User, post_id: int) -> None:
    """Hide a post.

    Raises:
        NotFoundError: The actor cannot even see it.
        ForbiddenError: It is somebody else's.
    """
    hide_post(_editable_by(actor, post_id))


def hide_post(post: Post) -> None:
    """Hide a post, whoever wrote it."""
    post.soft_delete()
    db.session.commit()


def restore_post(post: Post) -> None:
    """Show a hidden post again."""
    post.restore()
    db.session.commit()


def _readable_by(actor: User | None) -> Select[Post]:
    """Select living posts of living authors: published ones, for authors their own, for admins all."""
    query = Post.select_not_deleted().outerjoin(Post.author).options(contains_eager(Post.author))
    query = query.where(User.deleted_at.is_(None))
    if actor is None:
        return query.where(Post.published)
    if actor.is_admin:
        return query
    return query.where(or_(Post.published, Post.author_id == actor.id))


def _editable_by(actor: User, post_id: int) -> Post:
    post = get_post(actor, post_id)
    if not actor.is_admin and post.author_id != actor.id:
        raise ForbiddenError("Only for the author and for admins.")
    return post
    # @endif
