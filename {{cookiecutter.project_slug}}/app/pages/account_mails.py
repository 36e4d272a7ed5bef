"""Pages of accounts by mail: forgotten passwords, verification and change of emails.

The links in mails lead here. Opening one changes nothing: mail servers open links, too.
"""

from http import HTTPStatus

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import EmailField, HiddenField, PasswordField

from app.schemas.account_mail import EmailVerificationSchema, ForgotPasswordSchema, PasswordResetSchema
from app.security.guard import current_user, public
from app.security.limits import mail_limits
from app.services import account_mails
from app.web.forms import SchemaForm, show_app_errors

blp = Blueprint("account_mails", __name__)


class ForgotPasswordForm(SchemaForm):
    """The email of an account."""

    schema = ForgotPasswordSchema
    email = EmailField("Email", render_kw={"autocomplete": "username"})


class PasswordResetForm(SchemaForm):
    """A new password."""

    schema = PasswordResetSchema
    token = HiddenField()
    new_password = PasswordField("New password", render_kw={"autocomplete": "new-password"})


class EmailVerificationForm(SchemaForm):
    """The token of a mail."""

    schema = EmailVerificationSchema
    token = HiddenField()


@blp.get("/forgot-password")
@public
def forgot_password_form() -> str:
    """Show the form that asks for a link to set a new password."""
    return render_template("pages/forgot_password.html", form=ForgotPasswordForm())


@blp.post("/forgot-password")
@public
@mail_limits()
def forgot_password() -> ResponseReturnValue:
    """Send a link to set a new password, if there is an account; the response is always the same."""
    form = ForgotPasswordForm()
    if not form.validate():
        return render_template("pages/forgot_password.html", form=form), HTTPStatus.BAD_REQUEST
    account_mails.request_password_reset(str(form.email.data))
    return render_template("pages/check_mail.html", email=form.email.data)


@blp.get("/reset-password")
@public
def reset_password_form() -> str:
    """Show the form for a new password."""
    return render_template("pages/reset_password.html", form=PasswordResetForm(token=_token()))


@blp.post("/reset-password")
@public
def reset_password() -> ResponseReturnValue:
    """Set a new password with the token of a mail and revoke all sessions."""
    form = PasswordResetForm()
    if form.validate():
        with show_app_errors(form):
            account_mails.reset_password(str(form.token.data), str(form.new_password.data))
            flash("Your new password is set. You can log in with it now.", "success")
            return redirect(url_for("pages.auth.login_form"))
    return render_template("pages/reset_password.html", form=form), HTTPStatus.BAD_REQUEST


@blp.get("/verify-email")
@public
def verify_email_form() -> str:
    """Ask to confirm an email."""
    return render_template("pages/verify_email.html", form=EmailVerificationForm(token=_token()))


@blp.post("/verify-email")
@public
def verify_email() -> ResponseReturnValue:
    """Verify an email, or confirm a new one, with the token of a mail."""
    form = EmailVerificationForm()
    if form.validate():
        with show_app_errors(form):
            account_mails.verify_email(str(form.token.data))
            flash("Your email is confirmed.", "success")
            return redirect(url_for("pages.home.index"))
    return render_template("pages/verify_email.html", form=form), HTTPStatus.BAD_REQUEST


@blp.post("/verify-email/resend")
@mail_limits()
def resend_verification() -> ResponseReturnValue:
    """Send the link to verify the email of the current user again."""
    account_mails.request_verification(current_user())
    flash("We have sent you a link. Open it to confirm your email.", "success")
    return redirect(url_for("pages.profile.show"))


def _token() -> str:
    return request.args.get("token", "")
