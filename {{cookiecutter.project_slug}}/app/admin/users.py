"""Accounts in the admin."""

from collections.abc import Iterable, Mapping
from typing import Any

from flask import flash, redirect, request
from flask.typing import ResponseReturnValue
from flask_admin import expose
from flask_admin.actions import action
from flask_admin.helpers import get_form_data
from markupsafe import Markup

from app.admin.badges import badge
from app.admin.filters import YES_NO, Choice, IsSetFilter
from app.admin.records import RecordView
from app.admin.user_forms import CreateUserForm, EditUserForm, InlineUserForm, PasswordForm
from app.exceptions import NotFoundError
from app.models.user import Role, User
from app.services import auth, users
from app.services.overview.users import overview


def state(_view: object, _context: object, user: User, _name: str) -> Markup:
    """Tell who can log in."""
    if user.is_deleted:
        return badge("deleted")
    return badge("active" if user.is_active else "inactive")


class UserView(RecordView):
    """All accounts, deleted ones too; what proves a password is nowhere to be seen."""

    column_list = ("email", "first_name", "last_name", "role", "state", "created_at")
    column_sortable_list = ["email", "first_name", "last_name", "role", "created_at"]
    column_searchable_list = ["email", "first_name", "last_name"]
    column_editable_list = ["first_name", "last_name"]
    column_export_list = [
        "id",
        "email",
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
        "created_at": "Created (UTC)",
    }
    column_formatters = {"state": state}
    column_filters = [
        Choice(User.role, "Role", {role.value: role for role in Role}),
        Choice(User.is_active, "Active", YES_NO),
        IsSetFilter(User.deleted_at, "Deleted"),
    ]
    row_links = [*RecordView.row_links, (".password_view", "Set password", "key")]
    create_fields = CreateUserForm
    edit_fields = EditUserForm
    inline_fields = InlineUserForm
    overview = staticmethod(overview)

    def __init__(self) -> None:
        """Live at `/admin/users`."""
        super().__init__(User, "users")

    def create(self, values: Mapping[str, Any]) -> User:
        """Open an account for somebody."""
        return users.create_user(**values)

    def change(self, record: User, values: Mapping[str, Any]) -> User:
        """Change an account."""
        return users.change_user(record, values)

    def remove(self, record: User) -> None:
        """Delete an account."""
        users.delete_user(record.id)

    def restore(self, record: User) -> None:
        """Bring an account back."""
        users.restore_user(record)

    def row_actions(self, record: User) -> list[str]:
        """Offer to deactivate what is active, and the other way round."""
        if record.is_deleted:
            return ["restore"]
        return ["deactivate" if record.is_active else "activate", "delete"]

    @action("activate", "Activate")
    def action_activate(self, ids: Iterable[str]) -> None:
        """Let people log in again."""
        self.each("activate", ids, lambda user: self.change(user, {"is_active": True}), done="activated")

    @action("deactivate", "Deactivate", "Deactivate what is selected? All their sessions end.")
    def action_deactivate(self, ids: Iterable[str]) -> None:
        """Keep people from logging in."""
        self.each("deactivate", ids, lambda user: self.change(user, {"is_active": False}), done="deactivated")

    @expose("/password/", methods=("GET", "POST"))
    def password_view(self) -> ResponseReturnValue:
        """Give somebody a new password.

        Raises:
            NotFoundError: There is no such account, or it was deleted.
        """
        user = self.get_one(request.args.get("id", ""))
        if user is None or user.is_deleted:
            raise NotFoundError("There is no such user.")
        form = PasswordForm(get_form_data())
        if not self.validate_form(form):
            return self.render("admin/password.html", form=form, user=user)
        auth.set_password(user, str(form.new_password.data))
        flash(f"{user.email} has a new password; all sessions were ended.", "success")
        return redirect(self.get_url(".index_view"))


VIEW = UserView
