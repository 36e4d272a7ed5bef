"""The door: the admin's own page to log in, and the way out."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm
from wtforms import BooleanField, EmailField, PasswordField
from wtforms.validators import InputRequired

from app.admin.access import ADMINS_ONLY, is_local
from app.admin.rules import SchemaValidator
from app.exceptions import ForbiddenError, UnauthorizedError
from app.models.user import User
from app.schemas.auth import LoginSchema
from app.security import browser_sessions
from app.security.limits import failed_login_limit, login_limit
from app.services import auth

KIND = "admin"

blp = Blueprint(
    "admin_auth", __name__, url_prefix="/admin", static_folder="static", static_url_path="/assets"
)


class LoginForm(FlaskForm):
    """Credentials of an admin."""

    email = EmailField(
        "Email", [InputRequired(), SchemaValidator(LoginSchema)], render_kw={"autocomplete": "username"}
    )
    password = PasswordField(
        "Password",
        [InputRequired(), SchemaValidator(LoginSchema)],
        render_kw={"autocomplete": "current-password"},
    )
    remember = BooleanField("Stay logged in")


@blp.get("/login")
def login_form() -> ResponseReturnValue:
    """Ask who it is, unless that is known."""
    found = browser_sessions.current_login()
    if found and found.user.is_admin:
        return redirect(_destination())
    return render_template("admin/login.html", form=LoginForm())


@blp.post("/login")
@login_limit()
@failed_login_limit()
def login() -> ResponseReturnValue:
    """Sign an admin in."""
    form = LoginForm(request.form)  # and never JSON, whose lists would count as other accounts
    if not form.validate():
        return render_template("admin/login.html", form=form), 400
    try:
        admin = _authenticate(form)
    except (UnauthorizedError, ForbiddenError) as error:
        return render_template("admin/login.html", form=form, refusal=error.detail), error.status
    browser_sessions.login(admin, KIND, remember=form.remember.data)
    return redirect(_destination())


@blp.post("/logout")
def logout() -> ResponseReturnValue:
    """End the login of this browser."""
    if found := browser_sessions.current_login():
        browser_sessions.logout(found.session_id)
    return redirect(url_for(".login_form"))


def _authenticate(form: LoginForm) -> User:
    """Return the admin with these credentials; only who knows the password learns what is missing."""
    user = auth.authenticate(str(form.email.data), str(form.password.data))
    if not user.is_admin:
        raise ForbiddenError(ADMINS_ONLY)
    return user


def _destination() -> str:
    wanted = request.args.get("next", "")
    return wanted if is_local(wanted) else url_for("admin.index")
