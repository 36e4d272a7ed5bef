"""Responses to browsers: Content-Security-Policy, no caching, error pages."""

from flask import Response, current_app, request

from app.error_handlers import PROBLEM_JSON


def finish(response: Response, *, policy: str, error_template: str) -> None:
    """Set the headers of a page, and show browsers errors as pages."""
    if response.mimetype == PROBLEM_JSON and _prefers_html():
        _render_error(response, error_template)
    if response.mimetype == "text/html":
        response.headers["Content-Security-Policy"] = policy
    response.headers.setdefault("Cache-Control", "no-store")  # static files have set their own


def is_below(*prefixes: str) -> bool:
    """Return whether the path of the request is one of these or below it."""
    return any(f"{request.path}/".startswith(f"{prefix}/") for prefix in prefixes)


def _prefers_html() -> bool:
    return request.accept_mimetypes.best_match([PROBLEM_JSON, "text/html"]) == "text/html"


def _render_error(response: Response, template: str) -> None:
    """Render without context processors: they query the database, which may be what failed."""
    page = current_app.jinja_env.get_template(template)
    response.data = page.render(problem=response.get_json())
    response.mimetype = "text/html"
