"""A service answers every malformed or hostile request, and never with a 500."""

import json
import random
import re
import socket
from collections.abc import Callable, Generator, Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import pytest
import requests

from tests.baking import Bake
from tests.services import ADMIN, HURRY, production, serving, status_of
from tests.variants import CODE_VARIANTS

PATIENCE = 30  # seconds for a response
LOGIN = "/api/v1/auth/login"
CREDENTIALS = {"email": ADMIN["ADMIN_EMAIL"], "password": ADMIN["ADMIN_PASSWORD"]}
ONE_OF_A_KIND = {variant["auth"]: variant for variant in CODE_VARIANTS}.values()
JSON = {"Content-Type": "application/json"}
DEEP = "[" * 100_000
NOISE = random.Random(1)  # noqa: S311 - the same noise every time

BODIES = {
    "random bytes": NOISE.randbytes(1000),
    "NUL bytes": bytes(1000),
    "nothing": b"",
    "half a document": b'{"title": "',
    "another encoding": '{"title": "é"}'.encode("utf-16"),
    "nested lists": DEEP.encode(),
    "nested objects": b'{"title":' * 100_000,
    "a nested value": f'{{"title":{DEEP}{"]" * 100_000}}}'.encode(),
    "a huge number": b'{"title": ' + b"9" * 100_000 + b"}",
    "a list": b"[]",
    "a string": b'"text"',
    "infinity": b"1e999",
    "a field twice": b'{"title": 1, "title": 2}',
}
VALUES: dict[str, Any] = {
    "null": None,
    "a boolean": True,
    "a negative number": -1,
    "a fraction": 0.5,
    "a huge number": 10**400,
    "infinity": float("inf"),
    "no number": float("nan"),
    "NUL": "a\x00b@example.org",
    "half a surrogate pair": "\ud800",
    "invisible": "\u202e\u2066",
    "a long string": "a" * 500_000,
    "a list": [[]],
    "an object": {"$ne": None},
}
QUERIES = ("%00", "%ff", "%F0%9F", "-1", "1e9", "9" * 3000, "%D9%A1", "x&x=y")
IDS = ("0", "-1", "1.5", str(2**31), "9" * 3000, "%00", "%ff", "%F0%9F", "1%2f..", "%D9%A1")
HEADERS = (
    {"Authorization": "Bearer"},
    {"Authorization": "Bearer \xff"},
    {"Authorization": "Bearer a.b.c"},
    {"Authorization": "Bearer " + "e" * 4000},
    {"Content-Type": "application/json; charset=nonsense"},
    {"Content-Type": "\xff"},
    {"Content-Encoding": "gzip"},
    {"X-Request-ID": "\xff" * 100},
    {"Origin": "\xff"},
)
NOT_HTTP = (
    NOISE.randbytes(1000),
    b"GET",
    b"\xff / HTTP/1.1",
    b"GET /api/v1/posts/\xff\x01 HTTP/1.1\r\nHost: a",
    b"GET /api/v1/posts HTTP/1.1\r\nHost: \xff[:x",
    b"POST {path} HTTP/1.1\r\nHost: a\r\n{headers}\r\nContent-Length: -1",
    b"POST {path} HTTP/1.1\r\nHost: a\r\n{headers}\r\nContent-Length: 9\r\n\r\n{}",
    b"POST {path} HTTP/1.1\r\nHost: a\r\n{headers}\r\nTransfer-Encoding: chunked\r\n\r\nx",
    b"POST {path} HTTP/1.1\r\nHost: a\r\n{headers}\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}",
    b"POST {path} HTTP/1.1\r\nHost: a\r\n{headers}\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nodd",
)


class Operation(NamedTuple):
    """An operation of the API."""

    method: str
    path: str
    parameters: list[str]
    fields: list[str]


WHO_AM_I = Operation("GET", "/api/v1/users/me", [], [])


class Service:
    """A running service and the operations of its OpenAPI document."""

    def __init__(self, url: str, auth: str) -> None:
        """Read the document."""
        self.url, self.login = url, LOGIN_URL[auth]
        document = requests.get(f"{url}/api/openapi.json", timeout=PATIENCE).json()
        self.operations = list(operations(document))

    def ask(self, operation: Operation, item: str = "1", **arguments: Any) -> int:
        """Return the status of a response to an admin who has just logged in: some log out."""
        url = self.url + re.sub(r"\{\w+\}", item, operation.path)
        headers = self.login(self.url) | arguments.pop("headers", {})
        response = requests.request(
            operation.method, url, headers=headers, timeout=PATIENCE, **arguments
        )
        return response.status_code


def with_token(url: str) -> dict[str, str]:
    """Return the headers of an admin with a token."""
    response = requests.post(f"{url}{LOGIN}", json=CREDENTIALS, timeout=PATIENCE)
    return {"Authorization": f"Bearer {response.json()['access_token']}"}


def with_cookie(url: str) -> dict[str, str]:
    """Return the headers of an admin with a session cookie."""
    headers = with_csrf_token(url, {})
    response = requests.post(f"{url}{LOGIN}", json=CREDENTIALS, headers=headers, timeout=PATIENCE)
    return with_csrf_token(url, {"Cookie": cookie_of(response)})


