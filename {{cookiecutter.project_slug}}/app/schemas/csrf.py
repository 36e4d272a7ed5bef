"""Schema of CSRF tokens."""

from marshmallow import Schema, fields


class CSRFTokenSchema(Schema):
    """A CSRF token for the `X-CSRF-Token` header."""

    csrf_token = fields.String(required=True)
