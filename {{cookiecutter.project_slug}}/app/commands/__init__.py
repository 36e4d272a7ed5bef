"""The commands of `flask`."""

from flask import Flask

from app.commands import (
    # @if cookiecutter.auth != "none"
    accounts,
    # @endif
    generate,
    # @if cookiecutter.auth != "none"
    login_sessions,
    mail,
    # @endif
    migrations,
    seed,
)

BLUEPRINTS = [
    # @if cookiecutter.auth != "none"
    accounts.blp,
    login_sessions.blp,
    mail.blp,
    # @endif
    seed.blp,
]


def register_commands(app: Flask) -> None:
    """Register the commands, which are the `cli` groups of blueprints."""
    migrations.init_app(app)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    if app.config["APP_ENV"] == "development":
        app.register_blueprint(generate.blp)
