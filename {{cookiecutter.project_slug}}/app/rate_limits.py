"""How often a caller may ask."""

from flask import Flask

from app.extensions import limiter

STORAGE_TIMEOUT = 1  # seconds; a storage that hangs must not hang the service


def init_app(app: Flask) -> None:
    """Count every request but the health checks, in the configured storage."""
    uri = app.config["RATELIMIT_STORAGE_URI"]
    if uri.startswith("redis"):
        app.config.setdefault(
            "RATELIMIT_STORAGE_OPTIONS",
            {"socket_timeout": STORAGE_TIMEOUT, "socket_connect_timeout": STORAGE_TIMEOUT},
        )
    limiter.init_app(app)
    if uri.startswith("memory") and app.config["APP_ENV"] == "production":
        app.logger.warning(
            "Rate limits are counted in the memory of each worker: the real limit is %s times %s."
            " Set RATELIMIT_STORAGE_URI to a Redis server to share them.",
            app.config["WEB_CONCURRENCY"] or "the number of workers",
            app.config["RATELIMIT_DEFAULT"],
        )
