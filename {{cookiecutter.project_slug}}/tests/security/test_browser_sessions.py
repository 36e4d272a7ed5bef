"""Tests of the names of cookies."""

import pytest
from flask.sessions import SecureCookieSessionInterface

from app.security.browser_sessions import SLUG, SkewTolerantSessions
from tests.echo import ECHO, add_echo


@pytest.fixture
def names(make_app):
    """Return a function that returns the names of the cookies with some settings."""

    def names(**settings: object) -> list[str]:
        config = make_app(**settings).config
        return [config["SESSION_COOKIE_NAME"], config["REMEMBER_COOKIE_NAME"]]

    return names


def test_local_cookies_are_named_after_the_project(names):
    assert names() == [f"{SLUG}-session", f"{SLUG}-remember"]


def test_cookies_over_https_have_the_prefix_of_the_host(names):
    assert names(SESSION_COOKIE_SECURE=True) == [f"__Host-{SLUG}-session", f"__Host-{SLUG}-remember"]


@pytest.mark.parametrize(
    "setting", [{"SESSION_COOKIE_DOMAIN": "example.com"}, {"SESSION_COOKIE_PATH": "/service"}]
)
def test_cookie_for_other_hosts_or_some_paths_has_no_prefix(names, setting):
    expected = [f"{SLUG}-session", f"__Host-{SLUG}-remember"]

    assert names(SESSION_COOKIE_SECURE=True, **setting) == expected


def test_configured_name_is_used(names):
    assert names(SESSION_COOKIE_NAME="sid")[0] == "sid"


def test_other_root_of_the_application_keeps_the_path(make_app):
    app = make_app(APPLICATION_ROOT="/service")

    assert app.session_interface.get_cookie_path(app) == "/"


def test_request_without_a_cookie_is_not_verified(make_app, monkeypatch):
    monkeypatch.delattr(SkewTolerantSessions, "get_signing_serializer")
    monkeypatch.delattr(SecureCookieSessionInterface, "get_signing_serializer")
    client = make_app(add_echo).test_client()

    assert client.get(ECHO).status_code == 200
