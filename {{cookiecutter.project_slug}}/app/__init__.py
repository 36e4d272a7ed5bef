"""The application factory."""

from typing import Any

from flask import Flask

from app import (
    # @if cookiecutter.auth != "none"
    account_tokens,
    # @endif
    # @if cookiecutter.admin
    admin,
    # @endif
    api,
    caching,
    config,
    extensions,
    logs,
    # @if cookiecutter.auth != "none"
    mail,
    mail_delivery,
    # @endif
    metrics,
    # @if cookiecutter.pages
    pages,
    # @endif
    # @if cookiecutter.auth != "none"
    passwords,
    # @endif
    proxy_headers,
    rate_limits,
)
from app.api import (
    # @if cookiecutter.auth != "none"
    account_mails,
    # @endif
    docs,
    etags,
)
from app.commands import register_commands
from app.db import engine
from app.error_handlers import register_error_handlers
from app.models.base import Base
from app.security import (
    # @if cookiecutter.auth == "session" or cookiecutter.admin or cookiecutter.pages
    browser_sessions,
    # @endif
    cors,
    # @if cookiecutter.auth == "session" or cookiecutter.admin or cookiecutter.pages
    csrf,
    # @endif
    # @if cookiecutter.auth != "none"
    guard,
    # @endif
    headers,
    # @if cookiecutter.auth == "jwt"
    jwt,
    # @endif
    # @if cookiecutter.auth != "none"
    limits,
    # @endif
    # @if cookiecutter.pages
    page_sessions,
    # @endif
    # @if cookiecutter.auth == "session"
    session,
    # @endif
)

# The settings of each part; a part of your own adds a line.
SETTINGS = (
    *config.SETTINGS,
    *engine.SETTINGS,
    *logs.SETTINGS,
    *metrics.SETTINGS,
    *proxy_headers.SETTINGS,
    *cors.SETTINGS,
    *rate_limits.SETTINGS,
    *caching.SETTINGS,
    # @if cookiecutter.auth != "none"
    *limits.SETTINGS,
    *mail.SETTINGS,
    *account_tokens.SETTINGS,
    *passwords.SETTINGS,
    *guard.SETTINGS,
    # @endif
    # @if cookiecutter.auth == "jwt"
    *jwt.SETTINGS,
    # @elif cookiecutter.auth == "session"
    *session.SETTINGS,
    # @endif
    # @if cookiecutter.auth == "session" or cookiecutter.admin or cookiecutter.pages
    *browser_sessions.SETTINGS,
    # @endif
    # @if cookiecutter.admin
    *admin.auth.SETTINGS,
    # @endif
    # @if cookiecutter.pages
    *page_sessions.SETTINGS,
    # @endif
    *docs.SETTINGS,
    *etags.SETTINGS,
)


def create_app(config_name: str | None = None) -> Flask:
    """Create the application for an environment.

    Args:
        config_name: `development`, `testing` or `production`; by default `APP_ENV`, else production.

    Raises:
        ConfigurationError: The environment is unknown or its settings are not safe to start with.
    """
    app = Flask(__name__, static_folder=None)
    config.load(app, config_name, SETTINGS)
    register_extensions(app)
    register_error_handlers(app)
    register_blueprints(app)
    register_commands(app)
    register_shell_context(app)
    return app


def register_extensions(app: Flask) -> None:
    """Initialize the extensions, in the order in which a request meets them."""
    extensions.db.init_app(app)
    logs.init_app(app)
    proxy_headers.init_app(app)
    metrics.init_app(app)
    headers.init_app(app)
    # @if cookiecutter.auth != "none"
    mail_delivery.init_app(app)
    passwords.init_app(app)
    # @endif
    # @if cookiecutter.auth == "session" or cookiecutter.admin or cookiecutter.pages
    browser_sessions.init_app(app)
    # @endif
    # @if cookiecutter.auth == "jwt"
    jwt.init_app(app)
    # @elif cookiecutter.auth == "session"
    session.init_app(app)
    # @endif
    # @if cookiecutter.pages
    page_sessions.init_app(app)
    # @endif
    rate_limits.init_app(app)  # after the user is known, before a request is rejected
    # @if cookiecutter.auth != "none"
    guard.init_app(app)
    # @endif
    # @if cookiecutter.auth == "session" or cookiecutter.admin or cookiecutter.pages
    csrf.init_app(app)
    # @endif
    cors.init_app(app)
    caching.init_app(app)


def register_blueprints(app: Flask) -> None:
    """Register everything that has URLs, and document how the API authenticates."""
    # @if cookiecutter.admin
    admin.init_app(app)
    # @endif
    rest_api = api.init_app(app)
    # @if cookiecutter.pages
    pages.init_app(app)
    # @endif
    # @if cookiecutter.auth != "none"
    account_mails.register(rest_api, app)
    rest_api.add_description(lambda document: guard.describe(app, document))
    # @if cookiecutter.auth == "session"
    rest_api.add_description(csrf.describe)
    # @endif
    # @endif
    docs.init_app(app, rest_api)


def register_shell_context(app: Flask) -> None:
    """Make the database and all models available in `flask shell`."""

    @app.shell_context_processor
    def shell_names() -> dict[str, Any]:
        models = {mapper.class_.__name__: mapper.class_ for mapper in Base.registry.mappers}
        return {"db": extensions.db, **models}
