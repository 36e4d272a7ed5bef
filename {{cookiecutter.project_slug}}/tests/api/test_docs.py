"""Tests of the OpenAPI document and of Swagger UI."""

import base64
import hashlib
import re
from urllib.parse import urljoin

import pytest
from openapi_spec_validator import validate

from tests.api.conftest import spec_path
from tests.echo import ECHO, add_echo

METHODS = {"get", "post", "patch", "delete"}
INPUT_ERRORS = {"400", "413", "415"}


@pytest.fixture
def app(make_app):
    """An app with the echo resource."""
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
    """Return the directives of the Content-Security-Policy of a page."""
    directives = response.headers["Content-Security-Policy"].split(";")
    return {name: sources for name, *sources in (directive.split() for directive in directives)}


def is_integer(parameter: dict) -> bool:
    """Return whether a parameter is an integer; references to headers are not."""
    return parameter.get("schema", {}).get("type") == "integer"


def status(client, path: str) -> int:
    """Return the status code of a file."""
    with client.get(path) as response:
        return response.status_code


def test_document_is_valid_openapi_3_1(document):
    validate(document)

    assert document["openapi"].startswith("3.1.")


def test_document_has_title_of_the_project(app, document):
    assert document["info"]["title"] == app.config["PROJECT_NAME"]


def test_every_route_is_documented(app, document):
    rules = [rule for rule in app.url_map.iter_rules() if rule.rule.startswith(("/api/v1", "/health"))]

    paths = {spec_path(rule.rule) for rule in rules}

    assert paths
    assert document["paths"].keys() == paths


def test_every_operation_has_a_summary(operations):
    assert all(operation["summary"].endswith(".") for operation in operations)


def test_operation_ids_are_unique_and_camel_case(operations):
    ids = [operation["operationId"] for operation in operations]

    assert len(set(ids)) == len(ids)
    assert [name for name in ids if not re.fullmatch(r"[a-z]+([A-Z][A-Za-z0-9]*)?", name)] == []


@pytest.mark.parametrize(
    ("method", "path", "operation_id"),
    [
        ("get", "/health", "getLiveness"),
        ("get", ECHO, "getEcho"),
        ("post", ECHO, "echo"),
        ("get", ECHO + "/{number}", "getEchoNumber"),
    ],
)
def test_operation_id_follows_from_view_and_method(document, method, path, operation_id):
    assert document["paths"][path][method]["operationId"] == operation_id


@pytest.mark.parametrize(
    ("method", "path", "errors"),
    [
        ("get", ECHO, {"400", "429"}),
        ("post", ECHO, INPUT_ERRORS | {"429"}),
        ("get", ECHO + "/{number}", {"404", "429"}),
        ("get", "/health", set()),
        ("get", "/health/ready", {"503"}),
    ],
)
def test_errors_follow_from_arguments_converters_and_limits(document, method, path, errors):
    responses = document["paths"][path][method]["responses"].keys()

    assert {status for status in responses if status.startswith(("4", "5"))} - {"401"} == errors


def test_every_documented_error_is_a_problem(operations, document):
    responses = [response for operation in operations for response in operation["responses"].items()]
    names = {
        response["$ref"].rpartition("/")[2]
        for status, response in responses
        if status == "default" or status >= "400"
    }

    described = [document["components"]["responses"][name] for name in names]

    assert described
    assert all(list(response["content"]) == ["application/problem+json"] for response in described)


def test_integer_parameters_have_bounds(operations):
    parameters = [parameter for operation in operations for parameter in operation.get("parameters", [])]
    numbers = [parameter["schema"] for parameter in parameters if is_integer(parameter)]

    assert numbers
    assert all(number["minimum"] == 1 and number["maximum"] < 2**31 for number in numbers)


@pytest.mark.parametrize("path", ["/api/docs", "/api/docs/"])
def test_swagger_ui_is_served(client, path):
    response = client.get(path, follow_redirects=True)

    assert response.status_code == 200
    assert response.mimetype == "text/html"


def test_policy_allows_own_inline_scripts_only(client):
    response = client.get("/api/docs/")

    scripts = re.findall(r"<script>(.*?)</script>", response.text, re.DOTALL)
    digests = [hashlib.sha256(script.encode()).digest() for script in scripts]
    hashes = [f"'sha256-{base64.b64encode(digest).decode()}'" for digest in digests]

    assert scripts
    assert policy(response)["script-src"] == ["'self'", *hashes]


def test_all_files_of_swagger_ui_are_served_by_the_app(client):
    page = client.get("/api/docs/").text

    urls = {urljoin("/api/docs/", url) for url in re.findall(r'(?:src|href)="([^"]+)"', page)}

    assert urls
    assert {url: status(client, url) for url in urls} == dict.fromkeys(urls, 200)


def test_policy_allows_no_other_origin(client):
    allowed = policy(client.get("/api/docs/"))

    assert allowed["default-src"] == ["'none'"]
    assert allowed["connect-src"] == ["'self'"]
    assert not [source for sources in allowed.values() for source in sources if "//" in source]


def test_swagger_ui_uses_no_online_validator(client):
    assert '"validatorUrl": null' in client.get("/api/docs/").text


def test_swagger_ui_loads_all_files_relative_to_its_page(client):
    urls = re.findall(r'(?:src|href|"url")(?:=|: )"([^"]+)"', client.get("/api/docs/").text)

    assert "../openapi.json" in urls
    assert not [url for url in urls if url.startswith("/")]


def test_swagger_ui_without_a_slash_is_redirected_under_the_prefix(client):
    response = client.get("/api/docs", base_url="http://localhost/service")

    assert response.location == "/service/api/docs/"


@pytest.mark.parametrize(
    ("base_url", "server"), [("http://localhost", "/"), ("http://localhost/service", "/service")]
)
def test_document_names_the_prefix_as_its_server(client, base_url, server):
    document = client.get("/api/openapi.json", base_url=base_url).json

    assert document["servers"] == [{"url": server}]


def test_unknown_file_of_swagger_ui_is_not_found(client):
    assert status(client, "/api/docs/nothing.js") == 404


@pytest.mark.parametrize("path", ["/api/openapi.json", "/api/docs", "/api/docs/", "/api/docs/swagger-ui.css"])
def test_document_and_swagger_ui_can_be_disabled(make_app, path):
    assert make_app(API_DOCS=False).test_client().get(path).status_code == 404


def test_api_works_without_the_document(make_app):
    assert make_app(add_echo, API_DOCS=False).test_client().get(ECHO).status_code == 200
