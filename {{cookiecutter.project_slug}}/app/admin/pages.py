"""What all pages of the admin have in common: their policy, and errors that people can read."""

import secrets

from flask import Flask, Response, current_app, g, request

from app.admin.access import refuse_foreign_targets
from app.error_handlers import PROBLEM_JSON

PREFIX = "/admin"
# Scripts run by nonce only. Bootstrap draws its icons from data URLs.
POLICY = (
    "default-src 'none'; script-src 'nonce-{nonce}'; style-src 'self'; img-src 'self' data:;"
    " font-src 'self'; connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)


def init_app(app: Flask) -> None:
    """Watch over everything under `/admin`."""
    app.before_request(check_request)
    app.after_request(finish)


def nonce() -> str:
    """Return the word that lets the scripts of this answer run, and no others."""
    if "csp_nonce" not in g:
        g.csp_nonce = secrets.token_urlsafe(16)
    return g.csp_nonce


def is_back_office() -> bool:
    """Tell whether the request is about a page of the admin."""
    return request.path == PREFIX or request.path.startswith(f"{PREFIX}/")


def check_request() -> None:
    """Refuse what no page of the admin should be asked."""
    if is_back_office():
        refuse_foreign_targets()


def finish(response: Response) -> Response:
    """Give pages their own policy, and browsers a page instead of a problem document."""
    if not is_back_office():
        return response
    if response.mimetype == PROBLEM_JSON and _is_browser():
        _show_problem(response)
    if response.mimetype == "text/html":
        response.headers["Content-Security-Policy"] = POLICY.format(nonce=nonce())
    response.headers.setdefault("Cache-Control", "no-store")  # scripts and styles have one of their own
    return response


def _is_browser() -> bool:
    return request.accept_mimetypes.best_match([PROBLEM_JSON, "text/html"]) == "text/html"


def _show_problem(response: Response) -> None:
    """Render without context processors: they ask the database, which may be the problem."""
    template = current_app.jinja_env.get_template("admin/problem.html")
    response.data = template.render(problem=response.get_json())
    response.mimetype = "text/html"
