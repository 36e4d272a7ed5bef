"""Schemas of users."""

from marshmallow import Schema, fields

from app.models.user import NAME_LENGTH, Role
from app.schemas.fields import Email, QueryBoolean, StrictBoolean, Text
from app.schemas.pagination import PageQuerySchema, PageSchema
from app.schemas.response import ResponseSchema

MIN_PASSWORD_LENGTH = 8  # OWASP Authentication cheat sheet; the maximum bounds the cost of hashing
MAX_PASSWORD_LENGTH = 128


def new_password() -> Text:
    """Return the field of a password that a user chooses."""
    return Text(min_length=MIN_PASSWORD_LENGTH, max_length=MAX_PASSWORD_LENGTH, required=True, load_only=True)


class UserSchema(ResponseSchema):
    """A user, as the user and admins see it."""

    id = fields.Integer(required=True)
    email = fields.String(required=True)
    email_verified_at = fields.AwareDateTime(required=True, allow_none=True)
    first_name = fields.String(required=True)
    last_name = fields.String(required=True)
    full_name = fields.String(required=True)
    role = fields.Enum(Role, by_value=True, required=True)
    is_active = fields.Boolean(required=True)
    created_at = fields.AwareDateTime(required=True)
    updated_at = fields.AwareDateTime(required=True)


class UserSummarySchema(ResponseSchema):
    """The public part of a user."""

    id = fields.Integer(required=True)
    full_name = fields.String(required=True)


class UserPageSchema(PageSchema):
    """A page of users."""

    items = fields.List(fields.Nested(UserSchema), required=True)


class UserQuerySchema(PageQuerySchema):
    """Filters of the list of users."""

    search = Text(max_length=100)
    active_only = QueryBoolean(load_default=False)


class RegistrationSchema(Schema):
    """A new user."""

    email = Email(required=True)
    password = new_password()
    first_name = Text(max_length=NAME_LENGTH, load_default="")
    last_name = Text(max_length=NAME_LENGTH, load_default="")


class UserUpdateSchema(Schema):
    """Changes of a user; omitted fields keep their values."""

    email = Email()
    first_name = Text(max_length=NAME_LENGTH)
    last_name = Text(max_length=NAME_LENGTH)
    role = fields.Enum(Role, by_value=True)
    is_active = StrictBoolean()
    current_password = Text(max_length=MAX_PASSWORD_LENGTH, load_only=True)


class AccountDeletionSchema(Schema):
    """The confirmation of a deletion."""

    current_password = Text(max_length=MAX_PASSWORD_LENGTH, required=True, load_only=True)


# All rows of a user by table: which tables there are depends on the service.
EXPORT_SCHEMA = {
    "type": "object",
    "additionalProperties": {"type": "array", "items": {"type": "object"}},
}


class PasswordChangeSchema(Schema):
    """A new password, confirmed by the current one."""

    current_password = Text(max_length=MAX_PASSWORD_LENGTH, required=True, load_only=True)
    new_password = new_password()
