"""Posts: everybody reads and changes everything."""

from flask_sqlalchemy.pagination import Pagination

from app.exceptions import NotFoundError
from app.extensions import db
from app.models.post import Post


def list_posts(*, page: int, per_page: int, published: bool | None = None) -> Pagination:
    """Return a page of posts, newest first."""
    query = Post.select_not_deleted().order_by(Post.created_at.desc(), Post.id.desc())
    if published is not None:
        query = query.where(Post.published == published)
    return db.paginate(query, page=page, per_page=per_page, error_out=False)


def get_post(post_id: int) -> Post:
    """Return a post.

    Raises:
        NotFoundError: There is none, or it was deleted.
    """
    post = db.session.scalar(Post.select_not_deleted().where(Post.id == post_id))
    if post is None:
        raise NotFoundError("There is no such post.")
    return post


def create_post(*, title: str, content: str, published: bool = False) -> Post:
    """Write a post."""
    post = Post(title=title, content=content, published=published)
    db.session.add(post)
    db.session.commit()
    return post


def update_post(
    post_id: int,
    *,
    title: str | None = None,
    content: str | None = None,
    published: bool | None = None,
) -> Post:
    """Change what is given of a post.

    Raises:
        NotFoundError: There is none, or it was deleted.
    """
    post = get_post(post_id)
    post.title = post.title if title is None else title
    post.content = post.content if content is None else content
    post.published = post.published if published is None else published
    db.session.commit()
    return post


def delete_post(post_id: int) -> None:
    """Hide a post.

    Raises:
        NotFoundError: There is none, or it was deleted already.
    """
    get_post(post_id).soft_delete()
    db.session.commit()
