"""Redirects that stay on this site."""

import re

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue

# Browsers read a backslash as a slash and drop tabs and line breaks, so `/\host` leads to another site.
LOCAL_PATH = re.compile(r"/(?![/\\])[^\\\s\x00-\x1f\x7f]*")


def is_local_path(target: str) -> bool:
    """Check that a browser that is redirected to `target` stays on this site."""
    return LOCAL_PATH.fullmatch(target) is not None


def redirect_to_login(endpoint: str) -> ResponseReturnValue:
    """Redirect to a login page, which leads back to the page of this request."""
    url = f"{request.root_path}{request.full_path}".removesuffix("?")
    return redirect(url_for(endpoint, next=url if request.method == "GET" else None))


def next_url(default: str) -> str:
    """Return the page that a login leads back to."""
    target = request.args.get("next", "")
    return target if is_local_path(target) else default
