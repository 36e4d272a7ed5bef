"""Run migrations with the app's database and models, one `flask db` command at a time."""

import re
from typing import Any

from alembic import context
from alembic.operations import MigrationScript
from alembic.util import CommandError
from flask import current_app
from sqlalchemy import Connection

from app.db.locks import MigrationError, migration_connection
from app.extensions import db

GENERATED_ID = re.compile("[0-9a-f]{12}")
MAX_REVISION_LENGTH = 32  # characters that the table alembic_version takes


def name_revision(_context: Any, _heads: Any, scripts: list[MigrationScript]) -> None:
    """Number a new revision and name it after its message, `0003_invoices`, unless it has an id."""
    found = [re.match("[0-9]+(?=_)", known.revision) for known in context.script.walk_revisions()]
    number = 1 + max((int(digits[0]) for digits in found if digits), default=0)
    for script in scripts:
        if GENERATED_ID.fullmatch(script.rev_id or ""):
            words = re.sub(r"\W+", "_", (script.message or "change").lower()).strip("_")
            script.rev_id = f"{number:04}_{words}"[:MAX_REVISION_LENGTH].rstrip("_")


def migrate(connection: Connection) -> None:
    """Bring the database behind a connection to the requested revision.

    Flask-Migrate adds that types are compared, and that SQLite's tables are copied to be altered.
    """
    context.configure(
        connection=connection,
        target_metadata=db.metadata,
        transaction_per_migration=True,
        process_revision_directives=name_revision,
        **current_app.extensions["migrate"].configure_args,
    )
    with context.begin_transaction():
        context.run_migrations()


try:
    with migration_connection(db.engine) as connection:
        migrate(connection)
except MigrationError as error:
    raise CommandError(str(error)) from error
