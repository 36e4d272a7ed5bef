"""How a client proves who is calling; no other file of the tests knows."""

from collections.abc import Mapping
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.session_clients import browser, csrf_header, headers_of

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
            headers = {**headers_of(browser(self.application)), **headers}
        return super().open(*args, headers=headers, **kwargs)


@pytest.fixture(autouse=True)
def clients_without_cookies(monkeypatch: pytest.MonkeyPatch) -> None:
    """Give every test such clients."""
    monkeypatch.setattr(Flask, "test_client_class", HeaderClient)


def credentials(client: FlaskClient, email: str, password: str = PASSWORD) -> dict[str, str]:
    """Log in over HTTP and return the headers that prove it."""
    browser_client = browser(client.application)
    body = {"email": email, "password": password}
    response = browser_client.post("/api/v1/auth/login", json=body, headers=csrf_header(browser_client))
    assert response.status_code == 200, response.text
    return headers_of(browser_client)
