"""Schema of the health checks."""

from marshmallow import Schema, fields


class HealthSchema(Schema):
    """The status of the service."""

    status = fields.String(required=True)
