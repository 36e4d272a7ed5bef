"""Several clients change the same post: real threads, real commits."""

from collections import Counter

import pytest
from flask import Flask

from tests.threads import at_once

URL = "/api/v1/posts"
CLIENTS = 8


@pytest.fixture
def path(concurrent_app, concurrent_headers, new_post) -> str:
    """The path of a published post."""
    body = new_post | {"published": True}
    return concurrent_app.test_client().post(URL, json=body, headers=concurrent_headers).headers["Location"]


def change(app: Flask, path: str, method: str, headers: dict[str, str]) -> Counter[int]:
    """Change a post with each client, and return the status codes."""

    def send(number: int) -> int:
        body = {"title": f"Client {number}"}
        return app.test_client().open(path, method=method, json=body, headers=headers).status_code

    return Counter(at_once(CLIENTS, send))


def test_one_of_many_updates_of_the_same_version_succeeds(concurrent_app, concurrent_headers, path):
    tag = concurrent_app.test_client().get(path).headers["ETag"]

    statuses = change(concurrent_app, path, "PATCH", concurrent_headers | {"If-Match": tag})

    assert statuses == {200: 1, 412: CLIENTS - 1}


def test_one_of_many_deletions_of_the_same_version_succeeds(concurrent_app, concurrent_headers, path):
    tag = concurrent_app.test_client().get(path).headers["ETag"]

    statuses = change(concurrent_app, path, "DELETE", concurrent_headers | {"If-Match": tag})

    assert (statuses[204], statuses[412] + statuses[404]) == (1, CLIENTS - 1)


def test_updates_that_name_no_version_all_succeed(concurrent_app, concurrent_headers, path):
    assert change(concurrent_app, path, "PATCH", concurrent_headers) == {200: CLIENTS}
