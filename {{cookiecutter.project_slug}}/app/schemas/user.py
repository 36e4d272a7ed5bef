"""Accounts."""

from marshmallow import Schema, fields

from app.models.user import NAME_LENGTH, Role
from app.schemas.fields import Email, StrictBoolean, Text
from app.schemas.pagination import PageQuerySchema, PageSchema

MIN_PASSWORD_LENGTH = 8  # OWASP Authentication cheat sheet; the upper bound keeps hashing cheap
MAX_PASSWORD_LENGTH = 128


def new_password() -> Text:
    """Describe a password that somebody chooses."""
    return Text(min_length=MIN_PASSWORD_LENGTH, max_length=MAX_PASSWORD_LENGTH, required=True, load_only=True)


class UserSchema(Schema):
    """An account as its owner and admins see it."""

    id = fields.Integer(required=True)
    email = fields.String(required=True)
    first_name = fields.String(required=True)
    last_name = fields.String(required=True)
    full_name = fields.String(required=True)
    role = fields.Enum(Role, by_value=True, required=True)
    is_active = fields.Boolean(required=True)
    created_at = fields.AwareDateTime(required=True)
    updated_at = fields.AwareDateTime(required=True)


class AuthorSchema(Schema):
    """What everybody may know of an author."""

    id = fields.Integer(required=True)
    full_name = fields.String(required=True)


class UserPageSchema(PageSchema):
    """A page of accounts."""

    items = fields.List(fields.Nested(UserSchema))


class UserQuerySchema(PageQuerySchema):
    """Which accounts to list."""

    search = Text(max_length=100)
    active_only = StrictBoolean(load_default=False)


class RegistrationSchema(Schema):
    """A new account."""

    email = Email(required=True)
    password = new_password()
    first_name = Text(max_length=NAME_LENGTH, load_default="")
    last_name = Text(max_length=NAME_LENGTH, load_default="")


class UserUpdateSchema(Schema):
    """Changes of an account; those left out stay as they are."""

    email = Email()
    first_name = Text(max_length=NAME_LENGTH)
    last_name = Text(max_length=NAME_LENGTH)
    role = fields.Enum(Role, by_value=True)
    is_active = StrictBoolean()
    current_password = Text(max_length=MAX_PASSWORD_LENGTH, load_only=True)


class PasswordChangeSchema(Schema):
    """A new password, and the old one as proof."""

    current_password = Text(max_length=MAX_PASSWORD_LENGTH, required=True, load_only=True)
    new_password = new_password()
