"""The routes below `/api/`, and which of them are public."""

import re

from flask import Flask

from app.security import guard

METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"}


def routes(app: Flask) -> set[tuple[str, str, str]]:
    """Return method, path and endpoint of all routes below `/api/`."""
    return {
        (method, re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule), rule.endpoint)
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith("/api/")
        for method in METHODS & (rule.methods or set())
    }


def public_routes(app: Flask) -> set[tuple[str, str, str]]:
    """Return the routes that are marked public."""
    with app.app_context():
        return {route for route in routes(app) if guard.is_public(route[2], route[0])}


def public_operations(app: Flask, *blueprints: str) -> set[tuple[str, str]]:
    """Return method and path of the public routes of blueprints."""
    return {
        (method, path)
        for method, path, endpoint in public_routes(app)
        if endpoint.partition(".")[0] in blueprints and method != "HEAD"
    }
