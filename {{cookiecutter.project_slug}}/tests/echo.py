"""A resource for tests that returns its input; it exists whatever resources the service has."""

from typing import Any

from flask import Flask
from flask.views import MethodView
from marshmallow import Schema

from app.api.rest import Blueprint
from app.schemas.fields import PositiveInteger, StrictBoolean, Text

ECHO = "/api/v1/echo"


class EchoSchema(Schema):
    """The body of a request."""

    word = Text(max_length=100, required=True)
    loud = StrictBoolean()


class EchoQuerySchema(Schema):
    """The query of a request."""

    times = PositiveInteger(maximum=3)


def add_echo(app: Flask) -> None:
    """Register the resource as a part of the API and of its document."""
    app.extensions["flask-smorest"]["apis"][""]["ext_obj"].register_blueprint(create_blueprint())


def create_blueprint() -> Blueprint:
    """Create the blueprint; its views are public."""
    blp = Blueprint("echo", __name__, url_prefix=ECHO)

    @blp.route("")
    class Echo(MethodView):
        @blp.arguments(EchoQuerySchema, location="query")
        @blp.response(200, EchoQuerySchema)
        def get(self, query: dict[str, Any]) -> dict[str, Any]:
            """Return the query."""
            return query

        @blp.arguments(EchoSchema)
        @blp.response(200, EchoSchema)
        def post(self, data: dict[str, Any]) -> dict[str, Any]:
            """Return the body."""
            return data

    @blp.route("/<id:number>")
    class EchoNumberItem(MethodView):
        @blp.response(200, EchoQuerySchema)
        def get(self, number: int) -> dict[str, int]:
            """Return the number in the path."""
            return {"times": number}

    for view in (Echo.get, Echo.post, EchoNumberItem.get):
        vars(view)["is_public"] = True  # as `guard.public` does, which not every variant has
    return blp
