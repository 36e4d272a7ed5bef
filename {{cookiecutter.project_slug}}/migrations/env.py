"""Runs migrations with the app's database and models."""

from alembic import context
from flask import current_app
from sqlalchemy import Connection, text

from app.extensions import db

SQLITE = "sqlite"


def migrate(connection: Connection) -> None:
    """Bring the database behind a connection to the revision that was asked for.

    Flask-Migrate adds that types are compared, and that SQLite's tables are copied to be altered.
    """
    context.configure(
        connection=connection,
        target_metadata=db.metadata,
        transaction_per_migration=True,
        **current_app.extensions["migrate"].configure_args,
    )
    with context.begin_transaction():
        context.run_migrations()


def migrate_sqlite(connection: Connection) -> None:
    """Migrate with foreign keys off, as copying a table needs, and check them afterwards.

    Raises:
        RuntimeError: A migration left rows that point nowhere.
    """
    connection.execute(text("PRAGMA foreign_keys = OFF"))
    connection.commit()
    migrate(connection)
    connection.commit()
    broken = connection.execute(text("PRAGMA foreign_key_check")).all()
    if broken:
        raise RuntimeError(f"Rows point nowhere after the migration: {broken}")
    connection.execute(text("PRAGMA foreign_keys = ON"))


with db.engine.connect() as connection:
    if connection.dialect.name == SQLITE:
        migrate_sqlite(connection)
    else:
        migrate(connection)
        connection.commit()
