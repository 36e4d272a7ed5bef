"""Signing in."""

from marshmallow import Schema, fields

from app.schemas.fields import Text
from app.schemas.user import LONGEST_PASSWORD


class LoginSchema(Schema):
    """Credentials; their form is not checked, a wrong one is simply wrong."""

    email = Text(longest=254, required=True)
    password = Text(longest=LONGEST_PASSWORD, required=True, load_only=True)


class TokenPairSchema(Schema):
    """A short-lived access token and the refresh token that gets the next pair."""

    access_token = fields.String(required=True)
    refresh_token = fields.String(required=True)
    token_type = fields.String(required=True)
    expires_in = fields.Integer(required=True, metadata={"description": "Seconds."})
