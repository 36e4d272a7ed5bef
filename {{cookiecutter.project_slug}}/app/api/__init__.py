"""The HTTP API: each module in this package that has a `blp` is a part of it."""

from flask import Flask
from werkzeug.utils import find_modules, import_string

from app.api import docs
from app.api.rest import IdConverter, ProblemApi, StrictRequest, id_parameter


def init_app(app: Flask) -> None:
    """Register the resources, and the document and pages that describe them."""
    app.request_class = StrictRequest
    app.url_map.converters["id"] = IdConverter
    api = ProblemApi(app)
    api.register_converter(IdConverter, id_parameter)
    for name in sorted(find_modules(__name__)):
        if blueprint := getattr(import_string(name), "blp", None):
            api.register_blueprint(blueprint)
    if app.config["API_DOCS"]:
        docs.register(app, api.spec)
