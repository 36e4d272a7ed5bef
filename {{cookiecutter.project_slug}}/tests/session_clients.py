"""Browsers: they keep cookies, and need a token for every unsafe request."""

from typing import Any

from flask.testing import FlaskClient

CSRF = "/api/v1/auth/csrf"


def browser(app: Any) -> FlaskClient:
    """Return a browser that nobody is logged in with; it fetches no tokens by itself."""
    return FlaskClient(app, app.response_class)


def csrf_header(client: FlaskClient) -> dict[str, str]:
    """Return the header that an unsafe request of a browser needs."""
    return {"X-CSRF-Token": client.get(CSRF).get_json()["csrf_token"]}


def headers_of(client: FlaskClient) -> dict[str, str]:
    """Return what a browser sends: its cookie, and the token of its session."""
    token = csrf_header(client)
    cookie = client.get_cookie("session")
    assert cookie is not None
    return {"Cookie": f"session={cookie.value}", **token}
