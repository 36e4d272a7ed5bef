"""Metrics for Prometheus."""

from flask import Flask

from app.settings import Setting, validate_optional_secret

SETTINGS = (
    Setting(
        "METRICS_TOKEN",
        None,
        "The bearer token of Prometheus; without one, there is no `/metrics`.",
        parse=str,
        validate=validate_optional_secret,
    ),
    Setting("REVISION", "unknown", "The commit that runs, for metrics; the image sets it.", parse=str),
)


def init_app(app: Flask) -> None:
    """Measure requests and serve the metrics, if there is a token."""
    if app.config["METRICS_TOKEN"]:
        from app.metrics import exporter  # noqa: PLC0415 - a start without metrics is faster

        exporter.init_app(app)
