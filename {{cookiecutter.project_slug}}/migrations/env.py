"""Runs migrations with the app's database and models, one `flask db` at a time."""

import re
from typing import Any

from alembic import context
from alembic.operations import MigrationScript
from alembic.util import CommandError
from flask import current_app
from sqlalchemy import Connection
from sqlalchemy.exc import OperationalError

from app.database import MIGRATION_LOCKS, set_sqlite_pragmas
from app.extensions import db

SQLITE_PATIENCE = 60 * 60 * 1000  # milliseconds for the one who migrates already
MADE_UP_ID = re.compile("[0-9a-f]{12}")
MAX_REVISION_LENGTH = 32  # characters that the table alembic_version takes


def name_revision(_context: Any, _heads: Any, scripts: list[MigrationScript]) -> None:
    """Number a new revision and name it for its message, `0003_invoices`, unless it was given an id."""
    found = [re.match("[0-9]+(?=_)", known.revision) for known in context.script.walk_revisions()]
    number = 1 + max((int(digits[0]) for digits in found if digits), default=0)
    for script in scripts:
        if MADE_UP_ID.fullmatch(script.rev_id or ""):
            words = re.sub(r"\W+", "_", (script.message or "change").lower()).strip("_")
            script.rev_id = f"{number:04}_{words}"[:MAX_REVISION_LENGTH].rstrip("_")


def migrate(connection: Connection) -> None:
    """Bring the database behind a connection to the revision that was asked for.

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


def connect() -> Connection:
    """Reach the database, or say in one line why that fails.

    Raises:
        CommandError: It does not answer, or does not let us in.
    """
    try:
        return db.engine.connect()
    except OperationalError as error:
        raise CommandError(f"The database cannot be used: {error.orig}") from error


def migrate_sqlite() -> None:
    """Migrate in one transaction, which keeps others from writing, and undo all if it fails.

    Foreign keys are off, as copying a table needs, and checked at the end.

    Raises:
        CommandError: A migration left rows that point nowhere.
    """
    with connect() as connection:
        connection.exec_driver_sql("PRAGMA foreign_keys = OFF")
        connection.exec_driver_sql(f"PRAGMA busy_timeout = {SQLITE_PATIENCE}")
        connection.commit()
        connection.exec_driver_sql(MIGRATION_LOCKS["sqlite"])
        migrate(connection)
        if broken := connection.exec_driver_sql("PRAGMA foreign_key_check").all():
            raise CommandError(f"Rows point nowhere after the migration: {broken}")
        connection.commit()
        # A database in memory has no other connection to go on with.
        set_sqlite_pragmas(connection.connection.dbapi_connection, None)


def migrate_server() -> None:
    """Migrate on one connection while another one holds the lock.

    It holds it in a transaction, so it works through a pooler that lends connections by transaction.

    Raises:
        CommandError: Somebody else does not come to an end.
    """
    with connect() as guard, connect() as connection:
        guard.detach()  # a lock of MySQL ends with its connection, which a pool would keep open
        if guard.exec_driver_sql(MIGRATION_LOCKS[guard.dialect.name]).scalar() in {0, None}:
            raise CommandError("Somebody else keeps migrating this database.")
        migrate(connection)
        connection.commit()


migrate_sqlite() if db.engine.dialect.name == "sqlite" else migrate_server()
