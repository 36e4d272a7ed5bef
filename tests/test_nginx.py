"""The shipped nginx in front of a running service: who calls, how much, and what comes back."""

import http.client
import json
import re
import socket
import ssl
import subprocess
from collections.abc import Generator
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import pytest
import yaml

from tests.baking import Bake, BakedProject
from tests.nginx import CONFIGURATION, UPSTREAM, Proxy, nginx, write
from tests.services import free_port, production, serving, wait_for

pytestmark = pytest.mark.docker

POSTS, LOGIN = "/api/v1/posts", "/api/v1/auth/login"
LIMIT = 5  # requests a minute of one address: each test asks from an address of its own
JSON = {"Content-Type": "application/json"}


class Answer(NamedTuple):
    """What came back."""

    status: int
    headers: http.client.HTTPMessage
    body: bytes

    def problem(self) -> dict[str, Any]:
        """Return the problem document that this is."""
        assert self.headers["Content-Type"] == "application/problem+json"
        problem = json.loads(self.body)
        assert set(problem) >= {"type", "title", "status", "detail", "request_id"}
        assert problem["status"] == self.status
        assert problem["request_id"] == self.headers["X-Request-ID"]
        return problem


def ask(url: str, path: str, *, client: str, body: bytes | None = None, **headers: str) -> Answer:
    """Ask from an address of this machine."""
    address = urlsplit(url)
    connection = http.client.HTTPConnection(
        str(address.hostname), address.port, timeout=30, source_address=(client, 0)
    )
    names = {name.replace("_", "-"): value for name, value in headers.items()}
    connection.request("POST" if body else "GET", path, body, names)
    response = connection.getresponse()
    return Answer(response.status, response.headers, response.read())


@pytest.fixture(scope="module")
def project(bake: Bake) -> BakedProject:
    return bake()


@pytest.fixture(scope="module")
def instance(
    project: BakedProject, environment: Path, tmp_path_factory: pytest.TempPathFactory
) -> Generator[str]:
    """Serve as compose.yaml says, and yield host and port."""
    database = tmp_path_factory.mktemp("database") / "service.sqlite3"
    app = yaml.safe_load(project.read("compose.yaml"))["services"]["app"]
    settings = production(f"sqlite:///{database}") | {
        "FLASK_RATELIMIT_DEFAULT": f"{LIMIT} per minute",
        "TRUSTED_PROXIES": re.sub(r"\$\{\w+:-(.*)\}", r"\1", app["environment"]["TRUSTED_PROXIES"]),
        "WEB_CONCURRENCY": "1",
    }
    project.run(environment.with_name("flask"), "db", "upgrade", **settings)
    with serving(project, environment, **settings) as url:
        yield urlsplit(url).netloc


@pytest.fixture(scope="module")
def proxy(
    project: BakedProject, instance: str, tmp_path_factory: pytest.TempPathFactory
) -> Generator[Proxy]:
    with nginx(project, tmp_path_factory.mktemp("nginx"), instance) as proxy:
        yield proxy


