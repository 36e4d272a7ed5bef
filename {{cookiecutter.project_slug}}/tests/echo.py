"""A resource that only tests have, open to everyone, whatever resources the service has."""

from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from flask.views import MethodView
from marshmallow import Schema

from app.api.rest import Blueprint
from app.schemas.fields import PositiveInteger, StrictBoolean, Text

ECHO = "/api/v1/echo"


class EchoSchema(Schema):
    """What the echo takes."""

    word = Text(max_length=100, required=True)
    loud = StrictBoolean()


class EchoQuerySchema(Schema):
    """What the echo takes in a query."""

    times = PositiveInteger(maximum=3)


def client_of_echo(app: Flask) -> FlaskClient:
    """Let an app say back what it is told, and return a client of it."""
    app.extensions["flask-smorest"]["apis"][""]["ext_obj"].register_blueprint(echo())
    return app.test_client()


def echo() -> Blueprint:
    """Make the resource, a part of the API and of its document."""
    blp = Blueprint("echo", __name__, url_prefix=ECHO)

    @blp.route("")
    class Echo(MethodView):
        @blp.arguments(EchoQuerySchema, location="query")
        @blp.response(200, EchoQuerySchema)
        def get(self, query: dict[str, Any]) -> dict[str, Any]:
            """Say a query back."""
            return query

        @blp.arguments(EchoSchema)
        @blp.response(200, EchoSchema)
        def post(self, data: dict[str, Any]) -> dict[str, Any]:
            """Say a body back."""
            return data

    @blp.route("/<id:number>")
    class EchoItem(MethodView):
        @blp.response(200, EchoQuerySchema)
        def get(self, number: int) -> dict[str, int]:
            """Say a number back."""
            return {"times": number}

    for view in (Echo.get, Echo.post, EchoItem.get):
        vars(view)["is_public"] = True  # where the API asks who is calling
    return blp
