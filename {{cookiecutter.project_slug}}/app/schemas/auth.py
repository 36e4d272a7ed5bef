"""Signing in."""

from marshmallow import Schema

from app.schemas.fields import (
    # @if cookiecutter.auth == "session"
    Flag,
    # @endif
    Text,
)
from app.schemas.user import LONGEST_PASSWORD


class LoginSchema(Schema):
    """Credentials; their form is not checked, a wrong one is simply wrong."""

    email = Text(longest=254, required=True)
    # @if cookiecutter.auth == "session"
    remember = Flag(load_default=False, metadata={"description": "Stay signed in for weeks."})
    # @endif
    password = Text(longest=LONGEST_PASSWORD, required=True, load_only=True)