def test_nginx_takes_the_configuration_without_a_warning(
    project: BakedProject, tmp_path: Path
) -> None:
    command = write(project, tmp_path, {UPSTREAM: "server 127.0.0.1;", "pid /tmp/": "pid /tmp/t-"})
    done = subprocess.run([*command, "-t"], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert not re.search(r"\[(warn|error|emerg)\]", done.stderr)


def test_forwarded_headers_of_clients_are_ignored(proxy: Proxy) -> None:
    forged = [f"198.51.100.{number}" for number in range(LIMIT + 1)]
    statuses = [
        ask(proxy.url, POSTS, client="127.0.0.2", X_Forwarded_For=address).status
        for address in forged
    ]
    assert statuses == [200] * LIMIT + [429]
    assert ask(proxy.url, POSTS, client="127.0.0.3").status == 200


@pytest.fixture(scope="module")
def behind_two_proxies(
    project: BakedProject, environment: Path, tmp_path_factory: pytest.TempPathFactory
) -> Generator[Proxy]:
    """Run nginx that lists 127.0.0.4 as a proxy, in front of a service that trusts two."""
    folder = tmp_path_factory.mktemp("two_proxies")
    settings = production(f"sqlite:///{folder / 'service.sqlite3'}") | {
        "FLASK_RATELIMIT_DEFAULT": f"{LIMIT} per minute",
        "TRUSTED_PROXIES": "2",
        "TRUST_FORWARDED_PREFIX": "true",
        "WEB_CONCURRENCY": "1",
    }
    project.run(environment.with_name("flask"), "db", "upgrade", **settings)
    listed = {"# 10.0.0.0/8 1;": "127.0.0.4 1;"}
    with (
        serving(project, environment, **settings) as url,
        nginx(project, folder, urlsplit(url).netloc, changes=listed) as proxy,
    ):
        yield proxy


def through_tls(proxy: Proxy, tls_proxy: str, forwarded_for: str) -> Answer:
    """Send a request as a proxy does that ends TLS."""
    forwarded = {"X_Forwarded_For": forwarded_for, "X_Forwarded_Proto": "https"}
    return ask(proxy.url, POSTS, client=tls_proxy, body=None, **forwarded)


@pytest.mark.parametrize(
    ("forwarded_for", "network"),
    [
        pytest.param("203.0.113.{n}", "203", id="balancer-replaces"),
        pytest.param("192.0.2.9, 198.51.100.{n}", "198", id="balancer-appends"),
    ],
)
def test_clients_of_a_listed_proxy_are_counted_by_their_own_ip_address(
    forwarded_for: str, network: str, behind_two_proxies: Proxy
) -> None:
    responses = [
        through_tls(behind_two_proxies, "127.0.0.4", forwarded_for.replace("{n}", str(n)))
        for n in range(LIMIT + 1)
    ]
    assert [response.status for response in responses] == [200] * (LIMIT + 1)
    assert "Strict-Transport-Security" in responses[0].headers
    log = behind_two_proxies.log
    wait_for(lambda: f'"client":"{network}.' in log.read_text("utf-8"), "logging")


def test_forged_entries_before_the_real_one_do_not_change_who_is_counted(
    behind_two_proxies: Proxy,
) -> None:
    forged = [f"198.51.100.{n}, 203.0.113.99" for n in range(LIMIT + 1)]
    statuses = [through_tls(behind_two_proxies, "127.0.0.4", text).status for text in forged]
    assert statuses == [200] * LIMIT + [429]


def test_headers_of_a_proxy_that_is_not_listed_are_dropped(behind_two_proxies: Proxy) -> None:
    response = through_tls(behind_two_proxies, "127.0.0.5", "203.0.113.1")
    assert "Strict-Transport-Security" not in response.headers


@pytest.mark.parametrize(
    ("client", "location"),
    [("127.0.0.4", "/service/api/docs/"), ("127.0.0.5", "/api/docs/")],
    ids=["listed", "not listed"],
)
def test_prefix_of_a_listed_proxy_is_passed_on(
    client: str, location: str, behind_two_proxies: Proxy
) -> None:
    response = ask(
        behind_two_proxies.url, "/api/docs", client=client, X_Forwarded_Prefix="/service"
    )
    assert response.headers["Location"] == location


@pytest.fixture(scope="module")
def with_tls(
    project: BakedProject, instance: str, tmp_path_factory: pytest.TempPathFactory
) -> Generator[tuple[Proxy, int, ssl.SSLContext]]:
    """Run nginx with the file of the profile `tls` and a certificate for localhost."""
    folder, port = tmp_path_factory.mktemp("tls"), free_port()
    (folder / "tls").mkdir()
    certificate, key = folder / "tls" / "certificate.pem", folder / "tls" / "key.pem"
    make = "openssl req -x509 -newkey rsa:2048 -nodes -days 1 -subj /CN=localhost"
    names = ["-addext", "subjectAltName=DNS:localhost", "-out", certificate, "-keyout", key]
    subprocess.run([*make.split(), *names], check=True, capture_output=True)
    shipped = project.read("docker/tls.conf")
    here = shipped.replace("/etc/nginx/", f"{folder}/").replace("8443", f"127.0.0.1:{port}")
    (folder / "tls.conf").write_text(here, "utf-8")
    with nginx(project, folder, instance) as proxy:
        yield proxy, port, ssl.create_default_context(cafile=certificate)


def test_profile_for_tls_serves_https_and_redirects_from_http(
    with_tls: tuple[Proxy, int, ssl.SSLContext],
) -> None:
    proxy, port, context = with_tls
    connection = http.client.HTTPSConnection(
        "localhost", port, context=context, source_address=("127.0.0.7", 0)
    )
    connection.request("GET", POSTS)
    response = connection.getresponse()
    assert response.status == 200
    assert "max-age=31536000" in response.headers["Strict-Transport-Security"]
    redirected = ask(proxy.url, f"{POSTS}?page=1", client="127.0.0.7")
    assert redirected.status == 308
    assert redirected.headers["Location"] == f"https://127.0.0.1{POSTS}?page=1"
    plain = ask(f"http://127.0.0.1:{port}", POSTS, client="127.0.0.7")
    assert plain.problem()["status"] == 400


def raw(proxy: Proxy, request: bytes) -> tuple[int, bytes]:
    """Send bytes that no HTTP client would send; return status and body of the response."""
    with socket.create_connection(
        (urlsplit(proxy.url).hostname or "", urlsplit(proxy.url).port or 0), timeout=30
    ) as connection:
        connection.sendall(request)
        response = http.client.HTTPResponse(connection)
        response.begin()
        assert response.headers["Content-Type"] == "application/problem+json"
        return response.status, response.read()


@pytest.mark.parametrize(
    ("request_line", "status", "path"),
    [
        ("GET /%zz?secret=1", 400, None),  # nginx keeps no URI that it cannot parse
        (f"GET /{'a' * 9000}", 414, None),
        ("TRACE /", 405, "/"),
        ("GET /.nginx/problem", 404, "/.nginx/problem"),
    ],
)
def test_requests_that_nginx_refuses_get_a_problem(
    request_line: str, status: int, path: str | None, proxy: Proxy
) -> None:
    answered, body = raw(proxy, f"{request_line} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
    problem = json.loads(body)
    assert (answered, problem["status"]) == (status, status)
    wait_for(lambda: problem["request_id"] in proxy.log.read_text("utf-8"), "logging")
    if path:
        assert f'"path":"{path}"' in proxy.log.read_text("utf-8")
    assert "secret=1" not in proxy.log.read_text("utf-8")


def test_bodies_are_as_big_as_the_service_allows(
    project: BakedProject, proxy: Proxy, instance: str
) -> None:
    limit = allowed(project)
    fits = b'{"email": "' + b"a" * (limit - 13) + b'"}'
    assert ask(proxy.url, LOGIN, client="127.0.0.6", body=fits, **JSON).status == 400
    refused = ask(proxy.url, LOGIN, client="127.0.0.6", body=fits + b" ", **JSON)
    assert refused.status == 413
    assert refused.problem()["title"] == "Content Too Large"
    direct = ask(f"http://{instance}", LOGIN, client="127.0.0.6", body=fits + b" ", **JSON)
    assert direct.status == 413
    assert set(direct.problem()) == set(refused.problem())


def allowed(project: BakedProject) -> int:
    """Read the limit of the service; that of nginx is the same."""
    found = re.search(r'"MAX_CONTENT_LENGTH", (\d+) \* 1024 \* 1024', project.read("app/config.py"))
    assert found
    assert f"client_max_body_size {found[1]}m;" in project.read(CONFIGURATION)
    return int(found[1]) * 1024 * 1024


def test_a_request_keeps_its_id_and_the_log_knows_no_query(proxy: Proxy) -> None:
    asked = ask(proxy.url, f"{POSTS}?page=77", client="127.0.0.7", X_Request_ID="made-up.1")
    assert asked.headers["X-Request-ID"] == "made-up.1"
    wait_for(lambda: "made-up.1" in proxy.log.read_text("utf-8"), "logging")
    lines = proxy.log.read_text("utf-8").splitlines()
    line = next(json.loads(line) for line in lines if "made-up.1" in line)
    assert (line["client"], line["path"], line["status"]) == ("127.0.0.7", POSTS, "200")
    assert "page=" not in proxy.log.read_text("utf-8")


def test_an_id_that_could_forge_a_log_is_replaced(proxy: Proxy) -> None:
    response = ask(proxy.url, POSTS, client="127.0.0.8", X_Request_ID='"}{"')
    assert re.fullmatch(r"[0-9a-f]{32}", response.headers["X-Request-ID"])


def test_headers_that_are_too_long_are_a_problem(proxy: Proxy) -> None:
    response = ask(proxy.url, POSTS, client="127.0.0.9", Cookie="a" * 40_000)
    assert response.status == 431
    assert response.problem()["title"] == "Request Header Fields Too Large"


def test_metrics_are_not_passed_on(proxy: Proxy) -> None:
    for path in ("/metrics", "/metrics?x=1", "//metrics", "/%6Detrics"):
        response = ask(proxy.url, path, client="127.0.0.12", X_Request_ID="metrics.1")
        assert (response.status, response.problem()["title"]) == (404, "Not Found")
    wait_for(lambda: proxy.log.read_text("utf-8").count("metrics.1") == 4, "logging")
    lines = [
        json.loads(line)
        for line in proxy.log.read_text("utf-8").splitlines()
        if "metrics.1" in line
    ]
    assert {line["upstream"] for line in lines} == {""}


def test_no_version_is_shown(proxy: Proxy) -> None:
    for path in (POSTS, "/health", "/nowhere"):
        assert ask(proxy.url, path, client="127.0.0.10").headers["Server"] == "nginx"


def test_a_service_that_is_away_is_a_problem(project: BakedProject, tmp_path: Path) -> None:
    with nginx(project, tmp_path, f"127.0.0.1:{free_port()}") as proxy:
        response = ask(proxy.url, POSTS, client="127.0.0.11")
    assert response.status == 502
    assert response.problem()["title"] == "Bad Gateway"


def test_what_one_instance_does_not_answer_another_does(
    project: BakedProject, instance: str, tmp_path: Path
) -> None:
    with nginx(project, tmp_path, f"127.0.0.1:{free_port()}", instance) as proxy:
        statuses = [ask(proxy.url, "/health", client="127.0.0.12").status for _ in range(10)]
    assert statuses == [200] * 10


def test_without_nginx_the_tests_of_nginx_fail(
    project: BakedProject, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tests.nginx.DEBIAN_FOLDERS", [])
    monkeypatch.setenv("PATH", "")
    with pytest.raises(AssertionError, match="install the package nginx-light"):
        write(project, tmp_path, {})
