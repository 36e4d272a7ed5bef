"""Schemas of login sessions."""

from marshmallow import Schema, fields


class SessionSchema(Schema):
    """A login of the current user, on one device."""

    id = fields.UUID(required=True)
    kind = fields.String(
        required=True, metadata={"description": "How the client authenticates, or `admin` for its pages."}
    )
    created_at = fields.AwareDateTime(required=True)
    last_used_at = fields.AwareDateTime(
        required=True,
        metadata={"description": "The last request, to the minute; of tokens, when they were refreshed."},
    )
    current = fields.Boolean(required=True, metadata={"description": "Whether it is that of this request."})


class SessionListSchema(Schema):
    """The active sessions of a user."""

    items = fields.List(fields.Nested(SessionSchema), required=True)