def with_csrf_token(url: str, headers: dict[str, str]) -> dict[str, str]:
    """Return the cookie and the CSRF token of a session."""
    response = requests.get(f"{url}/api/v1/auth/csrf", headers=headers, timeout=PATIENCE)
    return {"Cookie": cookie_of(response), "X-CSRF-Token": response.json()["csrf_token"]}


def cookie_of(response: requests.Response) -> str:
    """Return a cookie that is only for HTTPS, so that clients do not send it by themselves."""
    return response.headers["Set-Cookie"].partition(";")[0]


LOGIN_URL: dict[str, Callable[[str], dict[str, str]]] = {
    "jwt": with_token,
    "session": with_cookie,
    "none": lambda _url: {},
}


def operations(document: dict[str, Any]) -> Iterator[Operation]:
    """Read method, path, parameters and fields of every operation."""
    for path, item in document["paths"].items():
        for method, details in item.items():
            if method != "parameters":
                given = [referred(document, each) for each in details.get("parameters", ())]
                names = [each["name"] for each in given if each["in"] == "query"]
                yield Operation(method.upper(), path, names, list(fields(document, details)))


def referred(document: dict[str, Any], parameter: dict[str, Any]) -> dict[str, Any]:
    """Return a parameter, or the one it refers to."""
    if "$ref" in parameter:
        return document["components"]["parameters"][parameter["$ref"].rpartition("/")[2]]
    return parameter


def fields(document: dict[str, Any], details: dict[str, Any]) -> Iterable[str]:
    """Name what a body may hold, if there is one."""
    if "requestBody" not in details:
        return ()
    reference = details["requestBody"]["content"]["application/json"]["schema"]["$ref"]
    return document["components"]["schemas"][reference.rpartition("/")[2]]["properties"]


@pytest.fixture(scope="module", params=ONE_OF_A_KIND, ids=str)
def service(
    request: pytest.FixtureRequest,
    bake: Bake,
    environment: Path,
    tmp_path_factory: pytest.TempPathFactory,
) -> Generator[Service]:
    auth: str = request.param["auth"]
    database = tmp_path_factory.mktemp("database") / "service.sqlite3"
    project, settings = bake(**request.param), production(f"sqlite:///{database}") | HURRY
    project.run(environment.with_name("flask"), "db", "upgrade", **settings)
    if auth != "none":
        project.run(environment.with_name("flask"), "create-admin", **settings, **ADMIN)
    with serving(project, environment, **settings) as url:
        service = Service(url, auth)
        assert auth == "none" or service.ask(WHO_AM_I) == 200
        yield service
        assert status_of(f"{url}/health/ready") == 200


@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES)
def test_a_body_of(body: bytes, service: Service) -> None:
    for operation in service.operations:
        assert service.ask(operation, data=body, headers=JSON) < 500, operation


@pytest.mark.parametrize("value", VALUES.values(), ids=VALUES)
def test_a_field_with(value: object, service: Service) -> None:
    for operation in service.operations:
        body = json.dumps(dict.fromkeys(operation.fields, value))
        assert service.ask(operation, data=body, headers=JSON) < 500, operation


@pytest.mark.parametrize("value", QUERIES)
def test_a_parameter_with(value: str, service: Service) -> None:
    for operation in service.operations:
        query = "&".join(f"{name}={value}" for name in ["unknown", *operation.parameters])
        assert service.ask(operation, params=query) < 500, operation


@pytest.mark.parametrize("item", IDS)
def test_an_id_like(item: str, service: Service) -> None:
    for operation in service.operations:
        assert service.ask(operation, item, json={}) < 500, operation


@pytest.mark.parametrize("headers", HEADERS, ids=repr)
def test_headers_like(headers: dict[str, str], service: Service) -> None:
    for operation in service.operations:
        assert service.ask(operation, headers=headers, data=b"{}") < 500, operation


def test_ten_megabytes(service: Service) -> None:
    for operation in service.operations:
        body = b'{"title": "' + b"a" * 10_000_000 + b'"}'
        # What of the body is not read cuts off the end of a long response, which is not waited for.
        assert service.ask(operation, data=body, headers=JSON, stream=True) < 500, operation


@pytest.mark.parametrize("sent", NOT_HTTP, ids=range(len(NOT_HTTP)))
def test_what_is_hardly_http(sent: bytes, service: Service) -> None:
    address = urlsplit(service.url)
    for path in {operation.path for operation in service.operations}:
        logged_in = service.login(service.url) or {"Accept": "*/*"}
        headers = "\r\n".join(f"{name}: {value}" for name, value in logged_in.items())
        with socket.create_connection((address.hostname, address.port), PATIENCE) as connection:
            filled = sent.replace(b"{path}", path.encode()).replace(b"{headers}", headers.encode())
            connection.sendall(filled + b"\r\n\r\n")
            connection.shutdown(socket.SHUT_WR)
            first_line = connection.makefile("rb").readline()
        assert not re.match(rb"HTTP/1.[01] 5", first_line), (path, first_line)
