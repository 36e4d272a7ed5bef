"""Pages to log in, log out and register."""

from http import HTTPStatus

from flask import Blueprint, flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from wtforms import EmailField, PasswordField, StringField

from app.models.user import User
from app.schemas.user import RegistrationSchema
from app.security import browser_sessions
from app.security.guard import current_identity, public, require_open_registration
from app.security.lifetimes import get_lifetime
from app.security.limits import failed_login_limits, login_limit, registration_limits
from app.security.page_sessions import KIND
from app.services import users
from app.web.forms import SchemaForm, show_app_errors
from app.web.login import LoginForm
from app.web.redirects import next_url

blp = Blueprint("auth", __name__)


class RegistrationForm(SchemaForm):
    """A new user."""

    schema = RegistrationSchema
    email = EmailField("Email", render_kw={"autocomplete": "username"})
    password = PasswordField("Password", render_kw={"autocomplete": "new-password"})
    first_name = StringField("First name", render_kw={"autocomplete": "given-name"})
    last_name = StringField("Last name", render_kw={"autocomplete": "family-name"})


@blp.get("/login")
@public
def login_form() -> ResponseReturnValue:
    """Show the login form; redirect users who are logged in."""
    return redirect(_next_url()) if g.identity else render_template("pages/login.html", form=LoginForm())


@blp.post("/login")
@public
@login_limit()
@failed_login_limits()
def login() -> ResponseReturnValue:
    """Log in with email and password."""
    form = LoginForm()
    user = form.authenticate()
    if user is None:
        return form.show("pages/login.html")
    _login(user, remember=form.remember.data)
    return redirect(_next_url())


@blp.post("/logout")
def logout() -> ResponseReturnValue:
    """Revoke the session of this browser."""
    browser_sessions.logout(current_identity().session_id)
    flash("You are logged out.", "success")
    return redirect(url_for("pages.home.index"))


@blp.get("/register")
@public
def registration_form() -> ResponseReturnValue:
    """Show the form to register; redirect users who are logged in."""
    require_open_registration()
    if g.identity:
        return redirect(url_for("pages.home.index"))
    return render_template("pages/register.html", form=RegistrationForm())


@blp.post("/register")
@public
@registration_limits()
def register() -> ResponseReturnValue:
    """Register and log in, or ask to verify the email first."""
    require_open_registration()
    form = RegistrationForm()
    if form.validate():
        with show_app_errors(form):
            user = users.register_user(
                str(form.email.data),
                str(form.password.data),
                str(form.first_name.data),
                str(form.last_name.data),
            )
            if user is None:
                return render_template("pages/check_mail.html", email=form.email.data)
            _login(user)
            flash("Welcome! Your account is ready.", "success")
            return redirect(url_for("pages.home.index"))
    return render_template("pages/register.html", form=form), HTTPStatus.BAD_REQUEST


def _login(user: User, *, remember: bool = False) -> None:
    setting = "PAGES_REMEMBER_LIFETIME" if remember else "PAGES_LIFETIME"
    browser_sessions.login(user, KIND, get_lifetime(setting), remember=remember)


def _next_url() -> str:
    return next_url(url_for("pages.home.index"))
