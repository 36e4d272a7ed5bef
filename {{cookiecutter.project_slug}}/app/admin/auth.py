"""Login and access control of the admin."""

import uuid
from typing import Any, cast

from flask import Blueprint, Flask, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from app import security_log
from app.exceptions import ForbiddenError
from app.models.user import User
from app.security import browser_sessions
from app.security.browser_sessions import BrowserUser
from app.security.lifetimes import DAY, HOUR, get_lifetime, lifetime_setting
from app.security.limits import failed_login_limits, login_limit
from app.web.login import LoginForm
from app.web.redirects import next_url, redirect_to_login

KIND = "admin"
SETTINGS = (
    lifetime_setting("ADMIN_LIFETIME", 12 * HOUR, "Seconds until an admin logs in again", maximum=DAY),
    lifetime_setting(
        "ADMIN_IDLE_TIMEOUT", HOUR, "Seconds without requests until an admin is logged out", maximum=DAY
    ),
)
ADMINS_ONLY = "Only admins have access."

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

    def inaccessible_callback(self, name: str, **_kwargs: Any) -> ResponseReturnValue:  # noqa: ARG002 - as in Flask-Admin
        """Redirect anonymous requests to the login page, which leads back to the page they asked for.

        Raises:
            ForbiddenError: The user is logged in, but is not an admin.
        """
        if current_login():
            raise ForbiddenError(ADMINS_ONLY)
        return redirect_to_login("admin_auth.login_form")


@blp.get("/login")
def login_form() -> ResponseReturnValue:
    """Show the login form; redirect admins who are logged in."""
    login_session = current_login()
    if login_session and login_session.user.is_admin:
        return redirect(next_url(url_for("admin.index")))
    return render_template("admin/login.html", form=LoginForm())


@blp.post("/login")
@login_limit()
@failed_login_limits()
def login() -> ResponseReturnValue:
    """Log in with email and password."""
    form = LoginForm()
    admin = form.authenticate(_require_admin)
    if admin is None:
        return form.show("admin/login.html")
    browser_sessions.login(admin, KIND, get_lifetime("ADMIN_LIFETIME"), remember=form.remember.data)
    return redirect(next_url(url_for("admin.index")))


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


def _require_admin(user: User) -> None:
    """Require the role, which is only checked after the password.

    Raises:
        ForbiddenError: The user is not an admin.
    """
    if not user.is_admin:
        security_log.record("login_refused", target_id=user.id)
        raise ForbiddenError(ADMINS_ONLY)
