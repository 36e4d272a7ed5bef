"""Trusted hosts, and forwarded headers of trusted proxies."""

from flask import Flask, request
from werkzeug.middleware.proxy_fix import ProxyFix

from app.settings import Setting, parse_bool, parse_count

# The headers that Werkzeug's ProxyFix reads, and their standard (RFC 7239), as WSGI names them.
FORWARDED_HEADERS = {
    "HTTP_FORWARDED",
    "HTTP_X_FORWARDED_FOR",
    "HTTP_X_FORWARDED_PREFIX",
    "HTTP_X_FORWARDED_PROTO",
}

SETTINGS = (
    Setting(
        "TRUSTED_PROXIES", 0, "Proxies in front whose `X-Forwarded-*` headers are trusted.", parse=parse_count
    ),
    Setting(
        "TRUST_FORWARDED_PREFIX",
        False,
        "Whether the nearest of these proxies sends the path under which it serves as `X-Forwarded-Prefix`.",
        parse=parse_bool,
    ),
)


def init_app(app: Flask) -> None:
    """Use the forwarded headers of as many proxies as `TRUSTED_PROXIES` says.

    Each of them appends the IP address of its peer; scheme and prefix are those of the nearest one. The
    host is always that of the `Host` header, which proxies send, too: `X-Forwarded-Host` is ignored.
    """
    if app.config["TRUSTED_HOSTS"] is None and app.config["APP_ENV"] == "production":
        app.logger.warning("Requests may name any host. Set TRUSTED_HOSTS to the names of the service.")
    if hops := app.config["TRUSTED_PROXIES"]:
        prefix = int(app.config["TRUST_FORWARDED_PREFIX"])
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=1, x_prefix=prefix)
    else:
        warn_about_forwarded_headers(app)


def warn_about_forwarded_headers(app: Flask) -> None:
    """Log once in each worker that a proxy seems to be in front although none is configured."""
    is_logged = False

    @app.before_request
    def warn() -> None:
        nonlocal is_logged
        if not is_logged and not FORWARDED_HEADERS.isdisjoint(request.environ):
            is_logged = True
            app.logger.warning(
                "Forwarded headers are ignored, because TRUSTED_PROXIES is 0: all clients of a proxy share"
                " its IP address and rate limit. Set TRUSTED_PROXIES to the number of proxies in front."
            )
