"""The routes of the pages, and which of them are public."""

import re
import uuid

from flask import Flask

from app.security import guard

VALUES = {"filename": "pages.css", "session_id": str(uuid.UUID(int=1))}


def page_routes(app: Flask, *blueprints: str, public: bool) -> set[tuple[str, str]]:
    """Return method and path of the pages that are public, or of those that are not; by default all."""
    prefixes = tuple(f"pages.{name}." for name in blueprints) or ("pages.",)
    with app.app_context():
        return {
            (method, re.sub(r"<(?:\w+:)?(\w+)>", lambda name: VALUES.get(name[1], "1"), rule.rule))
            for rule in app.url_map.iter_rules()
            if rule.endpoint.startswith(prefixes)
            for method in (rule.methods or set()) & {"GET", "POST"}
            if guard.is_public(rule.endpoint, method) is public
        }
