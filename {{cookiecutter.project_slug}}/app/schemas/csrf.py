"""Tokens against cross-site requests."""

from marshmallow import Schema, fields


class CSRFTokenSchema(Schema):
    """The token for the header `X-CSRF-Token`."""

    csrf_token = fields.String(required=True)
