"""Schemas of accounts by mail."""

from marshmallow import Schema

from app.schemas.fields import Email, Text
from app.schemas.user import new_password

MAX_TOKEN_LENGTH = 1000


def token() -> Text:
    """Return the field of the token in a link."""
    return Text(max_length=MAX_TOKEN_LENGTH, required=True, load_only=True)


class ForgotPasswordSchema(Schema):
    """The email of an account, in any spelling."""

    email = Email(required=True)


class PasswordResetSchema(Schema):
    """A new password, permitted by a token."""

    token = token()
    new_password = new_password()


class EmailVerificationSchema(Schema):
    """The token that was sent to the email."""

    token = token()
