"""Which websites' scripts may call the API: none, unless they are listed."""

from flask import Flask
from flask_cors import CORS


def init_app(app: Flask) -> None:
    """Answer the origins in `CORS_ORIGINS`, on API paths only."""
    CORS(
        app,
        resources={r"/api/.*": {"origins": list(app.config["CORS_ORIGINS"])}},
        allow_headers=[
            "Authorization",
            "Content-Type",
            "X-Request-ID",
            *app.config.get("WTF_CSRF_HEADERS", []),
        ],
        expose_headers=["Link", "Location", "Retry-After", "X-Request-ID"],
        max_age=600,
    )
