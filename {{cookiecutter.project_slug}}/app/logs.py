"""Request ids, and logs for people in development and for machines in production."""

import re
import time
import uuid
from logging import Filter, LogRecord, getLogger
from logging.config import dictConfig
from typing import Any

from flask import Flask, Response, g, has_request_context, request

from app.settings import Setting, parse_log_level

SETTINGS = (
    Setting(
        "LOG_LEVEL",
        "INFO",
        "`DEBUG`, `INFO`, `WARNING`, `ERROR` or `CRITICAL`.",
        parse=parse_log_level,
        development="DEBUG",
    ),
    Setting("LOG_JSON", False, "Whether logs are JSON, one object a line.", production=True),
)

REQUEST_ID_HEADER = "X-Request-ID"
# The format of other services' ids; other characters could forge lines of a log.
REQUEST_ID_PATTERN = re.compile(r"[A-Za-z0-9._-]{1,128}")

access_log = getLogger("app.access")


class MalformedRequestFilter(Filter):
    """Remove what gunicorn quotes of requests that it cannot parse: it may be a token."""

    def filter(self, record: LogRecord) -> bool:
        """Keep the IP address and what is wrong."""
        if isinstance(record.msg, str) and record.msg.startswith("Invalid request from ip="):
            record.msg = re.split(":? ['\"]", record.msg, maxsplit=1)[0]
        return True


class RequestIdFilter(Filter):
    """Mark every record with the request it belongs to."""

    def filter(self, record: LogRecord) -> bool:
        """Add `request_id`, a dash outside requests."""
        record.request_id = g.get("request_id", "-") if has_request_context() else "-"
        return True


def init_app(app: Flask) -> None:
    """Configure logging for the process and log every request once."""
    dictConfig(logging_config(app.config["LOG_LEVEL"], as_json=app.config["LOG_JSON"]))
    app.before_request(start_request)
    app.after_request(finish_request)


def logging_config(level: str, *, as_json: bool) -> dict[str, Any]:
    """Return the `dictConfig` of one stream to standard output.

    gunicorn's and Werkzeug's own loggers join the stream; Werkzeug's request lines would only repeat ours.
    """
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "filters": {
            "malformed_request": {"()": MalformedRequestFilter},
            "request_id": {"()": RequestIdFilter},
        },
        "formatters": {
            "json": {
                "()": "pythonjsonlogger.json.JsonFormatter",
                "format": "{asctime}{levelname}{name}{message}{request_id}",
                "style": "{",
                "datefmt": "%Y-%m-%dT%H:%M:%S%z",
                "rename_fields": {"asctime": "time", "levelname": "level", "name": "logger"},
            },
            "text": {
                "format": "{asctime} {levelname:<7} {name} [{request_id}] {message}",
                "style": "{",
            },
        },
        "handlers": {
            "stdout": {
                "class": "logging.StreamHandler",
                "stream": "ext://sys.stdout",
                "filters": ["request_id"],
                "formatter": "json" if as_json else "text",
            }
        },
        "root": {"level": level, "handlers": ["stdout"]},
        "loggers": {
            "app": {"level": level, "handlers": [], "propagate": True},
            "app.security": {"level": "INFO"},  # complete, even where LOG_LEVEL hides the rest
            "gunicorn.error": {
                "level": "INFO",
                "handlers": [],
                "filters": ["malformed_request"],
                "propagate": True,
            },
            "werkzeug": {"level": "WARNING", "handlers": [], "propagate": True},
            "alembic": {"level": "INFO", "handlers": [], "propagate": True},
            "alembic.runtime.plugins": {"level": "WARNING"},
        },
    }


def start_request() -> None:
    """Give the request an id, the sender's if it is a sane one, and start its clock."""
    given = request.headers.get(REQUEST_ID_HEADER, "")
    g.request_id = given if REQUEST_ID_PATTERN.fullmatch(given) else uuid.uuid4().hex
    g.started = time.perf_counter()


def finish_request(response: Response) -> Response:
    """Return the id to the sender and log the request: never its body, query or headers."""
    response.headers[REQUEST_ID_HEADER] = g.request_id
    facts = {
        "method": request.method,
        "path": request.path,
        "status": response.status_code,
        "duration_ms": round((time.perf_counter() - g.started) * 1000, 1),
        "user_id": g.get("user_id"),
    }
    access_log.info("%(method)s %(path)r %(status)s in %(duration_ms)s ms", facts, extra=facts)
    return response
