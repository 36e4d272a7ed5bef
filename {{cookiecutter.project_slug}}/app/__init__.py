"""The application factory."""

from typing import Any

from flask import Flask

from app import (
    # @if cookiecutter.admin
    admin,
    # @endif
    api,
    config,
    logs,
    # @if cookiecutter.auth != "none"
    passwords,
    # @endif
    proxy_headers,
    rate_limits,
)
from app.api import docs
from app.commands import register_commands
from app.error_handlers import register_error_handlers
from app.extensions import db, migrate
from app.models.base import Base
from app.security import (
    # @if cookiecutter.auth == "session" or cookiecutter.admin
    browser_sessions,
    # @endif
    cors,
    # @if cookiecutter.auth == "session" or cookiecutter.admin
    csrf,
    # @endif
    # @if cookiecutter.auth != "none"
    guard,
    # @endif
    headers,
    # @if cookiecutter.auth == "jwt"
    jwt,
    # @elif cookiecutter.auth == "session"
    session,
    # @endif
)


def create_app(config_name: str | None = None) -> Flask:
    """Create the application for an environment.

    Args:
        config_name: `development`, `testing` or `production`; by default `APP_ENV`, else production.

    Raises:
        ConfigurationError: The environment is unknown or its settings are not safe to start with.
    """
    app = Flask(__name__, static_folder=None)
    config.init_app(app, config_name)
    register_extensions(app)
    register_error_handlers(app)
    register_blueprints(app)
    register_commands(app)
    register_shell_context(app)
    return app


def register_extensions(app: Flask) -> None:
    """Initialize the extensions, in the order in which a request meets them."""
    db.init_app(app)
    migrate.init_app(app)
    proxy_headers.init_app(app)
    logs.init_app(app)
    headers.init_app(app)
    # @if cookiecutter.auth != "none"
    passwords.init_app(app)
    # @endif
    # @if cookiecutter.auth == "session" or cookiecutter.admin
    browser_sessions.init_app(app)
    # @endif
    # @if cookiecutter.auth == "jwt"
    jwt.init_app(app)
    # @elif cookiecutter.auth == "session"
    session.init_app(app)
    # @endif
    rate_limits.init_app(app)  # after the user is known, before a request is rejected
    # @if cookiecutter.auth != "none"
    guard.init_app(app)
    # @endif
    # @if cookiecutter.auth == "session" or cookiecutter.admin
    csrf.init_app(app)
    # @endif
    cors.init_app(app)


def register_blueprints(app: Flask) -> None:
    """Register everything that has URLs, and document how the API authenticates."""
    # @if cookiecutter.admin
    admin.init_app(app)
    # @endif
    document = api.init_app(app)
    # @if cookiecutter.auth != "none"
    guard.describe(app, document)
    # @if cookiecutter.auth == "session"
    csrf.describe(document)
    # @endif
    # @endif
    docs.init_app(app, document)


def register_shell_context(app: Flask) -> None:
    """Make the database and all models available in `flask shell`."""

    @app.shell_context_processor
    def shell_names() -> dict[str, Any]:
        return {"db": db, **{mapper.class_.__name__: mapper.class_ for mapper in Base.registry.mappers}}
