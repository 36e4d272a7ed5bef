"""Schemas of logging in."""

from marshmallow import Schema

from app.schemas.fields import (
    # @if cookiecutter.auth == "session"
    StrictBoolean,
    # @endif
    Text,
)
from app.schemas.user import MAX_PASSWORD_LENGTH


class LoginSchema(Schema):
    """Credentials. Their format is not validated: whatever does not match an account is rejected."""

    email = Text(max_length=254, required=True)
    # @if cookiecutter.auth == "session"
    remember = StrictBoolean(
        load_default=False, metadata={"description": "Keep the session after the browser is closed."}
    )
    # @endif
    password = Text(max_length=MAX_PASSWORD_LENGTH, required=True, load_only=True)
