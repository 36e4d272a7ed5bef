"""The application factory."""

from flask import Flask
from werkzeug.utils import import_string

from app import config, extensions
from app.features import FEATURES


def create_app(config_name: str | None = None) -> Flask:
    """Build the service for an environment.

    Args:
        config_name: `development`, `testing` or `production`; by default `APP_ENV`, else production.

    Raises:
        ConfigurationError: The environment is unknown or its settings are not safe to start with.
    """
    app = Flask(__name__, static_folder=None)
    config.init_app(app, config_name)
    extensions.db.init_app(app)
    extensions.migrate.init_app(app)
    for feature in FEATURES:
        import_string(feature).init_app(app)
    return app
