"""The command `flask seed`."""

import click
from flask import Blueprint, current_app

from app.services import posts

blp = Blueprint("seed", __name__, cli_group=None)

POSTS = ("Hello, world", "How this service is built", "What to do next")


@blp.cli.command("seed")
def seed() -> None:
    """Create example posts if there are none; refused in production."""
    if current_app.config["APP_ENV"] == "production":
        raise click.ClickException("Refusing to seed a production database.")
    if posts.list_posts(page=1, per_page=1).total:
        click.echo("Posts exist already; nothing was created.")
        return
    for title in POSTS:
        posts.create_post(title=title, content="Edit me.", published=True)
    click.echo(f"Created {len(POSTS)} posts.")
