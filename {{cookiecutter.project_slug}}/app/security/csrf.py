"""Protection against requests that other websites make in the name of a signed-in browser."""

from flask import Flask, request
from flask_wtf import CSRFProtect

from app.security import guard

HEADER = "X-CSRF-Token"

csrf = CSRFProtect()


def init_app(app: Flask) -> None:
    """Ask for a token wherever a browser proves by itself who is calling, once the guard let it in."""
    app.config.setdefault("WTF_CSRF_HEADERS", [HEADER])
    app.config["WTF_CSRF_CHECK_DEFAULT"] = False
    # The header needs a preflight that CORS answers for listed origins only; they may keep their Referer.
    app.config.setdefault("WTF_CSRF_SSL_STRICT", False)
    csrf.init_app(app)
    app.before_request(check)


def check() -> None:
    """Refuse an unsafe request without the token that belongs to its session.

    Raises:
        flask_wtf.csrf.CSRFError: 400.
    """
    if request.endpoint and (guard.authenticator().is_ambient or not guard.is_protected(request.path)):
        csrf.protect()
