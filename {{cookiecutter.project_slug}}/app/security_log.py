"""The security log: logger `app.security`, for logins, changes of accounts and actions of admins.

It contains ids, keyed hashes and IP addresses, no emails and names (OWASP Logging cheat sheet).
"""

import logging

from flask import Flask, g, has_request_context

from app.extensions import client_ip

logger = logging.getLogger("app.security")


def init_app(app: Flask) -> None:
    """Count the events in the metrics, if there are any."""
    if app.config["METRICS_TOKEN"]:
        from app.metrics import accounts  # noqa: PLC0415 - a start without metrics is faster

        logger.addHandler(accounts.EVENT_COUNTER)


def record(event: str, *, level: int = logging.INFO, **facts: object) -> None:
    """Log an event, with the current user and the IP address of the request if there is one."""
    facts = {"event": event, **facts}
    if has_request_context():
        facts |= {"actor_id": g.get("user_id"), "ip_address": str(client_ip())}
    logger.log(level, " ".join(f"{name}={value}" for name, value in facts.items()), extra=facts)
