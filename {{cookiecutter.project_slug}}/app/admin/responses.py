"""Requests and responses under `/admin`: redirect targets, Content-Security-Policy, error pages."""

import secrets

from flask import Flask, Response, current_app, g, request
from werkzeug.exceptions import BadRequest

from app.admin.auth import is_local_path
from app.error_handlers import PROBLEM_JSON

PREFIX = "/admin"
# Scripts need the nonce of the response. Bootstrap's icons are data URLs.
CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'nonce-{nonce}'; style-src 'self'; img-src 'self' data:;"
    " font-src 'self'; connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)


def init_app(app: Flask) -> None:
    """Register the handlers."""
    app.before_request(validate_redirect_targets)
    app.after_request(finish_response)


def csp_nonce() -> str:
    """Return the nonce of this response's scripts."""
    if "csp_nonce" not in g:
        g.csp_nonce = secrets.token_urlsafe(16)
    return g.csp_nonce


def validate_redirect_targets() -> None:
    """Check the parameter `url`, to which Flask-Admin's views redirect after a change.

    Raises:
        BadRequest: It leads to another site.
    """
    targets = request.values.getlist("url") if _is_admin_request() else []
    if not all(is_local_path(target) for target in targets if target):
        raise BadRequest("`url` must be a path on this site.")


def finish_response(response: Response) -> Response:
    """Set the headers of admin pages, and show browsers errors as pages."""
    if not _is_admin_request():
        return response
    if response.mimetype == PROBLEM_JSON and _prefers_html():
        _render_error(response)
    if response.mimetype == "text/html":
        response.headers["Content-Security-Policy"] = CONTENT_SECURITY_POLICY.format(nonce=csp_nonce())
    response.headers.setdefault("Cache-Control", "no-store")  # static files have set their own
    return response


def _is_admin_request() -> bool:
    return request.path == PREFIX or request.path.startswith(f"{PREFIX}/")


def _prefers_html() -> bool:
    return request.accept_mimetypes.best_match([PROBLEM_JSON, "text/html"]) == "text/html"


def _render_error(response: Response) -> None:
    """Render without context processors: they query the database, which may be what failed."""
    template = current_app.jinja_env.get_template("admin/error.html")
    response.data = template.render(problem=response.get_json())
    response.mimetype = "text/html"
