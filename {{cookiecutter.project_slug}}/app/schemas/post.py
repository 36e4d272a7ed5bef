"""Schemas of posts."""

from marshmallow import Schema, fields

from app.models.post import CONTENT_LENGTH, TITLE_LENGTH
from app.schemas.fields import QueryBoolean, StrictBoolean, Text
from app.schemas.pagination import PageQuerySchema, PageSchema
from app.schemas.response import ResponseSchema


class PostSummarySchema(ResponseSchema):
    """A post in a list, without its content."""

    id = fields.Integer(required=True)
    title = fields.String(required=True)
    published = fields.Boolean(required=True)
    # @if cookiecutter.auth != "none"
    author = fields.Nested("UserSummarySchema", required=True, allow_none=True)
    # @endif
    created_at = fields.AwareDateTime(required=True)
    updated_at = fields.AwareDateTime(required=True)


class PostSchema(PostSummarySchema):
    """A post."""

    content = fields.String(required=True)


class PostPageSchema(PageSchema):
    """A page of posts."""

    items = fields.List(fields.Nested(PostSummarySchema), required=True)


class PostQuerySchema(PageQuerySchema):
    """Filters of the list of posts."""

    published = QueryBoolean()


class PostCreateSchema(Schema):
    """A new post, by default a draft."""

    title = Text(max_length=TITLE_LENGTH, allow_blank=False, required=True)
    content = Text(max_length=CONTENT_LENGTH, allow_blank=False, required=True)
    published = StrictBoolean(load_default=False)


class PostUpdateSchema(Schema):
    """Changes of a post; omitted fields keep their values."""

    title = Text(max_length=TITLE_LENGTH, allow_blank=False)
    content = Text(max_length=CONTENT_LENGTH, allow_blank=False)
    published = StrictBoolean()
