"""Logins to the pages: a kind of browser session, with lifetimes of its own.

A browser has one session cookie, so the pages also accept logins to the admin and, with session cookies,
to the API.
"""

from flask import Flask, g, request

from app.security import browser_sessions
from app.security.guard import Identity
from app.security.lifetimes import DAY, HOUR, lifetime_setting

KIND = "pages"
BLUEPRINT = "pages"
SETTINGS = (
    lifetime_setting("PAGES_LIFETIME", 12 * HOUR, "Seconds until a user of the pages is logged out"),
    lifetime_setting(
        "PAGES_REMEMBER_LIFETIME", 90 * DAY, "Seconds, where a user of the pages stays logged in"
    ),
    lifetime_setting(
        "PAGES_IDLE_TIMEOUT", 30 * DAY, "Seconds without requests until a user of the pages is logged out"
    ),
)


def init_app(app: Flask) -> None:
    """Authenticate requests to pages by cookie."""
    browser_sessions.register_kind(app, KIND, "PAGES_IDLE_TIMEOUT")
    app.before_request(load_identity)


def load_identity() -> None:
    """Load the identity of a request to a page; static files need none."""
    if not is_page_request() or request.endpoint == f"{BLUEPRINT}.assets.show":
        return
    if login := browser_sessions.current_login():
        g.identity = Identity(login.user, login.session_id)
        g.user_id = login.user.id


def is_page_request() -> bool:
    """Return whether the request is for a page or one of its files."""
    return BLUEPRINT in request.blueprints
