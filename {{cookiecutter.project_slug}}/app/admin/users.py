"""Users in the admin."""

from collections.abc import Iterable, Mapping
from typing import Any

from flask import flash, redirect, request
from flask.typing import ResponseReturnValue
from flask_admin import expose
from flask_admin.actions import action
from flask_admin.form import BaseForm
from flask_admin.helpers import get_form_data
from markupsafe import Markup
from wtforms import BooleanField, EmailField, Form, PasswordField, SelectField, StringField
from wtforms.validators import EqualTo, InputRequired

from app import mail
from app.admin.auth import current_admin, current_session_id
from app.admin.fields import YES_NO, ChoiceFilter, IsSetFilter, format_badge
from app.admin.views import ServiceModelView
from app.exceptions import NotFoundError
from app.models.user import Role, User, normalize_email
from app.schemas.user import PasswordChangeSchema, RegistrationSchema, UserUpdateSchema
from app.security.limits import failed_password_limits, wrong_password_counted
from app.services import account_mails, auth, users
from app.web.forms import SchemaValidator, show_app_errors

RESET_MAIL = "send a reset mail to"
ROLES = [role.value for role in Role]
NEW_PASSWORD = {"autocomplete": "new-password"}


class CreateUserForm(BaseForm):
    """A new user."""

    email = EmailField("Email", [InputRequired(), SchemaValidator(RegistrationSchema)])
    password = PasswordField(
        "Password", [InputRequired(), SchemaValidator(RegistrationSchema)], render_kw=NEW_PASSWORD
    )
    first_name = StringField("First name", [SchemaValidator(RegistrationSchema)])
    last_name = StringField("Last name", [SchemaValidator(RegistrationSchema)])
    role = SelectField("Role", choices=ROLES, coerce=Role, default=Role.USER)


class CurrentPasswordForm(BaseForm):
    """A form that asks admins for their own password before they change their email or password."""

    current_password = PasswordField(
        "Your current password",
        [SchemaValidator(PasswordChangeSchema)],
        default="",
        description="Required to change your own email or password.",
        render_kw={"autocomplete": "current-password"},
    )


class EditUserForm(CurrentPasswordForm):
    """A user that exists; the password has a form of its own."""

    email = EmailField("Email", [InputRequired(), SchemaValidator(UserUpdateSchema)])
    first_name = StringField("First name", [SchemaValidator(UserUpdateSchema)])
    last_name = StringField("Last name", [SchemaValidator(UserUpdateSchema)])
    role = SelectField("Role", choices=ROLES, coerce=Role)
    is_active = BooleanField(
        "Active", description="Changing the role or deactivating the user ends all sessions of the user."
    )


class PasswordForm(CurrentPasswordForm):
    """A new password."""

    new_password = PasswordField(
        "New password", [InputRequired(), SchemaValidator(PasswordChangeSchema)], render_kw=NEW_PASSWORD
    )
    confirmation = PasswordField(
        "Repeat the new password",
        [InputRequired(), EqualTo("new_password", "The passwords do not match.")],
        render_kw=NEW_PASSWORD,
    )


def format_state(_view: object, _context: object, user: User, _name: str) -> Markup:
    """Show whether the user can log in."""
    if user.is_deleted:
        return format_badge("deleted")
    return format_badge("active" if user.is_active else "inactive")


