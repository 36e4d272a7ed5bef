"""The command `flask mail deliver`."""

import signal
from threading import Event

import click
from flask import Blueprint, current_app
from sqlalchemy.exc import DBAPIError

from app.extensions import db
from app.services import outbox

MAX_SECONDS = 30  # of one delivery, so that a stop need not wait longer

blp = Blueprint("mail_cli", __name__, cli_group="mail")
blp.cli.help = "Send mails."


@blp.cli.command("deliver")
@click.option("--every", type=click.IntRange(min=1), metavar="SECONDS", help="Go on until stopped.")
def deliver(every: int | None) -> None:
    """Send the mails that are due, and delete old ones."""
    if every is None:
        click.echo(f"Sent {outbox.deliver(seconds=MAX_SECONDS)} mails, deleted {outbox.prune()} old ones.")
        return
    stopped = Event()
    signal.signal(signal.SIGTERM, lambda *_: stopped.set())
    while not stopped.is_set():
        try:
            outbox.deliver(seconds=MAX_SECONDS)
            outbox.prune()
        except DBAPIError:
            current_app.logger.exception("Mails were not delivered")
        db.session.remove()
        stopped.wait(every)
