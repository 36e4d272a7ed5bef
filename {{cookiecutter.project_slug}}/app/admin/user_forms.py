"""Forms about accounts."""

from flask_admin.form import BaseForm
from wtforms import BooleanField, EmailField, PasswordField, SelectField, StringField
from wtforms.validators import EqualTo, InputRequired

from app.admin.rules import SchemaValidator
from app.models.user import Role
from app.schemas.user import PasswordChangeSchema, RegistrationSchema, UserUpdateSchema

ROLES = [role.value for role in Role]
NEW = {"autocomplete": "new-password"}


class CreateUserForm(BaseForm):
    """A new account."""

    email = EmailField("Email", [InputRequired(), SchemaValidator(RegistrationSchema)])
    password = PasswordField(
        "Password", [InputRequired(), SchemaValidator(RegistrationSchema)], render_kw=NEW
    )
    first_name = StringField("First name", [SchemaValidator(RegistrationSchema)])
    last_name = StringField("Last name", [SchemaValidator(RegistrationSchema)])
    role = SelectField("Role", choices=ROLES, coerce=Role, default=Role.USER)


class EditUserForm(BaseForm):
    """An account as it may be changed."""

    email = EmailField("Email", [InputRequired(), SchemaValidator(UserUpdateSchema)])
    first_name = StringField("First name", [SchemaValidator(UserUpdateSchema)])
    last_name = StringField("Last name", [SchemaValidator(UserUpdateSchema)])
    role = SelectField("Role", choices=ROLES, coerce=Role)
    is_active = BooleanField("Active", description="A change of role or activity ends all sessions.")


class InlineUserForm(BaseForm):
    """What may be changed in the list."""

    first_name = StringField("First name", [SchemaValidator(UserUpdateSchema)])
    last_name = StringField("Last name", [SchemaValidator(UserUpdateSchema)])


class PasswordForm(BaseForm):
    """A new password, twice, because nobody sees it."""

    new_password = PasswordField(
        "New password", [InputRequired(), SchemaValidator(PasswordChangeSchema)], render_kw=NEW
    )
    again = PasswordField(
        "The same again",
        [InputRequired(), EqualTo("new_password", "The passwords differ.")],
        render_kw=NEW,
    )
