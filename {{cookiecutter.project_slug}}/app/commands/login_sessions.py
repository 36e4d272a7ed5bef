"""The command `flask tokens prune`."""

import click
from flask import Blueprint

from app.security.lifetimes import get_lifetime
from app.services import login_sessions

blp = Blueprint("tokens_cli", __name__, cli_group="tokens")
blp.cli.help = "Manage tokens and login sessions."


@blp.cli.command("prune")
def prune() -> None:
    """Delete expired login sessions whose networks need not be known any more."""
    deleted = login_sessions.prune(get_lifetime("KNOWN_NETWORK_LIFETIME"))
    click.echo(f"Deleted {deleted} expired login sessions.")
