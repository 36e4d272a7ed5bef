"""What is measured, and `/metrics`."""

import hmac
import os
import platform
import time
from functools import lru_cache
from http import HTTPMethod, HTTPStatus

from flask import Flask, Response, current_app, g, request
from prometheus_client import (
    CONTENT_TYPE_LATEST,
    REGISTRY,
    CollectorRegistry,
    Gauge,
    Histogram,
    generate_latest,
)
from sqlalchemy import event

from app.error_handlers import problem
from app.extensions import db

METHODS = frozenset(HTTPMethod)

# Its count is the number of requests: a counter of its own would cost each of them 5 us.
DURATION = Histogram(
    "http_request_duration_seconds", "Seconds until a response began.", ("method", "endpoint", "status")
)
IN_PROGRESS = Gauge("http_requests_in_progress", "Running requests.", multiprocess_mode="livesum")
CONNECTIONS = Gauge("database_connections_in_use", "Used connections.", multiprocess_mode="livesum")
# What is the same in all workers; looked at for each scrape.
AT_SCRAPE = CollectorRegistry(auto_describe=False)
BUILD = Gauge("build_info", "What runs.", ("revision", "python"), multiprocess_mode="livemostrecent")


def init_app(app: Flask) -> None:
    """Measure requests and connections, and serve the metrics."""
    app.before_request(start_request)
    app.after_request(finish_request)
    app.teardown_request(end_request)
    app.add_url_rule("/metrics", "metrics", metrics)
    with app.app_context():
        event.listen(db.engine, "checkout", lambda *_: CONNECTIONS.inc())
        event.listen(db.engine, "checkin", lambda *_: CONNECTIONS.dec())
    BUILD.labels(app.config["REVISION"], platform.python_version()).set(1)


def start_request() -> None:
    """Count a running request."""
    g.in_progress = True
    IN_PROGRESS.inc()


def finish_request(response: Response) -> Response:
    """Measure a request by its endpoint: paths and unknown methods have no end."""
    duration_of(request.method, request.endpoint, response.status_code).observe(
        time.perf_counter() - g.started
    )
    return response


@lru_cache(maxsize=1000)
def duration_of(method: str, endpoint: str | None, status: int) -> Histogram:
    """Return the histogram of some requests."""
    return DURATION.labels(method if method in METHODS else "other", endpoint or "unmatched", status)


def end_request(_error: BaseException | None) -> None:
    """Count a running request no more."""
    if g.pop("in_progress", False):
        IN_PROGRESS.dec()


def metrics() -> Response:
    """Return all metrics to Prometheus."""
    given = request.authorization
    token = (given.token if given and given.type == "bearer" else None) or ""
    if not hmac.compare_digest(token.encode(), current_app.config["METRICS_TOKEN"].encode()):
        return problem(HTTPStatus.UNAUTHORIZED, headers={"WWW-Authenticate": "Bearer"})
    if "PROMETHEUS_MULTIPROC_DIR" in os.environ:
        from app.metrics import workers  # noqa: PLC0415 - needs what Windows lacks

        text = workers.collect()
    else:
        text = generate_latest(REGISTRY)
    return Response(text + generate_latest(AT_SCRAPE), content_type=CONTENT_TYPE_LATEST)
