# @if cookiecutter.auth == "none"
# @include "open/app/commands/seed.py"
# @else
"""`flask seed`: something to look at while developing."""

import secrets

import click
from flask import Blueprint, current_app

from app.models.user import Role
from app.services import auth, posts, users

blp = Blueprint("seed", __name__, cli_group=None)

PEOPLE = {
    "admin@example.com": ("Ada", "Admin", Role.ADMIN),
    "user@example.com": ("Ursula", "User", Role.USER),
}
POSTS = ("Hello, world", "How this service is built", "What to do next")


@blp.cli.command("seed")
def seed() -> None:
    """Create example data once; refuses to run in production."""
    if current_app.config["APP_ENV"] == "production":
        raise click.ClickException("Example data does not belong into production.")
    for email in PEOPLE:
        if auth.find_by_email(email):
            click.echo(f"{email} is there already.")
        else:
            _seed_person(email)


def _seed_person(email: str) -> None:
    """Create a person and their work, and tell the password, which is nowhere else."""
    first_name, last_name, role = PEOPLE[email]
    password = secrets.token_urlsafe(12)
    person = users.create_user(email, password, first_name=first_name, last_name=last_name, role=role)
    for title in POSTS:
        posts.create_post(person, title=f"{title} ({first_name})", content="Edit me.", published=True)
    click.echo(f"Created {role.value} {email} with password {password}")
    # @endif
