"""The command `flask tokens prune`."""

import click
from flask import Blueprint

from app.services import login_sessions

blp = Blueprint("tokens_cli", __name__, cli_group="tokens")
blp.cli.help = "Manage tokens and login sessions."


@blp.cli.command("prune")
def prune() -> None:
    """Delete expired login sessions."""
    click.echo(f"Deleted {login_sessions.prune()} expired login sessions.")
