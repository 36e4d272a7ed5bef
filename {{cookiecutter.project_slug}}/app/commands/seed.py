# @if cookiecutter.auth == "none"
# @include "open/app/commands/seed.py"
# @else
"""The command `flask seed`."""

import secrets

import click
from flask import Blueprint, current_app

from app.models.user import Role
from app.services import auth, posts, users

blp = Blueprint("seed", __name__, cli_group=None)

USERS = {
    "admin@example.com": ("Ada", "Admin", Role.ADMIN),
    "user@example.com": ("Ursula", "User", Role.USER),
}
POSTS = ("Hello, world", "How this service is built", "What to do next")


@blp.cli.command("seed")
def seed() -> None:
    """Create example data that does not exist yet; refused in production."""
    if current_app.config["APP_ENV"] == "production":
        raise click.ClickException("Refusing to seed a production database.")
    for email in USERS:
        if auth.get_user_by_email(email):
            click.echo(f"User {email} already exists.")
        else:
            _seed_user(email)


def _seed_user(email: str) -> None:
    """Create a user with example data and print the generated password."""
    first_name, last_name, role = USERS[email]
    password = secrets.token_urlsafe(12)
    user = users.create_user(
        email, password, first_name=first_name, last_name=last_name, role=role, is_verified=True
    )
    for title in POSTS:
        posts.create_post(user, title=f"{title} ({first_name})", content="Edit me.", published=True)
    click.echo(f"Created {role.value} {email} with password {password}")
    # @endif
