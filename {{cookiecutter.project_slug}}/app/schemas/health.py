"""Health of the service."""

from marshmallow import Schema, fields


class HealthSchema(Schema):
    """A word that monitors can look for."""

    status = fields.String(required=True)
