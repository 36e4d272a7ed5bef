"""Fixtures of all tests of the API."""

import re
from collections.abc import Iterator
from typing import Any
from weakref import WeakKeyDictionary

import pytest
from flask import Flask, Response, request, request_finished

DOCUMENTS: WeakKeyDictionary[Flask, dict[str, Any]] = WeakKeyDictionary()


@pytest.fixture(autouse=True)
def _errors_are_documented() -> Iterator[None]:
    """Fail a test in which an operation returns a client error that the OpenAPI document does not list."""
    undocumented = set()

    def check(app: Flask, response: Response, **_kwargs: object) -> None:
        operation = documented_operation(app)
        is_client_error = 400 <= response.status_code < 500
        if operation and is_client_error and str(response.status_code) not in operation["responses"]:
            undocumented.add((operation["operationId"], response.status_code))

    with request_finished.connected_to(check):
        yield
    assert undocumented == set()


def documented_operation(app: Flask) -> dict | None:
    """Return the operation of the request from the document, if it has one."""
    if request.url_rule is None or request.endpoint is None:
        return None
    if app not in DOCUMENTS:
        DOCUMENTS[app] = app.extensions["flask-smorest"]["apis"][""]["ext_obj"].spec.to_dict()
    path = DOCUMENTS[app]["paths"].get(spec_path(request.url_rule.rule), {})
    return path.get(request.method.lower())


def spec_path(rule: str) -> str:
    """Write a rule of the URL map as a path of the document."""
    return re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule)
