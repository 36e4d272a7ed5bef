"""`flask seed`: posts to look at while developing."""

import click
from flask import Blueprint, current_app

from app.services import posts

blp = Blueprint("seed", __name__, cli_group=None)

POSTS = ("Hello, world", "How this service is built", "What to do next")


@blp.cli.command("seed")
def seed() -> None:
    """Create example posts once; refuses to run in production."""
    if current_app.config["APP_ENV"] == "production":
        raise click.ClickException("Example data does not belong into production.")
    if posts.list_posts(page=1, per_page=1).total:
        click.echo("There are posts already.")
        return
    for title in POSTS:
        posts.create_post(title=title, content="Edit me.", published=True)
    click.echo(f"Created {len(POSTS)} posts.")
