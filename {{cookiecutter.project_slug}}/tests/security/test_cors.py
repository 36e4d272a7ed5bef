"""Which websites' scripts may call the API."""

import pytest

from tests.echo import ECHO, add_echo

LISTED = "https://app.example.com"
ALLOW_ORIGIN = "Access-Control-Allow-Origin"


@pytest.fixture
def client(make_app):
    """A client of an app that knows one origin."""
    return make_app(add_echo, CORS_ORIGINS=[LISTED]).test_client()


def preflight(client, origin: str, path: str = ECHO):
    """Ask what a browser asks before it sends a script's request."""
    headers = {"Origin": origin, "Access-Control-Request-Method": "POST"}
    return client.options(path, headers=headers)


def test_by_default_no_origin_is_let_in(make_app):
    response = make_app(add_echo).test_client().get(ECHO, headers={"Origin": LISTED})

    assert ALLOW_ORIGIN not in response.headers


def test_by_default_no_preflight_is_let_in(make_app):
    assert ALLOW_ORIGIN not in preflight(make_app(add_echo).test_client(), LISTED).headers


def test_a_listed_origin_is_let_in(client):
    response = client.get(ECHO, headers={"Origin": LISTED})

    assert response.headers[ALLOW_ORIGIN] == LISTED


@pytest.mark.parametrize("origin", ["capacitor://localhost", "http://[::1]:3000"])
def test_listed_origin_with_another_scheme_or_an_ipv6_address_is_let_in(make_app, origin):
    client = make_app(add_echo, CORS_ORIGINS=[origin]).test_client()

    assert client.get(ECHO, headers={"Origin": origin}).headers[ALLOW_ORIGIN] == origin


@pytest.mark.parametrize("origin", ["http://1:3000", "http://::3000", "http://[::1]:30000", "http://[::1]"])
def test_ipv6_address_is_no_pattern(make_app, origin):
    client = make_app(add_echo, CORS_ORIGINS=["http://[::1]:3000"]).test_client()

    assert ALLOW_ORIGIN not in client.get(ECHO, headers={"Origin": origin}).headers


@pytest.mark.parametrize(
    "origin",
    [
        "https://evil.example",
        "http://app.example.com",
        "https://app.example.com:8443",
        "https://app.example.com.evil.example",
        "https://appXexample.com",
        "https://sub.app.example.com",
        "null",
    ],
)
def test_an_origin_that_is_not_listed_stays_out(client, origin):
    assert ALLOW_ORIGIN not in client.get(ECHO, headers={"Origin": origin}).headers


def test_the_preflight_of_a_listed_origin_is_answered_without_logging_in(client):
    response = preflight(client, LISTED)

    assert response.status_code == 200
    assert response.headers[ALLOW_ORIGIN] == LISTED
    assert "POST" in response.headers["Access-Control-Allow-Methods"]


@pytest.mark.parametrize("header", ["If-Match", "If-None-Match", "X-Request-ID"])
def test_scripts_may_send_the_headers_that_they_need(client, header):
    headers = {"Origin": LISTED, "Access-Control-Request-Method": "PATCH"}
    headers["Access-Control-Request-Headers"] = header

    assert client.options(ECHO, headers=headers).headers["Access-Control-Allow-Headers"] == header


def test_the_preflight_of_another_origin_allows_nothing(client):
    assert ALLOW_ORIGIN not in preflight(client, "https://evil.example").headers


def test_scripts_may_read_errors(client):
    response = client.get(f"{ECHO}?times=0", headers={"Origin": LISTED})

    assert response.status_code == 400
    assert response.headers[ALLOW_ORIGIN] == LISTED


def test_scripts_may_read_the_headers_that_they_need(client):
    response = client.get(ECHO, headers={"Origin": LISTED})

    exposed = set(response.headers["Access-Control-Expose-Headers"].split(", "))
    assert exposed == {"ETag", "Link", "Location", "Retry-After", "X-Request-ID"}


def test_outside_the_api_no_origin_is_let_in(client):
    answers = [client.get(path, headers={"Origin": LISTED}) for path in ("/health", "/api", "/apix")]

    assert not [response for response in answers if ALLOW_ORIGIN in response.headers]
