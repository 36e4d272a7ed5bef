"""Clients that keep cookies and send CSRF tokens, as browsers do."""

from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import Cookie

CSRF = "/api/v1/auth/csrf"


def cookie_client(app: Any) -> FlaskClient:
    """Return a client that keeps cookies; it fetches no CSRF tokens by itself."""
    return FlaskClient(app, app.response_class)


def csrf_header(client: FlaskClient) -> dict[str, str]:
    """Fetch a CSRF token and return the header that unsafe requests need."""
    return {"X-CSRF-Token": client.get(CSRF).get_json()["csrf_token"]}


def session_headers(client: FlaskClient) -> dict[str, str]:
    """Return the session cookie of a client and a CSRF token as headers."""
    token = csrf_header(client)
    cookie = get_cookie(client)
    assert cookie is not None
    return {"Cookie": f"{cookie.key}={cookie.value}", **token}


def get_cookie(client: FlaskClient, setting: str = "SESSION_COOKIE_NAME") -> Cookie | None:
    """Return the cookie that a setting names, if the client has it."""
    return client.get_cookie(client.application.config[setting])
