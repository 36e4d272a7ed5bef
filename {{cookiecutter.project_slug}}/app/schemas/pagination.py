"""Schemas of pagination."""

from marshmallow import Schema, fields

from app.schemas.fields import PositiveInteger

MAX_PAGE = 100_000
MAX_PER_PAGE = 100


class PageQuerySchema(Schema):
    """Page number and page size of a list."""

    page = PositiveInteger(maximum=MAX_PAGE, load_default=1)
    per_page = PositiveInteger(maximum=MAX_PER_PAGE, load_default=20)


class PageSchema(Schema):
    """A page of a list; subclasses add `items`."""

    page = fields.Integer(required=True)
    per_page = fields.Integer(required=True)
    total = fields.Integer(required=True)
    pages = fields.Integer(required=True)
