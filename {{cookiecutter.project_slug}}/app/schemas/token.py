"""Schemas of tokens."""

from marshmallow import Schema, fields


class TokenPairSchema(Schema):
    """A short-lived access token and a refresh token for the next pair."""

    access_token = fields.String(required=True)
    refresh_token = fields.String(required=True)
    token_type = fields.String(required=True)
    expires_in = fields.Integer(
        required=True, metadata={"description": "Lifetime of the access token in seconds."}
    )
