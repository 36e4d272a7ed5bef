"""Cross-origin resource sharing (CORS): closed to all origins that are not listed."""

import re

from flask import Flask
from flask_cors import CORS

from app.settings import Setting, parse_list

# Scheme, host and port (RFC 6454), also of apps such as capacitor://localhost.
ORIGIN = re.compile(r"[a-z][a-z0-9+.-]*://([a-z0-9.-]+|\[[0-9a-f:.]+])(:[0-9]+)?", re.IGNORECASE)


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
    """Allow the origins in `CORS_ORIGINS`, if there are any, on API paths only.

    flask-cors takes a string with a bracket in it, as IPv6 addresses have, for a regular expression.
    """
    if not app.config["CORS_ORIGINS"]:
        return
    origins = [
        re.compile(rf"{re.escape(origin)}\Z", re.IGNORECASE) if "[" in origin else origin
        for origin in app.config["CORS_ORIGINS"]
    ]
    CORS(
        app,
        resources={r"/api/.*": {"origins": origins}},
        allow_headers=[
            "Authorization",
            "Content-Type",
            "If-Match",
            "If-None-Match",
            "X-Request-ID",
            *app.config.get("WTF_CSRF_HEADERS", []),
        ],
        expose_headers=["ETag", "Link", "Location", "Retry-After", "X-Request-ID"],
        max_age=600,
    )
