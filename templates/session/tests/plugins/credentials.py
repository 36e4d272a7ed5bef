"""How a client authenticates; no other module of the tests depends on the kind of authentication."""

from collections.abc import Mapping
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.session_clients import cookie_client, csrf_header, session_headers

PASSWORD = "correct horse battery staple"
UNSAFE = {"DELETE", "PATCH", "POST"}


class HeaderClient(FlaskClient):
    """A client that keeps no cookies: the headers of a request carry the session.

    An unsafe request without credentials fetches a CSRF token first, as browsers have to.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Switch cookies off."""
        super().__init__(*args, **kwargs | {"use_cookies": False})

    def open(self, *args: Any, headers: Mapping[str, str] | None = None, **kwargs: Any) -> TestResponse:
        """Send a request."""
        headers = headers or {}
        if kwargs.get("method") in UNSAFE and "Cookie" not in headers:
            headers = {**session_headers(cookie_client(self.application)), **headers}
        return super().open(*args, headers=headers, **kwargs)


@pytest.fixture(autouse=True)
def clients_without_cookies(monkeypatch: pytest.MonkeyPatch) -> None:
    """Use such clients in all tests."""
    monkeypatch.setattr(Flask, "test_client_class", HeaderClient)


def credentials(client: FlaskClient, email: str, password: str = PASSWORD) -> dict[str, str]:
    """Log in over HTTP and return the headers of authenticated requests."""
    session_client = cookie_client(client.application)
    body = {"email": email, "password": password}
    response = session_client.post("/api/v1/auth/login", json=body, headers=csrf_header(session_client))
    assert response.status_code == 200, response.text
    return session_headers(session_client)
