"""The commands of `flask`: each module in this package that has a `blp` adds its own."""

from typing import Any

from flask import Flask
from werkzeug.utils import find_modules, import_string

from app.extensions import db
from app.models.base import Base


def init_app(app: Flask) -> None:
    """Register the commands, and what `flask shell` knows by name."""
    for name in [*sorted(find_modules(__name__)), *app.config["COMMANDS"]]:
        app.register_blueprint(import_string(name).blp)
    app.shell_context_processor(shell_names)


def shell_names() -> dict[str, Any]:
    """Return the database and all models."""
    return {"db": db, **{mapper.class_.__name__: mapper.class_ for mapper in Base.registry.mappers}}
