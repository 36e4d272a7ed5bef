"""Pages of a list."""

from marshmallow import Schema, fields

from app.schemas.fields import PositiveInteger

MAX_PAGE = 100_000
MAX_PER_PAGE = 100


class PageQuerySchema(Schema):
    """Which page of a list, and how long a page is."""

    page = PositiveInteger(maximum=MAX_PAGE, load_default=1)
    per_page = PositiveInteger(maximum=MAX_PER_PAGE, load_default=20)


class PageSchema(Schema):
    """A page; subclasses add `items`."""

    page = fields.Integer()
    per_page = fields.Integer()
    total = fields.Integer()
    pages = fields.Integer()
