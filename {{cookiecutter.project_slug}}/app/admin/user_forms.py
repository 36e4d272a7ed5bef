"""Forms about accounts."""

from flask_admin.form import BaseForm
from wtforms import BooleanField, EmailField, PasswordField, SelectField, StringField
from wtforms.validators import EqualTo, InputRequired

from app.admin.rules import Follows
from app.models.user import Role
from app.schemas.user import PasswordChangeSchema, RegistrationSchema, UserUpdateSchema

ROLES = [role.value for role in Role]
NEW = {"autocomplete": "new-password"}


class CreateUserForm(BaseForm):
    """A new account."""

    email = EmailField("Email", [InputRequired(), Follows(RegistrationSchema)])
    password = PasswordField("Password", [InputRequired(), Follows(RegistrationSchema)], render_kw=NEW)
    first_name = StringField("First name", [Follows(RegistrationSchema)])
    last_name = StringField("Last name", [Follows(RegistrationSchema)])
    role = SelectField("Role", choices=ROLES, coerce=Role, default=Role.USER)


class EditUserForm(BaseForm):
    """An account as it may be changed."""

    email = EmailField("Email", [InputRequired(), Follows(UserUpdateSchema)])
    first_name = StringField("First name", [Follows(UserUpdateSchema)])
    last_name = StringField("Last name", [Follows(UserUpdateSchema)])
    role = SelectField("Role", choices=ROLES, coerce=Role)
    is_active = BooleanField("Active", description="A change of role or activity ends all sessions.")


class InlineUserForm(BaseForm):
    """What may be changed in the list."""

    first_name = StringField("First name", [Follows(UserUpdateSchema)])
    last_name = StringField("Last name", [Follows(UserUpdateSchema)])


class PasswordForm(BaseForm):
    """A new password, twice, because nobody sees it."""

    new_password = PasswordField(
        "New password", [InputRequired(), Follows(PasswordChangeSchema)], render_kw=NEW
    )
    again = PasswordField(
        "The same again",
        [InputRequired(), EqualTo("new_password", "The passwords differ.")],
        render_kw=NEW,
    )
