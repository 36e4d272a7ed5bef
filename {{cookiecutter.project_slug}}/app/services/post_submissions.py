"""Posts that are written in forms: people click twice."""

from datetime import timedelta

from app.db.row_locks import lock
from app.extensions import db
from app.models.base import utcnow
from app.models.post import Post
from app.models.user import User
from app.services import posts

REPEATED_WITHIN = timedelta(minutes=1)


def submit_post(author: User, *, title: str, content: str, published: bool) -> Post:
    """Create a post, or return the same one that its author has just created.

    The author is locked until the commit, so of two requests at once the second one finds the post of the
    first.
    """
    lock(db.session, author)
    query = Post.select_not_deleted().where(
        Post.author_id == author.id,
        Post.title == title,
        Post.content == content,
        Post.published == published,
        Post.created_at > utcnow() - REPEATED_WITHIN,
    )
    # MySQL's collation takes other cases and accents for the same text.
    same = (post for post in db.session.scalars(query) if (post.title, post.content) == (title, content))
    post = next(same, None)
    if post is None:
        return posts.create_post(author, title=title, content=content, published=published)
    db.session.commit()
    return post