class UserView(ServiceModelView):
    """All users, without their password hashes."""

    column_list = ("email", "first_name", "last_name", "role", "state", "email_verified_at", "created_at")
    column_sortable_list = ["email", "first_name", "last_name", "role", "created_at"]
    column_searchable_list = ["email", "first_name", "last_name"]
    column_export_list = [
        "id",
        "email",
        "email_verified_at",
        "first_name",
        "last_name",
        "role",
        "is_active",
        "created_at",
        "updated_at",
        "deleted_at",
    ]
    column_labels = {
        "email": "Email",
        "first_name": "First name",
        "last_name": "Last name",
        "email_verified_at": "Verified (UTC)",
        "created_at": "Created (UTC)",
    }
    column_formatters = {"state": format_state}
    column_filters = [
        ChoiceFilter(User.role, "Role", {role.value: role for role in Role}),
        ChoiceFilter(User.is_active, "Active", YES_NO),
        IsSetFilter(User.email_verified_at, "Verified"),
        IsSetFilter(User.deleted_at, "Deleted"),
    ]
    row_links = [*ServiceModelView.row_links, (".password_view", "Set password", "key")]
    dashboard_counts = {
        "active": User.is_active,
        "admins": User.is_active & (User.role == Role.ADMIN),
        "inactive": ~User.is_active,
    }
    dashboard_columns = ("email", "full_name", "state", "created_at")

    def __init__(self) -> None:
        """Serve the table at `/admin/users`."""
        super().__init__(User, "users")

    def get_create_form(self) -> type[Form]:
        """Return the form of a new user."""
        return CreateUserForm

    def get_edit_form(self) -> type[Form]:
        """Return the form of a user that exists."""
        return EditUserForm

    def create(self, values: Mapping[str, Any]) -> User:
        """Create a user."""
        return users.create_user(**values)

    def update(self, record: User, values: Mapping[str, Any]) -> User:
        """Update a user."""
        with wrong_password_counted():
            user = users.update_user(current_admin(), record.id, values)
        if normalize_email(values.get("email", user.email)) != user.email_key:
            flash("The new email takes effect when it is confirmed by the mail that was sent to it.", "info")
        return user

    def delete(self, record: User) -> None:
        """Soft-delete a user."""
        users.delete_user(record.id)

    def restore(self, record: User) -> None:
        """Restore a deleted user."""
        users.restore_user(record)

    def row_actions(self, record: User) -> list[str]:
        """Return the actions that the user's state allows."""
        if record.is_deleted:
            return ["restore"]
        if not record.is_active:
            return ["activate", "delete"]
        return [*([RESET_MAIL] if mail.is_enabled() else []), "deactivate", "delete"]

    def is_action_allowed(self, name: str) -> bool:
        """Offer mails only where there is a mail server."""
        return super().is_action_allowed(name) and (name != RESET_MAIL or mail.is_enabled())

    @action("activate", "Activate")
    def action_activate(self, ids: Iterable[str]) -> None:
        """Activate several users."""
        self.run_action_on_all(
            "activate", ids, lambda user: self.update(user, {"is_active": True}), done="activated"
        )

    @action("deactivate", "Deactivate", "Deactivate the selected users? All their sessions end.")
    def action_deactivate(self, ids: Iterable[str]) -> None:
        """Deactivate several users."""
        self.run_action_on_all(
            "deactivate", ids, lambda user: self.update(user, {"is_active": False}), done="deactivated"
        )

    @action(RESET_MAIL, "Send reset mail", "Send the selected users a link to set a new password?")
    def action_send_reset_mail(self, ids: Iterable[str]) -> None:
        """Send several users a link to set a new password."""
        self.run_action_on_all(
            RESET_MAIL,
            ids,
            lambda user: account_mails.request_password_reset(user.email),
            done="will get a reset mail",
        )

    @expose("/password/", methods=("GET", "POST"))
    @failed_password_limits()
    def password_view(self) -> ResponseReturnValue:
        """Set a user's password.

        Raises:
            NotFoundError: There is no such user, or the user is deleted.
        """
        user = self.get_one(request.args.get("id", ""))
        if user is None or user.is_deleted:
            raise NotFoundError("User not found.")
        form = _ask_password(PasswordForm(get_form_data()), user)
        if not (self.validate_form(form) and _change_password(user, form)):
            return self.render("admin/password.html", form=form, user=user)
        flash(f"The password of {user.email} was changed and all other sessions ended.", "success")
        return redirect(self.get_url(".index_view"))

    @expose("/edit/", methods=("GET", "POST"))
    @failed_password_limits()
    def edit_view(self) -> ResponseReturnValue:
        """Edit a user."""
        return super().edit_view()

    def edit_form(self, obj: Any = None) -> Form:
        """Create the form of a user."""
        return _ask_password(super().edit_form(obj), obj)


def _ask_password(form: Form, user: User) -> Form:
    """Keep the field of the current password only in forms of admins about themselves."""
    if user.id != current_admin().id:
        del form["current_password"]
    return form


def _change_password(user: User, form: Form) -> bool:
    """Change the admin's own password or set that of another user; return whether it worked."""
    data = form.data
    with show_app_errors(form), wrong_password_counted():
        if user.id == current_admin().id:
            auth.change_password(
                user, data["current_password"], data["new_password"], keep=current_session_id()
            )
        else:
            auth.set_password(user, data["new_password"])
        return True
    return False
