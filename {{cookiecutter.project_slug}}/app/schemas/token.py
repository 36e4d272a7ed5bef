"""Schemas of tokens."""

from marshmallow import Schema, fields

from app.schemas.user import UserSchema


class TokenPairSchema(Schema):
    """A short-lived access token and a refresh token for the next pair."""

    access_token = fields.String(required=True)
    refresh_token = fields.String(required=True)
    token_type = fields.String(required=True)
    expires_in = fields.Integer(
        required=True, metadata={"description": "Lifetime of the access token in seconds."}
    )


class TokenLoginSchema(TokenPairSchema):
    """The tokens of a login, and who logged in."""

    user = fields.Nested(UserSchema, required=True)
