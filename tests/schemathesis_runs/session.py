"""Callers with a cookie, and the token that every unsafe request of theirs needs beside it."""

import requests

from tests.schemathesis_runs.calls import Headers, send


class SignIn:
    """A login that goes on until the account or the login ends."""

    def __init__(self, email: str, password: str) -> None:
        """Send credentials, and get the token of the session that they start."""
        response = send("POST", "/auth/login", anonymous(), email=email, password=password)
        self._headers = _with_token(_cookie(response))

    def is_renewed(self) -> bool:
        """Return whether the session is active; there is nothing to refresh."""
        return send("GET", "/users/me", self._headers).ok

    def headers(self, _operation: str = "") -> Headers:
        """Return what proves it."""
        return self._headers


def anonymous() -> Headers:
    """Return what callers need who have not logged in: a session of their own, and its token."""
    return _with_token({})


def _with_token(headers: Headers) -> Headers:
    """Ask for the token of a session; where there is none, that starts one."""
    response = send("GET", "/auth/csrf", headers)
    return {**headers, **_cookie(response), "X-CSRF-Token": response.json()["csrf_token"]}


def _cookie(response: requests.Response) -> Headers:
    """Keep the cookie by hand: a client would not send a secure one over plain HTTP."""
    cookies = [f"{name}={value}" for name, value in response.cookies.items()]
    return {"Cookie": "; ".join(cookies)} if cookies else {}
