"""Protection against cross-site request forgery (CSRF)."""

from http import HTTPStatus

from apispec import APISpec
from flask import Flask, request
from flask_wtf import CSRFProtect

from app.security import guard

HEADER = "X-CSRF-Token"
SCHEME = "csrfToken"
UNSAFE = ("post", "put", "patch", "delete")

csrf = CSRFProtect()


def init_app(app: Flask) -> None:
    """Require CSRF tokens where cookies authenticate; checked after authentication."""
    app.config.setdefault("WTF_CSRF_HEADERS", [HEADER])
    app.config["WTF_CSRF_CHECK_DEFAULT"] = False
    # Tokens live as long as their session: a form that stayed open for hours can be submitted, and
    # clocks of hosts may differ.
    app.config.setdefault("WTF_CSRF_TIME_LIMIT", None)
    # The custom header needs a CORS preflight, so the Referer check is redundant; some clients omit it.
    app.config.setdefault("WTF_CSRF_SSL_STRICT", False)
    csrf.init_app(app)
    app.before_request(check)


def describe(document: APISpec) -> None:
    """Document that all unsafe operations require the token, public ones included."""
    document.components.security_scheme(SCHEME, {"type": "apiKey", "in": "header", "name": HEADER})
    bad_request = document.components.get_ref("response", HTTPStatus.BAD_REQUEST.name)
    for operation in guard.operations_of(document, *UNSAFE):
        needed = operation.get("security", document.options["security"]) or [{}]
        operation["security"] = [{**schemes, SCHEME: []} for schemes in needed]
        operation["responses"].setdefault("400", bad_request)


def check() -> None:
    """Reject unsafe requests without the CSRF token of their session.

    Raises:
        flask_wtf.csrf.CSRFError: 400.
    """
    if request.endpoint and (guard.authenticator().uses_cookies or not guard.is_protected(request.path)):
        csrf.protect()
