"""Access to the pages: all of them require a login unless they are decorated with `@public`."""

from flask import g, request
from flask.typing import ResponseReturnValue

from app.security import guard
from app.web.redirects import redirect_to_login


def require_login() -> ResponseReturnValue | None:
    """Redirect anonymous requests to the login page, except those to public pages."""
    if g.identity or guard.is_public(str(request.endpoint), request.method):
        return None
    return redirect_to_login("pages.auth.login_form")
