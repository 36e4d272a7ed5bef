"""Responses of the pages: Content-Security-Policy, and error pages for browsers."""

from flask import Flask, Response

from app.error_handlers import PROBLEM_JSON
from app.security.page_sessions import is_page_request
from app.web import responses

# Pico's icons are data URLs.
CONTENT_SECURITY_POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self';"
    " frame-ancestors 'none'; base-uri 'none'"
)
# Problem documents below these stay as they are, or become pages of their own.
OTHER_PREFIXES = ("/api", "/admin")


def init_app(app: Flask) -> None:
    """Register the handler."""
    app.after_request(finish_response)


def finish_response(response: Response) -> Response:
    """Set the headers of pages, and show browsers errors as pages, also where there is no page."""
    if is_page_request() or (response.mimetype == PROBLEM_JSON and not responses.is_below(*OTHER_PREFIXES)):
        responses.finish(response, policy=CONTENT_SECURITY_POLICY, error_template="pages/error.html")
    return response
