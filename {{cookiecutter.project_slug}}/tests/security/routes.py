"""What a service serves under `/api/`, and to whom."""

import re

from flask import Flask

from app.security import guard

VERBS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"}


def routes(app: Flask) -> set[tuple[str, str, str]]:
    """Return verb, path and endpoint of everything under `/api/`."""
    return {
        (verb, re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule), rule.endpoint)
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith("/api/")
        for verb in VERBS & (rule.methods or set())
    }


def public_routes(app: Flask) -> set[tuple[str, str, str]]:
    """Return those that are marked public."""
    with app.app_context():
        return {route for route in routes(app) if guard.is_public(route[2], route[0])}


def open_to_strangers(app: Flask, *blueprints: str) -> set[tuple[str, str]]:
    """Return verb and path of what is public in some blueprints."""
    return {
        (verb, path)
        for verb, path, endpoint in public_routes(app)
        if endpoint.partition(".")[0] in blueprints and verb != "HEAD"
    }
