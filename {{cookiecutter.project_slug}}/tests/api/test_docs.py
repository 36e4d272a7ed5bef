"""The OpenAPI document and the page to try it."""

import base64
import hashlib
import re

import pytest
from openapi_spec_validator import validate

from tests.echo import ECHO, add_echo

METHODS = {"get", "post", "patch", "delete"}


@pytest.fixture
def app(make_app):
    """An app with a resource."""
    return make_app(add_echo)


@pytest.fixture
def document(client) -> dict:
    """The OpenAPI document."""
    return client.get("/api/openapi.json").json


@pytest.fixture
def operations(document) -> list[dict]:
    """All operations of the document."""
    return [item[method] for item in document["paths"].values() for method in METHODS & item.keys()]


def policy(response) -> dict[str, list[str]]:
    """Take the policy of a page apart."""
    directives = response.headers["Content-Security-Policy"].split(";")
    return {name: sources for name, *sources in (directive.split() for directive in directives)}


def status(client, path: str) -> int:
    """Ask for a file, which is closed afterwards."""
    with client.get(path) as response:
        return response.status_code


def test_the_document_is_valid_openapi_3_1(document):
    validate(document)

    assert document["openapi"].startswith("3.1.")


def test_the_document_is_titled_like_the_project(app, document):
    assert document["info"]["title"] == app.config["PROJECT_NAME"]


def test_every_route_of_the_api_is_in_the_document(app, document):
    rules = [rule for rule in app.url_map.iter_rules() if rule.rule.startswith(("/api/v1", "/health"))]

    paths = {re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule) for rule in rules}

    assert paths
    assert document["paths"].keys() == paths


def test_every_operation_says_what_it_does(operations):
    assert all(operation["summary"] for operation in operations)


def test_every_error_in_the_document_is_a_problem(operations, document):
    answers = [response for operation in operations for response in operation["responses"].items()]
    names = {
        response["$ref"].rpartition("/")[2]
        for status, response in answers
        if status == "default" or status >= "400"
    }

    described = [document["components"]["responses"][name] for name in names]

    assert described
    assert all(list(response["content"]) == ["application/problem+json"] for response in described)


def test_ids_and_pages_carry_their_bounds(operations):
    parameters = [parameter for operation in operations for parameter in operation.get("parameters", [])]
    numbers = [parameter["schema"] for parameter in parameters if parameter["schema"]["type"] == "integer"]

    assert numbers
    assert all(number["minimum"] == 1 and number["maximum"] < 2**31 for number in numbers)


@pytest.mark.parametrize("path", ["/api/docs", "/api/docs/"])
def test_the_page_is_there(client, path):
    response = client.get(path)

    assert response.status_code == 200
    assert response.mimetype == "text/html"


def test_the_page_runs_its_own_inline_scripts_and_no_others(client):
    response = client.get("/api/docs")

    scripts = re.findall(r"<script>(.*?)</script>", response.text, re.DOTALL)
    digests = [hashlib.sha256(script.encode()).digest() for script in scripts]
    hashes = [f"'sha256-{base64.b64encode(digest).decode()}'" for digest in digests]

    assert scripts
    assert policy(response)["script-src"] == ["'self'", *hashes]


def test_everything_the_page_loads_comes_from_this_service(client):
    page = client.get("/api/docs").text

    addresses = re.findall(r'(?:src|href)="([^"]+)"', page)

    assert addresses
    assert {address: status(client, address) for address in addresses} == dict.fromkeys(addresses, 200)


def test_the_page_allows_no_source_but_this_service(client):
    allowed = policy(client.get("/api/docs"))

    assert allowed["default-src"] == ["'none'"]
    assert allowed["connect-src"] == ["'self'"]
    assert not [source for sources in allowed.values() for source in sources if "//" in source]


def test_the_page_asks_no_validator_on_the_internet(client):
    assert '"validatorUrl": null' in client.get("/api/docs").text


def test_the_page_loads_the_document(client):
    assert '"url": "/api/openapi.json"' in client.get("/api/docs").text


def test_a_file_that_the_page_does_not_have_is_404(client):
    assert status(client, "/api/docs/nothing.js") == 404


@pytest.mark.parametrize("path", ["/api/openapi.json", "/api/docs", "/api/docs/", "/api/docs/swagger-ui.css"])
def test_document_and_page_can_be_switched_off(make_app, path):
    assert make_app(API_DOCS=False).test_client().get(path).status_code == 404


def test_without_the_document_the_api_still_works(make_app):
    assert make_app(add_echo, API_DOCS=False).test_client().get(ECHO).status_code == 200
