"""The HTTP API: its blueprints and the OpenAPI document that describes them."""

from flask import Flask

from app.api import (
    # @if cookiecutter.auth != "none"
    auth,
    # @if cookiecutter.auth == "session"
    csrf,
    # @endif
    # @endif
    health,
    posts,
    # @if cookiecutter.auth != "none"
    sessions,
    # @if cookiecutter.auth == "jwt"
    tokens,
    # @endif
    users,
    # @endif
)
from app.api.rest import IdConverter, ProblemApi, StrictRequest, UTF8JSONProvider, id_parameter

BLUEPRINTS = [
    # @if cookiecutter.auth != "none"
    auth.blp,
    # @if cookiecutter.auth == "jwt"
    tokens.blp,
    # @elif cookiecutter.auth == "session"
    csrf.blp,
    # @endif
    users.blp,
    sessions.blp,
    # @endif
    health.blp,
    posts.blp,
]


def init_app(app: Flask) -> ProblemApi:
    """Register the blueprints."""
    app.request_class = StrictRequest
    app.json = UTF8JSONProvider(app)
    app.url_map.converters["id"] = IdConverter
    api = ProblemApi(app)
    api.register_converter(IdConverter, id_parameter)
    for blueprint in BLUEPRINTS:
        api.register_blueprint(blueprint)
    return api
