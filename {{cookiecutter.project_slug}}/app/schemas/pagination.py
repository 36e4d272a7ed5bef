"""Schemas of pagination."""

from collections.abc import Mapping
from typing import Any

from marshmallow import Schema, ValidationError, fields, validates_schema

from app.db.pagination import MAX_ROWS
from app.schemas.fields import PositiveInteger, Text
from app.schemas.response import ResponseSchema

MAX_PAGE = MAX_ROWS  # with one row on each
MAX_PER_PAGE = 100
MAX_CURSOR_LENGTH = 200


class PageQuerySchema(Schema):
    """Page number and page size of a list."""

    page = PositiveInteger(maximum=MAX_PAGE, load_default=1)
    per_page = PositiveInteger(maximum=MAX_PER_PAGE, load_default=20)
    # The cursor of a `Link` header; pages are then counted from there.
    after = Text(max_length=MAX_CURSOR_LENGTH)

    @validates_schema
    def validate_depth(self, data: Mapping[str, Any], **_kwargs: Any) -> None:
        """Require a cursor where page numbers would cost too much.

        Raises:
            ValidationError: The page lies beyond the first `MAX_ROWS` rows.
        """
        if data["page"] * data["per_page"] > MAX_ROWS:
            raise ValidationError(f"Pages end after {MAX_ROWS} rows; follow the `Link` header.", "page")


class PageSchema(ResponseSchema):
    """A page of a list; totals are counted up to 10,000; subclasses add `items`."""

    page = fields.Integer(required=True)
    per_page = fields.Integer(required=True)
    total = fields.Integer(required=True)
    pages = fields.Integer(required=True)
