"""`flask db`: Flask-Migrate, imported when it is used; with Alembic it takes a tenth of the start."""

from pathlib import Path
from typing import Any

import click
from flask import Flask
from werkzeug.local import LocalProxy

from app.extensions import db

MIGRATIONS = Path(__file__).parents[2] / "migrations"  # from any working folder
EXTENSION = "migrate"


class MigrationCommands(click.Command):
    """The commands of Flask-Migrate."""

    def make_context(self, *args: Any, **kwargs: Any) -> click.Context:
        """Import them and let them parse the arguments."""
        from flask_migrate.cli import db as commands  # noqa: PLC0415 - other starts are faster without it

        return commands.make_context(*args, **kwargs)


def init_app(app: Flask) -> None:
    """Provide `flask db`, and the extension for functions like `flask_migrate.upgrade`."""
    app.extensions[EXTENSION] = LocalProxy(lambda: load(app))
    app.cli.add_command(MigrationCommands("db", help="Perform database migrations."))


def load(app: Flask) -> Any:
    """Replace the stand-in by the extension and return it."""
    from flask_migrate import Migrate  # noqa: PLC0415 - other starts are faster without it

    Migrate(app, db, directory=str(MIGRATIONS))
    return app.extensions[EXTENSION]
