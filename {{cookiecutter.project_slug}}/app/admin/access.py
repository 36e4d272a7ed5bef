"""Who may see the admin, and where it may send people."""

import re
from typing import Any, cast

from flask import g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import BadRequest

from app.exceptions import ForbiddenError
from app.models.user import User
from app.security import browser_sessions
from app.security.browser_sessions import BrowserUser

ADMINS_ONLY = "The admin is for admins."
# Browsers take a backslash for a slash and drop tabs and line breaks, so `/\host` is another site.
LOCAL_PATH = re.compile(r"/(?![/\\])[^\\\s\x00-\x1f\x7f]*")


class AdminRequiredMixin:
    """Lets admins into every page of a view, and nobody else into any."""

    def is_accessible(self) -> bool:
        """Tell whether an active admin asks; the role is read from the database on every request."""
        found = browser_sessions.current_login()
        if found:
            g.user_id = found.user.id
        return found is not None and found.user.is_admin

    def inaccessible_callback(self, name: str, **_kwargs: Any) -> ResponseReturnValue:  # noqa: ARG002
        """Ask strangers to log in, and bring them back to what they wanted to read.

        Raises:
            ForbiddenError: Somebody is logged in and no admin.
        """
        if browser_sessions.current_login():
            raise ForbiddenError(ADMINS_ONLY)
        wanted = request.full_path.removesuffix("?") if request.method == "GET" else None
        return redirect(url_for("admin_auth.login_form", next=wanted))


def current_admin() -> User:
    """Return who was let in."""
    return cast(BrowserUser, browser_sessions.current_login()).user


def is_local(target: str) -> bool:
    """Tell whether a browser stays on this site when it is sent there."""
    return LOCAL_PATH.fullmatch(target) is not None


def refuse_foreign_targets() -> None:
    """Check the parameter `url`, where Flask-Admin's views send people when they are done.

    Raises:
        BadRequest: It leads to another site.
    """
    if not all(is_local(target) for target in request.values.getlist("url") if target):
        raise BadRequest("`url` must be a path on this site.")
