"""Logging in and out, the same way for every kind of authentication."""

from typing import Any

from flask import Response
from flask.views import MethodView

from app.api.rest import Blueprint
from app.schemas.auth import LoginSchema
from app.security.guard import authenticator, current_identity, public
from app.security.limits import failed_login_limit, login_limit
from app.services import auth

blp = Blueprint("auth", __name__, url_prefix="/api/v1/auth", description="Logging in and out.")


@blp.route("/login")
class Login(MethodView):
    """A login."""

    @public
    @login_limit()
    @failed_login_limit()
    @blp.arguments(LoginSchema)
    @blp.response(200, "LoginResponse")  # described by the authenticator
    def post(self, credentials: dict[str, Any]) -> Response:
        """Log in with an address and a password."""
        user = auth.authenticate(credentials.pop("email"), credentials.pop("password"))
        return authenticator().login(user, **credentials)


@blp.route("/logout")
class Logout(MethodView):
    """The end of a login."""

    @blp.response(204)
    def post(self) -> None:
        """Log out: whatever the login handed out is dead at once."""
        authenticator().logout(current_identity())
