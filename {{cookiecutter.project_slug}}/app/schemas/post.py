"""Posts."""

from marshmallow import Schema, fields

from app.models.post import CONTENT_LENGTH, TITLE_LENGTH
from app.schemas.fields import StrictBoolean, Text
from app.schemas.pagination import PageQuerySchema, PageSchema


class PostSchema(Schema):
    """A post as it is read."""

    id = fields.Integer(required=True)
    title = fields.String(required=True)
    content = fields.String(required=True)
    published = fields.Boolean(required=True)
    # @if cookiecutter.auth != "none"
    author = fields.Nested("AuthorSchema", required=True, allow_none=True)
    # @endif
    created_at = fields.AwareDateTime(required=True)
    updated_at = fields.AwareDateTime(required=True)


class PostPageSchema(PageSchema):
    """A page of posts."""

    items = fields.List(fields.Nested(PostSchema))


class PostQuerySchema(PageQuerySchema):
    """Which posts to list: all that the caller may read, unless told otherwise."""

    published = StrictBoolean()


class PostCreateSchema(Schema):
    """A new post, a draft unless told otherwise."""

    title = Text(max_length=TITLE_LENGTH, allow_blank=False, required=True)
    content = Text(max_length=CONTENT_LENGTH, allow_blank=False, required=True)
    published = StrictBoolean(load_default=False)


class PostUpdateSchema(Schema):
    """Changes of a post; those left out stay as they are."""

    title = Text(max_length=TITLE_LENGTH, allow_blank=False)
    content = Text(max_length=CONTENT_LENGTH, allow_blank=False)
    published = StrictBoolean()
