"""How many posts there are, and the newest."""

from app.extensions import db
from app.models.post import Post
from app.services.overview import NEWEST, Overview, RecentRecord, count


def overview() -> Overview:
    """Count posts, and find the newest that were not deleted."""
    living = Post.deleted_at.is_(None)
    counts = count(published=living & Post.published, drafts=living & ~Post.published, deleted=~living)
    newest = Post.select_not_deleted().order_by(Post.created_at.desc(), Post.id.desc()).limit(NEWEST)
    return Overview(counts, [recent_record(post) for post in db.session.scalars(newest)])


def recent_record(post: Post) -> RecentRecord:
    """Say what a post is called, and whether it can be read."""
    return RecentRecord(post.id, post.title, "" if post.published else "draft", post.created_at)
