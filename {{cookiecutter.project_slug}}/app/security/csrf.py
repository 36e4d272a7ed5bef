"""Protection against cross-site request forgery (CSRF)."""

from apispec import APISpec
from flask import Flask, request
from flask_wtf import CSRFProtect

from app.security import guard

HEADER = "X-CSRF-Token"
SCHEME = "csrfToken"
UNSAFE = {"delete", "patch", "post"}

csrf = CSRFProtect()


def init_app(app: Flask) -> None:
    """Require CSRF tokens where cookies authenticate; checked after authentication."""
    app.config.setdefault("WTF_CSRF_HEADERS", [HEADER])
    app.config["WTF_CSRF_CHECK_DEFAULT"] = False
    # Tokens live as long as their session, so that a form that stayed open for hours can be submitted.
    app.config.setdefault("WTF_CSRF_TIME_LIMIT", app.config["BROWSER_SESSION_LIFETIME"])
    # The custom header needs a CORS preflight, so the Referer check is redundant; some clients omit it.
    app.config.setdefault("WTF_CSRF_SSL_STRICT", False)
    csrf.init_app(app)
    app.before_request(check)
    with app.app_context():
        if guard.authenticator().uses_cookies:
            describe(guard.api_document(app))


def describe(document: APISpec) -> None:
    """Document that all unsafe operations require the token, public ones included."""
    document.components.security_scheme(SCHEME, {"type": "apiKey", "in": "header", "name": HEADER})
    for operations in document._paths.values():  # noqa: SLF001 - apispec has no public accessor
        for method in UNSAFE & operations.keys():
            needed = operations[method].get("security", document.options["security"]) or [{}]
            operations[method]["security"] = [{**schemes, SCHEME: []} for schemes in needed]


def check() -> None:
    """Reject unsafe requests without the CSRF token of their session.

    Raises:
        flask_wtf.csrf.CSRFError: 400.
    """
    if request.endpoint and (guard.authenticator().uses_cookies or not guard.is_protected(request.path)):
        csrf.protect()
