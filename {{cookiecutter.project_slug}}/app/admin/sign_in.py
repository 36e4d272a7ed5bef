"""The door: the back office's own page to sign in, and the way out."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm
from wtforms import BooleanField, EmailField, PasswordField
from wtforms.validators import InputRequired

from app.admin.access import ADMINS_ONLY, is_local
from app.admin.rules import Follows
from app.errors import ForbiddenError, UnauthorizedError
from app.models.user import User
from app.schemas.auth import LoginSchema
from app.security import browser
from app.security.limits import failed_login_limit, login_limit
from app.services import auth

KIND = "admin"

blp = Blueprint(
    "admin_access", __name__, url_prefix="/admin", static_folder="static", static_url_path="/assets"
)


class SignInForm(FlaskForm):
    """Credentials of an admin."""

    email = EmailField(
        "Email", [InputRequired(), Follows(LoginSchema)], render_kw={"autocomplete": "username"}
    )
    password = PasswordField(
        "Password", [InputRequired(), Follows(LoginSchema)], render_kw={"autocomplete": "current-password"}
    )
    remember = BooleanField("Stay signed in")


@blp.get("/sign-in")
def show() -> ResponseReturnValue:
    """Ask who it is, unless that is known."""
    found = browser.signed_in()
    if found and found.user.is_admin:
        return redirect(_destination())
    return render_template("admin/sign_in.html", form=SignInForm())


@blp.post("/sign-in")
@login_limit()
@failed_login_limit()
def enter() -> ResponseReturnValue:
    """Sign an admin in."""
    form = SignInForm(request.form)  # and never JSON, whose lists would count as other accounts
    if not form.validate():
        return render_template("admin/sign_in.html", form=form), 400
    try:
        admin = _authenticate(form)
    except (UnauthorizedError, ForbiddenError) as error:
        return render_template("admin/sign_in.html", form=form, refusal=error.detail), error.status
    browser.sign_in(admin, KIND, remember=form.remember.data)
    return redirect(_destination())


@blp.post("/sign-out")
def leave() -> ResponseReturnValue:
    """End the sign-in of this browser."""
    if found := browser.signed_in():
        browser.sign_out(found.session_id)
    return redirect(url_for(".show"))


def _authenticate(form: SignInForm) -> User:
    """Return the admin with these credentials; only who knows the password learns what is missing."""
    user = auth.authenticate(str(form.email.data), str(form.password.data))
    if not user.is_admin:
        raise ForbiddenError(ADMINS_ONLY)
    return user


def _destination() -> str:
    wanted = request.args.get("next", "")
    return wanted if is_local(wanted) else url_for("admin.index")
