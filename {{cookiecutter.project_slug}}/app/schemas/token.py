"""Tokens."""

from marshmallow import Schema, fields


class TokenPairSchema(Schema):
    """A short-lived access token and the refresh token that gets the next pair."""

    access_token = fields.String(required=True)
    refresh_token = fields.String(required=True)
    token_type = fields.String(required=True)
    expires_in = fields.Integer(required=True, metadata={"description": "Seconds."})
