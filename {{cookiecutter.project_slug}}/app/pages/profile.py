"""Pages of the current user: names, email and password."""

from http import HTTPStatus

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from wtforms import EmailField, PasswordField, StringField
from wtforms.validators import InputRequired

from app.models.user import normalize_email
from app.schemas.user import PasswordChangeSchema, UserUpdateSchema
from app.security.guard import current_identity, current_user
from app.security.limits import (
    email_change_limit,
    failed_password_limits,
    keeps_email,
    mail_limits,
    wrong_password_counted,
)
from app.services import auth, users
from app.web.forms import SchemaForm, show_app_errors

CURRENT_PASSWORD = {"autocomplete": "current-password"}

blp = Blueprint("profile", __name__, url_prefix="/profile")


class NamesForm(SchemaForm):
    """The names of a user."""

    schema = UserUpdateSchema
    first_name = StringField("First name", render_kw={"autocomplete": "given-name"})
    last_name = StringField("Last name", render_kw={"autocomplete": "family-name"})


class EmailForm(SchemaForm):
    """A new email, confirmed by the current password."""

    schema = UserUpdateSchema
    email = EmailField("New email", [InputRequired()], render_kw={"autocomplete": "email"})
    current_password = PasswordField("Current password", [InputRequired()], render_kw=CURRENT_PASSWORD)


class PasswordForm(SchemaForm):
    """A new password, confirmed by the current one."""

    schema = PasswordChangeSchema
    current_password = PasswordField("Current password", render_kw=CURRENT_PASSWORD)
    new_password = PasswordField("New password", render_kw={"autocomplete": "new-password"})


@blp.get("")
def show() -> str:
    """Show the current user."""
    return render_template("pages/profile/show.html", form=NamesForm(obj=current_user()))


@blp.post("")
def update() -> ResponseReturnValue:
    """Change the names of the current user."""
    user, form = current_user(), NamesForm()
    if not form.validate():
        return render_template("pages/profile/show.html", form=form), HTTPStatus.BAD_REQUEST
    names = {"first_name": str(form.first_name.data), "last_name": str(form.last_name.data)}
    users.update_user(user, user.id, names)
    flash("Your profile is saved.", "success")
    return redirect(url_for(".show"))


@blp.get("/email")
def email_form() -> str:
    """Show the form for a new email."""
    return render_template("pages/profile/email.html", form=EmailForm())


@blp.post("/email")
@email_change_limit()
@failed_password_limits()
@mail_limits(exempt_when=keeps_email)
def change_email() -> ResponseReturnValue:
    """Change the email of the current user, once it is confirmed by mail."""
    user, form = current_user(), EmailForm()
    if form.validate():
        email = str(form.email.data)
        changes = {"email": email, "current_password": str(form.current_password.data)}
        with show_app_errors(form), wrong_password_counted():
            users.update_user(user, user.id, changes)
            is_pending = user.email_key != normalize_email(email)
            link = f"Follow the link that we have sent to {email}."
            flash(link if is_pending else "Your email is changed.", "success")
            return redirect(url_for(".show"))
    return render_template("pages/profile/email.html", form=form), HTTPStatus.BAD_REQUEST


@blp.get("/password")
def password_form() -> str:
    """Show the form for a new password."""
    return render_template("pages/profile/password.html", form=PasswordForm())


@blp.post("/password")
@failed_password_limits()
def change_password() -> ResponseReturnValue:
    """Change the password of the current user and revoke all other sessions."""
    identity, form = current_identity(), PasswordForm()
    if form.validate():
        with show_app_errors(form), wrong_password_counted():
            auth.change_password(
                identity.user,
                str(form.current_password.data),
                str(form.new_password.data),
                keep=identity.session_id,
            )
            flash("Your password is changed. You are logged out everywhere else.", "success")
            return redirect(url_for(".show"))
    return render_template("pages/profile/password.html", form=form), HTTPStatus.BAD_REQUEST
