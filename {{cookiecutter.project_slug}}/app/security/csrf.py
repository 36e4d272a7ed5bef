"""Protection against requests that other websites make in the name of a signed-in browser."""

from apispec import APISpec
from flask import Flask, request
from flask_wtf import CSRFProtect

from app.security import guard

HEADER = "X-CSRF-Token"
SCHEME = "csrfToken"
UNSAFE = {"delete", "patch", "post"}

csrf = CSRFProtect()


def init_app(app: Flask) -> None:
    """Ask for a token wherever a browser proves by itself who is calling, once the guard let it in."""
    app.config.setdefault("WTF_CSRF_HEADERS", [HEADER])
    app.config["WTF_CSRF_CHECK_DEFAULT"] = False
    # What somebody writes for hours is not lost; a token is worth nothing without its session anyway.
    app.config.setdefault("WTF_CSRF_TIME_LIMIT", app.config["BROWSER_SESSION_LIFETIME"])
    # The header needs a preflight that CORS answers for listed origins only; they may keep their Referer.
    app.config.setdefault("WTF_CSRF_SSL_STRICT", False)
    csrf.init_app(app)
    app.before_request(check)
    with app.app_context():
        if guard.authenticator().uses_cookies:
            describe(guard.api_document(app))


def describe(document: APISpec) -> None:
    """Say in the API's document that unsafe requests need the token, those of strangers too."""
    document.components.security_scheme(SCHEME, {"type": "apiKey", "in": "header", "name": HEADER})
    for operations in document._paths.values():  # noqa: SLF001 - there is no other way to all operations
        for verb in UNSAFE & operations.keys():
            needed = operations[verb].get("security", document.options["security"]) or [{}]
            operations[verb]["security"] = [{**schemes, SCHEME: []} for schemes in needed]


def check() -> None:
    """Refuse an unsafe request without the token that belongs to its session.

    Raises:
        flask_wtf.csrf.CSRFError: 400.
    """
    if request.endpoint and (guard.authenticator().uses_cookies or not guard.is_protected(request.path)):
        csrf.protect()
