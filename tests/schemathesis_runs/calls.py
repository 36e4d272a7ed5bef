"""Requests of our own, between the generated ones."""

import os

import requests

API = os.environ["API"]
PATIENCE = 10  # seconds for a response

Headers = dict[str, str]


def send(method: str, path: str, headers: Headers | None = None, **body: str) -> requests.Response:
    """Send a request to the running service."""
    return requests.request(method, API + path, headers=headers, json=body, timeout=PATIENCE)
