"""The commands `flask create-admin` and `flask set-password`.

Passwords are not command line arguments, because other users of the machine can list those.
"""

import os
from collections.abc import Generator
from contextlib import contextmanager

import click
from flask import Blueprint
from marshmallow import ValidationError

from app.exceptions import AppError
from app.models.user import Role, User
from app.schemas.user import RegistrationSchema
from app.services import auth, users

blp = Blueprint("accounts", __name__, cli_group=None)


@blp.cli.command("create-admin")
def create_admin() -> None:
    """Create an admin from ADMIN_EMAIL and ADMIN_PASSWORD, or prompt for them."""
    email = os.environ.get("ADMIN_EMAIL") or click.prompt("Email")
    if user := auth.get_user_by_email(email):
        _promote(user)
        return
    password = os.environ.get("ADMIN_PASSWORD") or _prompt_password()
    with _field_errors():
        RegistrationSchema().load({"email": email, "password": password})
        users.create_user(email, password, role=Role.ADMIN, is_verified=True)
    click.echo(f"Created admin {email}.")


@blp.cli.command("set-password")
@click.argument("email")
def set_password(email: str) -> None:
    """Set the password of the user EMAIL and revoke all sessions."""
    user = auth.get_user_by_email(email)
    if user is None:
        raise click.ClickException(f"User {email} not found.")
    password = _prompt_password()
    with _field_errors():
        RegistrationSchema().load({"email": email, "password": password})
        auth.set_password(user, password)
    click.echo(f"Changed the password of {email} and revoked all sessions.")


def _promote(user: User) -> None:
    if user.is_admin and user.is_active:
        click.echo(f"{user.email} is already an admin.")
        return
    click.confirm(f"User {user.email} exists. Make this user an active admin?", abort=True)
    users.promote_to_admin(user)
    click.echo(f"{user.email} is now an admin.")


def _prompt_password() -> str:
    return click.prompt("Password", hide_input=True, confirmation_prompt=True)


@contextmanager
def _field_errors() -> Generator[None]:
    """Report the errors of each field that the schema or the service finds."""
    try:
        yield
    except (ValidationError, AppError) as error:
        fields = error.messages_dict if isinstance(error, ValidationError) else error.errors or {}
        problems = [f"{name}: {' '.join(texts)}" for name, texts in fields.items()]
        raise click.ClickException("; ".join(problems)) from error
