"""Views of users."""

from typing import Any

from flask import Response, jsonify, url_for
from flask.views import MethodView

from app.api.etags import if_match
from app.api.rest import NEXT_LINK, Blueprint, PageResponse, with_next_link
from app.models.user import Role, User
from app.schemas.user import (
    EXPORT_SCHEMA,
    AccountDeletionSchema,
    PasswordChangeSchema,
    RegistrationSchema,
    UserPageSchema,
    UserQuerySchema,
    UserSchema,
    UserUpdateSchema,
)
from app.security.guard import (
    current_identity,
    current_user,
    public,
    require_open_registration,
    roles_required,
)
from app.security.limits import (
    email_change_limit,
    failed_password_limits,
    keeps_email,
    mail_limits,
    registration_limits,
    wrong_password_counted,
)
from app.services import auth, exports, users

blp = Blueprint("users", __name__, url_prefix="/api/v1/users", description="Users.")


@blp.route("")
@blp.etag
class Users(MethodView):
    """All users."""

    @roles_required(Role.ADMIN)
    @blp.arguments(UserQuerySchema, location="query")
    @blp.response(200, UserPageSchema, headers=NEXT_LINK)
    def get(self, query: dict[str, Any]) -> PageResponse:
        """List users; admins only."""
        return with_next_link(users.list_users(**query))

    @public
    @registration_limits()
    @blp.errors(403, 409)
    @blp.arguments(RegistrationSchema)
    @blp.response(201, UserSchema)
    @blp.alt_response(202, description="The email has to be verified first, if it is not taken")
    def post(self, data: dict[str, Any]) -> Response | tuple[User, dict[str, str]]:
        """Register a user, if registration is open."""
        require_open_registration()
        user = users.register_user(**data)
        if user is None:
            return Response(status=202)
        return user, {"Location": url_for("users.UserItem", user_id=user.id)}


@blp.route("/me")
@blp.etag
class CurrentUser(MethodView):
    """The current user."""

    @blp.response(200, UserSchema)
    def get(self) -> User:
        """Get the current user."""
        return current_user()

    @failed_password_limits()
    @blp.errors(409)
    @blp.arguments(AccountDeletionSchema)
    @blp.response(204)
    def delete(self, data: dict[str, Any]) -> None:
        """Delete the current user and revoke all sessions."""
        with wrong_password_counted():
            users.delete_own_account(current_user(), data["current_password"], if_match(UserSchema))


@blp.route("/me/export")
@blp.etag
class CurrentUserExport(MethodView):
    """The data of the current user."""

    @blp.response(200, EXPORT_SCHEMA)
    def get(self) -> Response:
        """Get all data of the current user, by table."""
        return jsonify(exports.export_user(current_user()))


@blp.route("/me/password")
class ChangePassword(MethodView):
    """The password of the current user."""

    @failed_password_limits()
    @blp.arguments(PasswordChangeSchema)
    @blp.response(204)
    def post(self, data: dict[str, Any]) -> None:
        """Change the password of the current user and revoke all other sessions."""
        identity = current_identity()
        with wrong_password_counted():
            auth.change_password(
                identity.user, data["current_password"], data["new_password"], keep=identity.session_id
            )


@blp.route("/<id:user_id>")
@blp.etag
class UserItem(MethodView):
    """A single user."""

    @blp.errors(403)
    @blp.response(200, UserSchema)
    def get(self, user_id: int) -> User:
        """Get a user; only the user and admins may."""
        return users.get_visible_user(current_user(), user_id)

    @email_change_limit()
    @failed_password_limits()
    @mail_limits(exempt_when=keeps_email)
    @blp.errors(403, 409)
    @blp.arguments(UserUpdateSchema)
    @blp.response(200, UserSchema)
    def patch(self, changes: dict[str, Any], user_id: int) -> User:
        """Update a user; only admins may change role and status.

        A user's own new email takes effect when it is confirmed by mail.
        """
        with wrong_password_counted():
            return users.update_user(current_user(), user_id, changes, if_match(UserSchema))

    @roles_required(Role.ADMIN)
    @blp.errors(409)
    @blp.response(204)
    def delete(self, user_id: int) -> None:
        """Delete a user; admins only."""
        users.delete_user(user_id, if_match(UserSchema))
