"""Signing in and out, the same way for every kind of authentication."""

from typing import Any

from flask import Response
from flask.views import MethodView

from app.api.rest import Blueprint
from app.schemas.auth import LoginSchema
from app.security.guard import authenticator, current_identity, public
from app.security.limits import failed_login_limit, login_limit
from app.services import auth

blp = Blueprint("auth", __name__, url_prefix="/api/v1/auth", description="Signing in and out.")


@blp.route("/login")
class Login(MethodView):
    """A sign-in."""

    @public
    @login_limit()
    @failed_login_limit()
    @blp.arguments(LoginSchema)
    @blp.response(200, "SignIn")  # described by the authenticator
    def post(self, credentials: dict[str, Any]) -> Response:
        """Sign in with an address and a password."""
        user = auth.authenticate(credentials.pop("email"), credentials.pop("password"))
        return authenticator().sign_in(user, **credentials)


@blp.route("/logout")
class Logout(MethodView):
    """The end of a sign-in."""

    @blp.response(204)
    def post(self) -> None:
        """Sign out: whatever the sign-in handed out is dead at once."""
        authenticator().sign_out(current_identity())
