"""Clients that register and log in at a running instance."""

from itertools import count

import requests

from tests.faults.sites import USERS
from tests.load import Tally, at_once
from tests.services import PASSWORD

PATIENCE = 60  # seconds for a response
LOGIN, LOGOUT, ME = "/api/v1/auth/login", "/api/v1/auth/logout", "/api/v1/users/me"
NUMBERS = count(1)


def new_email() -> str:
    """Return an email that no user has."""
    return f"person{next(NUMBERS)}@example.org"


def register(url: str, email: str | None = None) -> requests.Response:
    """Register a user."""
    body = {"email": email or new_email(), "password": PASSWORD}
    return requests.post(url + USERS, json=body, timeout=PATIENCE)


def login(url: str, email: str, password: str = PASSWORD) -> requests.Response:
    """Log in."""
    return requests.post(url + LOGIN, json={"email": email, "password": password}, timeout=PATIENCE)


def bearer(response: requests.Response) -> dict[str, str]:
    """Return the header with the access token."""
    return {"Authorization": f"Bearer {response.json()['access_token']}"}


def registering(url: str, times: int) -> Tally:
    """Register the same email from many clients at the same moment."""
    email = new_email()
    return at_once(times, lambda _number: register(url, email).status_code)
