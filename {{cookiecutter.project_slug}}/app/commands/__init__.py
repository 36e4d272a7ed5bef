"""The commands of `flask`."""

from flask import Flask
from werkzeug.utils import import_string

from app.commands import (
    # @if cookiecutter.auth != "none"
    accounts,
    login_sessions,
    # @endif
    seed,
)

BLUEPRINTS = [
    # @if cookiecutter.auth != "none"
    accounts.blp,
    login_sessions.blp,
    # @endif
    seed.blp,
]


def register_commands(app: Flask) -> None:
    """Register the commands, which are the `cli` groups of blueprints."""
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    for name in app.config["COMMANDS"]:
        app.register_blueprint(import_string(name).blp)
