"""Views that are coroutine functions, under the decorators of the API."""

import asyncio
from http import HTTPStatus
from typing import Any

import pytest
from flask import Flask
from flask.views import MethodView
from marshmallow import Schema
from sqlalchemy import text

from app.api.rest import Blueprint
from app.exceptions import ConflictError
from app.extensions import db, limiter
from app.schemas.fields import Text

URL = "/api/v1/greetings"


class GreetingSchema(Schema):
    """A name to greet."""

    name = Text(max_length=20, required=True)


async def fetch(value: str) -> str:
    """Wait for another service, as it were."""
    await asyncio.sleep(0)
    return value


def add_greetings(app: Flask) -> None:
    """Add a resource whose views are coroutine functions."""
    blp = Blueprint("greetings", __name__, url_prefix=URL)

    @blp.route("")
    @blp.etag
    class Greetings(MethodView):
        @limiter.limit("2 per hour")
        @blp.response(HTTPStatus.OK, GreetingSchema)
        async def get(self):
            first, last = await asyncio.gather(fetch("Ada"), fetch("Lovelace"))
            return {"name": f"{first} {last}", "secret": "not in the schema"}

        @blp.arguments(GreetingSchema)
        @blp.response(HTTPStatus.CREATED, GreetingSchema)
        async def post(self, values: dict[str, Any]):
            return {"name": await fetch(values["name"])}

        async def put(self):
            await fetch("")
            raise ConflictError("The name is taken.")

        async def patch(self):
            await fetch("")
            raise ZeroDivisionError

        @blp.response(HTTPStatus.OK, GreetingSchema)
        async def delete(self):
            await fetch("")
            return {"name": db.session.scalar(text("SELECT 'Grace'"))}

    app.register_blueprint(blp)


@pytest.fixture
def app(make_app):
    """An app with these views, which counts requests."""
    return make_app(add_greetings, RATELIMIT_ENABLED=True, PROPAGATE_EXCEPTIONS=False)


def test_async_view_waits_for_several_things_and_keeps_to_its_schema(client, auth_headers):
    response = client.get(URL, headers=auth_headers)

    assert (response.status_code, response.json) == (200, {"name": "Ada Lovelace"})
    assert "ETag" in response.headers


def test_async_view_gets_its_arguments(client, auth_headers):
    response = client.post(URL, headers=auth_headers, json={"name": "Ada"})

    assert (response.status_code, response.json) == (201, {"name": "Ada"})


def test_invalid_arguments_of_an_async_view_are_rejected(client, auth_headers):
    response = client.post(URL, headers=auth_headers, json={"name": "x" * 21})

    assert response.status_code == 400
    assert "name" in response.json["errors"]


def test_requests_to_an_async_view_are_limited(client, auth_headers):
    assert [client.get(URL, headers=auth_headers).status_code for _ in range(3)] == [200, 200, 429]


@pytest.mark.parametrize(("method", "status"), [("put", 409), ("patch", 500)])
def test_error_of_an_async_view_is_a_problem(method, status, client, auth_headers):
    response = client.open(URL, method=method, headers=auth_headers)

    assert (response.status_code, response.mimetype) == (status, "application/problem+json")


def test_async_view_uses_the_session_of_its_request(client, auth_headers, db_session):
    assert client.delete(URL, headers=auth_headers).json == {"name": "Grace"}
