"""What every response tells the browser to refuse."""

import pytest

from app.security.headers import HEADERS, STRICT_POLICY
from tests.echo import ECHO, add_echo

PATHS = ["/health", ECHO, "/api/openapi.json", "/api/docs/swagger-ui.css", "/nothing"]


def add_views(app):
    """Add a view that fails, and one with a policy of its own."""
    own = {"Content-Security-Policy": "default-src 'self'"}
    app.add_url_rule("/fail", "fail", lambda: 1 / 0)
    app.add_url_rule("/page", "page", lambda: ("", own))


@pytest.fixture
def client(make_app):
    """A client of an app with these views and a resource."""
    return make_app(add_echo, add_views).test_client()


@pytest.mark.parametrize("path", PATHS)
def test_every_answer_has_the_headers(client, path):
    with client.get(path) as response:
        headers = {name: response.headers.get(name) for name in HEADERS}

    assert headers == HEADERS


def test_the_policy_allows_nothing():
    assert STRICT_POLICY.startswith("default-src 'none'; frame-ancestors 'none'")


def test_an_unexpected_error_has_the_headers(client):
    response = client.get("/fail")

    assert response.status_code == 500
    assert response.headers["Content-Security-Policy"] == STRICT_POLICY


def test_a_page_keeps_a_policy_of_its_own(client):
    response = client.get("/page")

    assert response.headers.get_all("Content-Security-Policy") == ["default-src 'self'"]


@pytest.mark.parametrize(("url", "sent"), [("http://localhost", False), ("https://localhost", True)])
def test_browsers_are_held_to_tls_only_over_tls(client, url, sent):
    response = client.get("/health", base_url=url)

    assert ("Strict-Transport-Security" in response.headers) is sent


@pytest.mark.parametrize("path", [ECHO, "/api/v1/nothing"])
def test_answers_of_the_api_are_not_stored(client, path):
    assert client.get(path).headers["Cache-Control"] == "no-store"
