"""Login forms of browsers."""

from collections.abc import Callable
from http import HTTPStatus

from flask import render_template
from flask.typing import ResponseReturnValue
from wtforms import BooleanField, EmailField, PasswordField

from app.exceptions import ForbiddenError, UnauthorizedError
from app.models.user import User
from app.schemas.auth import LoginSchema
from app.security import browser_sessions
from app.services import auth
from app.web.forms import SchemaForm


class LoginForm(SchemaForm):
    """Email and password of a user."""

    schema = LoginSchema
    status = HTTPStatus.BAD_REQUEST  # of the page that shows what is wrong
    email = EmailField("Email", render_kw={"autocomplete": "username"})
    password = PasswordField("Password", render_kw={"autocomplete": "current-password"})
    remember = BooleanField("Stay logged in when the browser closes")

    def authenticate(self, require: Callable[[User], object] = lambda _user: None) -> User | None:
        """Return the user with the submitted credentials; None if there is something to show.

        `require` raises ForbiddenError for users who may not log in here.
        """
        if not self.validate():
            return None
        # Loaded before the password is verified: recording its use commits, after which the user would be
        # read again, and a password that was changed in between would not be noticed.
        browser_sessions.current_login()
        try:
            user = auth.authenticate(str(self.email.data), str(self.password.data))
            require(user)
        except (UnauthorizedError, ForbiddenError) as error:
            self.form_errors = [error.detail]
            self.status = error.status
            return None
        return user

    def show(self, template: str) -> ResponseReturnValue:
        """Render a page with the form and what is wrong with what was submitted."""
        return render_template(template, form=self), self.status
