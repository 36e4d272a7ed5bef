"""Posts in the admin."""

from collections.abc import Mapping
from typing import Any

from flask_admin.form import BaseForm
from markupsafe import Markup
from wtforms import BooleanField, StringField, TextAreaField
from wtforms.validators import InputRequired

from app.admin.access import current_admin
from app.admin.badges import badge
from app.admin.filters import YES_NO, Choice, IsSetFilter
from app.admin.records import RecordView
from app.admin.rules import SchemaValidator, unix_lines
from app.models.post import Post
from app.schemas.post import PostCreateSchema
from app.services import posts
from app.services.overview.posts import overview


class PostForm(BaseForm):
    """What is written."""

    title = StringField("Title", [InputRequired(), SchemaValidator(PostCreateSchema)])
    content = TextAreaField(
        "Content",
        [InputRequired(), SchemaValidator(PostCreateSchema)],
        filters=[unix_lines],
        render_kw={"rows": 12},
    )
    published = BooleanField("Published")


class InlinePostForm(BaseForm):
    """What may be changed in the list."""

    title = StringField("Title", [InputRequired(), SchemaValidator(PostCreateSchema)])


def state(_view: object, _context: object, post: Post, _name: str) -> Markup:
    """Tell who can read a post."""
    if post.is_deleted:
        return badge("deleted")
    return badge("published" if post.published else "draft")


def author(_view: object, _context: object, post: Post, _name: str) -> str:
    """Name the author by address, which is unique."""
    return post.author.email if post.author else ""


class PostView(RecordView):
    """All posts, deleted ones too. New ones are by whoever writes them; authors stay who they are."""

    column_list = ("title", "author", "state", "created_at")
    column_sortable_list = ["title", "created_at"]
    column_searchable_list = ["title", "content"]
    column_editable_list = ["title"]
    column_export_list = [
        "id",
        "title",
        "content",
        "published",
        "author",
        "created_at",
        "updated_at",
        "deleted_at",
    ]
    column_labels = {"title": "Title", "content": "Content", "created_at": "Created (UTC)"}
    column_formatters = {"state": state, "author": author}
    column_formatters_export = {"author": author}
    column_filters = [
        Choice(Post.published, "Published", YES_NO),
        IsSetFilter(Post.deleted_at, "Deleted"),
    ]
    create_fields = PostForm
    edit_fields = PostForm
    inline_fields = InlinePostForm
    overview = staticmethod(overview)

    def __init__(self) -> None:
        """Live at `/admin/posts`."""
        super().__init__(Post, "posts")

    def create(self, values: Mapping[str, Any]) -> Post:
        """Write a post as the admin who is logged in."""
        return posts.create_post(current_admin(), **values)

    def change(self, record: Post, values: Mapping[str, Any]) -> Post:
        """Change a post, whoever wrote it."""
        return posts.change_post(record, values)

    def remove(self, record: Post) -> None:
        """Hide a post."""
        posts.soft_delete_post(record)

    def restore(self, record: Post) -> None:
        """Show a post again."""
        posts.restore_post(record)


VIEW = PostView
