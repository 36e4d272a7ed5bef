"""Requests and responses under `/admin`: redirect targets, Content-Security-Policy, error pages."""

import secrets

from flask import Flask, Response, g, request
from werkzeug.exceptions import BadRequest

from app.web import responses
from app.web.redirects import is_local_path

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
    targets = request.values.getlist("url") if responses.is_below(PREFIX) else []
    if not all(is_local_path(target) for target in targets if target):
        raise BadRequest("`url` must be a path on this site.")


def finish_response(response: Response) -> Response:
    """Set the headers of admin pages, and show browsers errors as pages."""
    if responses.is_below(PREFIX):
        policy = CONTENT_SECURITY_POLICY.format(nonce=csp_nonce())
        responses.finish(response, policy=policy, error_template="admin/error.html")
    return response
