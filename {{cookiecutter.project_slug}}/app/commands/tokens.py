"""`flask tokens prune`: housekeeping of logins."""

import click
from flask import Blueprint

from app.services import login_sessions

blp = Blueprint("tokens_cli", __name__, cli_group="tokens")
blp.cli.help = "Look after tokens and sessions."


@blp.cli.command("prune")
def prune() -> None:
    """Delete the rows of expired logins."""
    click.echo(f"Deleted {login_sessions.prune()} expired logins.")
