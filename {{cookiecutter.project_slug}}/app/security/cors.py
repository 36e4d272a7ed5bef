"""Cross-origin resource sharing (CORS): closed to all origins that are not listed."""

import re

from flask import Flask
from flask_cors import CORS

from app.settings import Setting, parse_list

# flask-cors takes everything with a `*`, `?` or `[` in it for a regular expression.
ORIGIN = re.compile(r"https?://[a-z0-9.-]+(:[0-9]+)?", re.IGNORECASE)


def validate_origins(origins: tuple[str, ...]) -> str | None:
    """Reject patterns, which would let other sites in."""
    if all(ORIGIN.fullmatch(origin) for origin in origins):
        return None
    return "must list origins like https://app.example.com, and no patterns"


SETTINGS = (
    Setting(
        "CORS_ORIGINS",
        (),
        "Origins whose scripts may call the API, separated by commas.",
        parse=parse_list,
        validate=validate_origins,
    ),
)


def init_app(app: Flask) -> None:
    """Allow the origins in `CORS_ORIGINS`, on API paths only."""
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
