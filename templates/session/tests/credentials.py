"""How a client proves who is calling; no other file of the tests knows."""

from collections.abc import Mapping
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

CSRF = "/api/v1/auth/csrf"
PASSWORD = "correct horse battery staple"
UNSAFE = {"DELETE", "PATCH", "POST"}


class HeaderClient(FlaskClient):
    """A client that keeps no cookies: the headers of a request say who is calling.

    A stranger's unsafe request gets a token first, as every browser has to.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Forget cookies."""
        super().__init__(*args, **kwargs | {"use_cookies": False})

    def open(self, *args: Any, headers: Mapping[str, str] | None = None, **kwargs: Any) -> TestResponse:
        """Send a request."""
        headers = headers or {}
        if kwargs.get("method") in UNSAFE and "Cookie" not in headers:
            headers = {**stranger(self.application), **headers}
        return super().open(*args, headers=headers, **kwargs)


@pytest.fixture(autouse=True)
def clients_without_cookies(monkeypatch: pytest.MonkeyPatch) -> None:
    """Give every test such clients."""
    monkeypatch.setattr(Flask, "test_client_class", HeaderClient)


def browser(app: Any) -> FlaskClient:
    """Return a client that keeps cookies and fetches no tokens by itself."""
    return FlaskClient(app, app.response_class)


def stranger(app: Any) -> dict[str, str]:
    """Return the headers of somebody who has a token and is not signed in."""
    return headers_of(browser(app))


def credentials(client: FlaskClient, email: str, password: str = PASSWORD) -> dict[str, str]:
    """Sign in over HTTP and return the headers that prove it."""
    visitor = browser(client.application)
    body = {"email": email, "password": password}
    answer = visitor.post("/api/v1/auth/login", json=body, headers=csrf_header(visitor))
    assert answer.status_code == 200, answer.text
    return headers_of(visitor)


def headers_of(visitor: FlaskClient) -> dict[str, str]:
    """Return what a browser sends: its cookies, and the token of its session."""
    token = csrf_header(visitor)
    cookie = visitor.get_cookie("session")
    assert cookie is not None
    return {"Cookie": f"session={cookie.value}", **token}


def csrf_header(visitor: FlaskClient) -> dict[str, str]:
    """Return the header that an unsafe request of this browser needs."""
    return {"X-CSRF-Token": visitor.get(CSRF).get_json()["csrf_token"]}
