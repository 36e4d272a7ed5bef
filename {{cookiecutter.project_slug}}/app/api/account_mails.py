"""Views of accounts by mail: forgotten passwords, verification and change of emails."""

from http import HTTPStatus
from typing import Any

from flask import Flask, Response
from flask.views import MethodView
from flask_smorest import Api

from app import mail
from app.api.rest import Blueprint
from app.schemas.account_mail import (
    EmailVerificationSchema,
    ForgotPasswordSchema,
    PasswordResetSchema,
)
from app.security.guard import current_user, public
from app.security.limits import mail_limits
from app.services import account_mails

blp = Blueprint("account_mails", __name__, url_prefix="/api/v1/auth", description="Accounts by mail.")


def register(api: Api, app: Flask) -> None:
    """Register the views, unless there is no mail."""
    if app.config["MAIL_SERVER"] != mail.OFF:
        api.register_blueprint(blp)


@blp.route("/forgot-password")
class ForgotPassword(MethodView):
    """Forgotten passwords."""

    @public
    @mail_limits()
    @blp.arguments(ForgotPasswordSchema)
    @blp.response(202)
    def post(self, data: dict[str, Any]) -> Response:
        """Send a link to set a new password, if there is an account; the response is always the same."""
        account_mails.request_password_reset(data["email"])
        return Response(status=HTTPStatus.ACCEPTED)


@blp.route("/reset-password")
class ResetPassword(MethodView):
    """Setting a new password."""

    @public
    @blp.arguments(PasswordResetSchema)
    @blp.response(204)
    def post(self, data: dict[str, Any]) -> None:
        """Set a new password with the token of a mail and revoke all sessions."""
        account_mails.reset_password(data["token"], data["new_password"])


@blp.route("/verify-email")
class VerifyEmail(MethodView):
    """Verifying an email."""

    @public
    @blp.errors(409)
    @blp.arguments(EmailVerificationSchema)
    @blp.response(204)
    def post(self, data: dict[str, Any]) -> None:
        """Verify an email, or confirm a new one, with the token of a mail."""
        account_mails.verify_email(data["token"])


@blp.route("/verify-email/resend")
class ResendVerification(MethodView):
    """Sending the verification again."""

    @mail_limits()
    @blp.response(202)
    def post(self) -> Response:
        """Send a link to verify the email of the current user again, unless it is verified."""
        account_mails.request_verification(current_user())
        return Response(status=HTTPStatus.ACCEPTED)
