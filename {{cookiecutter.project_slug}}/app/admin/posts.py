"""Posts in the admin."""

from collections.abc import Mapping
from typing import Any

from flask_admin.form import BaseForm
from markupsafe import Markup
from wtforms import BooleanField, StringField, TextAreaField
from wtforms.validators import InputRequired

from app.admin.auth import current_admin
from app.admin.fields import (
    YES_NO,
    ChoiceFilter,
    IsSetFilter,
    format_badge,
)
from app.admin.views import ServiceModelView
from app.models.post import Post
from app.schemas.post import PostCreateSchema
from app.services import posts
from app.web.forms import SchemaValidator, normalize_newlines


class PostForm(BaseForm):
    """A post."""

    title = StringField("Title", [InputRequired(), SchemaValidator(PostCreateSchema)])
    content = TextAreaField(
        "Content",
        [InputRequired(), SchemaValidator(PostCreateSchema)],
        filters=[normalize_newlines],
        render_kw={"rows": 12},
    )
    published = BooleanField("Published")


def format_state(_view: object, _context: object, post: Post, _name: str) -> Markup:
    """Show who can read the post."""
    if post.is_deleted:
        return format_badge("deleted")
    return format_badge("published" if post.published else "draft")


def format_author(_view: object, _context: object, post: Post, _name: str) -> str:
    """Show the author's email, which is unique."""
    return post.author.email if post.author else ""


class PostView(ServiceModelView):
    """All posts; the author of a new one is the current admin, and authors do not change."""

    column_list = ("title", "author", "state", "created_at")
    column_sortable_list = ["title", "created_at"]
    column_searchable_list = ["title", "content"]
    column_export_list = [
        "id",
        "title",
        "published",
        "author",
        "created_at",
        "updated_at",
        "deleted_at",
    ]
    column_labels = {"title": "Title", "content": "Content", "created_at": "Created (UTC)"}
    column_formatters = {"state": format_state, "author": format_author}
    column_formatters_export = {"author": format_author}
    column_filters = [
        ChoiceFilter(Post.published, "Published", YES_NO),
        IsSetFilter(Post.deleted_at, "Deleted"),
    ]
    form = PostForm
    dashboard_counts = {"published": Post.published, "drafts": ~Post.published}
    dashboard_columns = ("title", "state", "created_at")

    def __init__(self) -> None:
        """Serve the table at `/admin/posts`."""
        super().__init__(Post, "posts")

    def create(self, values: Mapping[str, Any]) -> Post:
        """Create a post of the current admin."""
        return posts.create_post(current_admin(), **values)

    def update(self, record: Post, values: Mapping[str, Any]) -> Post:
        """Update a post of any author."""
        return posts.change_post(record, values)

    def delete(self, record: Post) -> None:
        """Soft-delete a post."""
        posts.soft_delete_post(record)

    def restore(self, record: Post) -> None:
        """Restore a deleted post."""
        posts.restore_post(record)
