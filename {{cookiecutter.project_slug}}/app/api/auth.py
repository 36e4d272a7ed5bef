"""Views of logging in and out, for every kind of authentication."""

from typing import Any

from flask import Response
from flask.views import MethodView

from app.api.rest import Blueprint
from app.schemas.auth import LoginSchema
from app.security.guard import authenticator, current_identity, public
from app.security.limits import failed_login_limits, login_limit
from app.services import auth

blp = Blueprint("auth", __name__, url_prefix="/api/v1/auth", description="Log in and out.")


@blp.route("/login")
class Login(MethodView):
    """Logging in."""

    @public
    @blp.errors(401, 403)
    @login_limit()
    @failed_login_limits()
    @blp.arguments(LoginSchema)
    @blp.response(200, "LoginResponse")  # the authenticator's login_schema
    def post(self, credentials: dict[str, Any]) -> Response:
        """Log in with email and password."""
        user = auth.authenticate(credentials.pop("email"), credentials.pop("password"))
        return authenticator().login(user, **credentials)


@blp.route("/logout")
class Logout(MethodView):
    """Logging out."""

    @blp.response(204)
    def post(self) -> None:
        """Log out and revoke the session."""
        authenticator().logout(current_identity())
