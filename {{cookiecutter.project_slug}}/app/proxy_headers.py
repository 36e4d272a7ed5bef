"""Forwarded headers of trusted proxies."""

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from app.settings import Setting, parse_count

SETTINGS = (
    Setting(
        "TRUSTED_PROXIES", 0, "Proxies in front whose `X-Forwarded-*` headers are trusted.", parse=parse_count
    ),
)


def init_app(app: Flask) -> None:
    """Use the forwarded headers of as many proxies as `TRUSTED_PROXIES` says.

    Each of them appends the IP address of its peer; the scheme is that of the nearest one. The host is
    always that of the `Host` header, which proxies send, too: `X-Forwarded-Host` is ignored.
    """
    if hops := app.config["TRUSTED_PROXIES"]:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=1)
