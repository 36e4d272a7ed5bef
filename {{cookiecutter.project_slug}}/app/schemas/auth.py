"""Logging in."""

from marshmallow import Schema

from app.schemas.fields import (
    # @if cookiecutter.auth == "session"
    StrictBoolean,
    # @endif
    Text,
)
from app.schemas.user import MAX_PASSWORD_LENGTH


class LoginSchema(Schema):
    """Credentials; their form is not checked, a wrong one is simply wrong."""

    email = Text(max_length=254, required=True)
    # @if cookiecutter.auth == "session"
    remember = StrictBoolean(load_default=False, metadata={"description": "Stay logged in for weeks."})
    # @endif
    password = Text(max_length=MAX_PASSWORD_LENGTH, required=True, load_only=True)
