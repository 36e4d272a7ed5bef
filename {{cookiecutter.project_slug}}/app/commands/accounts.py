"""`flask create-admin` and `flask set-password`; passwords are never arguments, which others can see."""

import os

import click
from flask import Blueprint
from marshmallow import ValidationError

from app.models.user import Role, User
from app.schemas.user import RegistrationSchema
from app.services import auth, users

blp = Blueprint("accounts", __name__, cli_group=None)


@blp.cli.command("create-admin")
def create_admin() -> None:
    """Create an admin, from ADMIN_EMAIL and ADMIN_PASSWORD or by asking."""
    email = os.environ.get("ADMIN_EMAIL") or click.prompt("Email")
    if user := auth.find_by_email(email):
        _promote(user)
        return
    password = os.environ.get("ADMIN_PASSWORD") or _ask_password()
    _check(email, password)
    users.create_user(email, password, role=Role.ADMIN)
    click.echo(f"Created admin {email}.")


@blp.cli.command("set-password")
@click.argument("email")
def set_password(email: str) -> None:
    """Set the password of the account EMAIL and end all its sessions."""
    user = auth.find_by_email(email)
    if user is None:
        raise click.ClickException(f"There is no user {email}.")
    password = _ask_password()
    _check(email, password)
    auth.set_password(user, password)
    click.echo(f"{email} has a new password; all sessions were ended.")


def _promote(user: User) -> None:
    if user.is_admin and user.is_active:
        click.echo(f"{user.email} is an admin already.")
        return
    click.confirm(f"{user.email} exists. Make this account an active admin?", abort=True)
    users.promote(user)
    click.echo(f"{user.email} is an admin now.")


def _ask_password() -> str:
    return click.prompt("Password", hide_input=True, confirmation_prompt=True)


def _check(email: str, password: str) -> None:
    """Hold the command to the same rules as the API."""
    try:
        RegistrationSchema().load({"email": email, "password": password})
    except ValidationError as error:
        problems = [f"{name}: {' '.join(texts)}" for name, texts in error.messages_dict.items()]
        raise click.ClickException("; ".join(problems)) from error
