"""Login and access control of the admin."""

import re
import uuid
from typing import Any, cast

from flask import Blueprint, Flask, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm
from wtforms import BooleanField, EmailField, PasswordField
from wtforms.validators import InputRequired

from app import security_log
from app.admin.fields import SchemaValidator
from app.exceptions import ForbiddenError, UnauthorizedError
from app.models.user import User
from app.schemas.auth import LoginSchema
from app.security import browser_sessions
from app.security.browser_sessions import BrowserUser
from app.security.lifetimes import DAY, HOUR, get_lifetime, lifetime_setting
from app.security.limits import failed_login_limits, login_limit
from app.services import auth

KIND = "admin"
SETTINGS = (
    lifetime_setting("ADMIN_LIFETIME", 12 * HOUR, "Seconds until an admin logs in again", maximum=DAY),
    lifetime_setting(
        "ADMIN_IDLE_TIMEOUT", HOUR, "Seconds without requests until an admin is logged out", maximum=DAY
    ),
)
ADMINS_ONLY = "Only admins have access."
# Browsers read a backslash as a slash and drop tabs and line breaks, so `/\host` leads to another site.
LOCAL_PATH = re.compile(r"/(?![/\\])[^\\\s\x00-\x1f\x7f]*")

blp = Blueprint(
    "admin_auth",
    __name__,
    url_prefix="/admin",
    template_folder="templates",
    static_folder="static",
    static_url_path="/assets",
)


def init_app(app: Flask) -> None:
    """Register the login pages and the kind of session that they create."""
    app.register_blueprint(blp)
    browser_sessions.register_kind(app, KIND, "ADMIN_IDLE_TIMEOUT")


class AdminRequiredMixin:
    """Restrict all pages of a view to admins."""

    def is_accessible(self) -> bool:
        """Check for an active admin; the role is read from the database on every request."""
        login_session = current_login()
        if login_session:
            g.user_id = login_session.user.id
        return login_session is not None and login_session.user.is_admin

    def inaccessible_callback(self, name: str, **_kwargs: Any) -> ResponseReturnValue:  # noqa: ARG002
        """Redirect anonymous requests to the login page, which leads back to the page they asked for.

        Raises:
            ForbiddenError: The user is logged in, but is not an admin.
        """
        if current_login():
            raise ForbiddenError(ADMINS_ONLY)
        url = f"{request.root_path}{request.full_path}".removesuffix("?")
        target = url if request.method == "GET" else None
        return redirect(url_for("admin_auth.login_form", next=target))


class LoginForm(FlaskForm):
    """Email and password of an admin."""

    email = EmailField(
        "Email", [InputRequired(), SchemaValidator(LoginSchema)], render_kw={"autocomplete": "username"}
    )
    password = PasswordField(
        "Password",
        [InputRequired(), SchemaValidator(LoginSchema)],
        render_kw={"autocomplete": "current-password"},
    )
    remember = BooleanField("Stay logged in when the browser closes")


@blp.get("/login")
def login_form() -> ResponseReturnValue:
    """Show the login form; redirect admins who are logged in."""
    login_session = current_login()
    if login_session and login_session.user.is_admin:
        return redirect(_next_url())
    return render_template("admin/login.html", form=LoginForm())


@blp.post("/login")
@login_limit()
@failed_login_limits()
def login() -> ResponseReturnValue:
    """Log in with email and password."""
    form = LoginForm(request.form)  # never JSON: a list as email would count as another account
    if not form.validate():
        return render_template("admin/login.html", form=form), 400
    # Loaded before the password is verified: recording its use commits, after which the user would be
    # read again, and a password that was changed in between would not be noticed.
    browser_sessions.current_login()
    try:
        admin = _authenticate(form)
    except (UnauthorizedError, ForbiddenError) as error:
        return render_template("admin/login.html", form=form, error=error.detail), error.status
    browser_sessions.login(admin, KIND, get_lifetime("ADMIN_LIFETIME"), remember=form.remember.data)
    return redirect(_next_url())


@blp.post("/logout")
def logout() -> ResponseReturnValue:
    """Revoke the session of this browser."""
    if login_session := browser_sessions.current_login():
        browser_sessions.logout(login_session.session_id)
    return redirect(url_for(".login_form"))


def current_login() -> BrowserUser | None:
    """Return the login to the admin, if there is one: sessions of the API last longer."""
    login_session = browser_sessions.current_login()
    return login_session if login_session and login_session.kind == KIND else None


def current_admin() -> User:
    """Return the admin of this request; only for pages that require one."""
    return cast(BrowserUser, current_login()).user


def current_session_id() -> uuid.UUID:
    """Return the session of this request; only for pages that require one."""
    return cast(BrowserUser, current_login()).session_id


def is_local_path(target: str) -> bool:
    """Check that a browser that is redirected to `target` stays on this site."""
    return LOCAL_PATH.fullmatch(target) is not None


def _authenticate(form: LoginForm) -> User:
    """Return the admin with these credentials; the role is only checked after the password."""
    user = auth.authenticate(str(form.email.data), str(form.password.data))
    if not user.is_admin:
        security_log.record("login_refused", target_id=user.id)
        raise ForbiddenError(ADMINS_ONLY)
    return user


def _next_url() -> str:
    target = request.args.get("next", "")
    return target if is_local_path(target) else url_for("admin.index")
