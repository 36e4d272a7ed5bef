"""Code in the documents of services runs."""

import json
import re
from pathlib import Path

import pytest

from flask_service_cli.generate.wiring import API, register_blueprint
from tests import static
from tests.baking import Bake, BakedProject
from tests.environments import UV
from tests.variants import AUTH_VARIANTS, Variant

REPORT_TEST = """
import pytest

URL = "/api/v1/report"


@pytest.fixture
def app(make_app):
    return make_app(RATELIMIT_ENABLED=True, RATELIMIT_DEFAULT="100 per minute")


def test_third_request_is_rejected(client, auth_headers):
    responses = [client.get(URL, headers=auth_headers) for _ in range(3)]

    assert [response.status_code for response in responses] == [200, 200, 429]
    assert "Retry-After" in responses[2].headers
    assert responses[2].mimetype == "application/problem+json"


def test_other_views_are_not_affected(client, auth_headers):
    for _ in range(3):
        client.get(URL, headers=auth_headers)

    assert client.get("/api/v1/posts", headers=auth_headers).status_code == 200


def test_limit_is_documented(client):
    assert "429" in client.get("/api/openapi.json").json["paths"][URL]["get"]["responses"]
"""
OTHER_USER_TEST = """

def test_users_are_counted_apart(client, auth_headers, admin_headers):
    for _ in range(3):
        client.get(URL, headers=auth_headers)

    assert client.get(URL, headers=admin_headers).status_code == 200
"""


def code_blocks(document: str) -> list[str]:
    """Return the Python code in a document."""
    return re.findall(r"^```python\n(.*?)^```", document, re.DOTALL | re.MULTILINE)


@pytest.mark.parametrize("variant", AUTH_VARIANTS, ids=str)
def test_documented_limit_of_a_view_works(variant: Variant, bake: Bake, environment: Path) -> None:
    project: BakedProject = bake(**variant)
    (block,) = code_blocks(project.read("docs/security.md"))
    (project.path / "app" / "api" / "reports.py").write_text(block, "utf-8")
    (project.path / API).write_text(register_blueprint("reports", project.path).after, "utf-8")
    assert not static.lint(project)
    # Log in with clients of their own where a cookie belongs to one of them.
    tests = REPORT_TEST + (OTHER_USER_TEST if variant["auth"] == "jwt" else "")
    (project.path / "tests" / "api" / "test_reports.py").write_text(tests, "utf-8")
    project.run(environment, "-m", "pytest", "tests/api/test_reports.py")


# Runs what docs/tracing.md adds to wsgi.py, and prints what a collector received.
COLLECT = """
import gzip
import json
import os
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

received = []


class Collector(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        is_gzip = self.headers.get("Content-Encoding") == "gzip"
        received.append((self.path, gzip.decompress(body) if is_gzip else body))
        self.send_response(200)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"{}")

    def log_message(self, *_arguments):
        pass


server = ThreadingHTTPServer(("127.0.0.1", 0), Collector)
Thread(target=server.serve_forever, daemon=True).start()
os.environ |= {
    "APP_ENV": "testing",
    "FLASK_PROPAGATE_EXCEPTIONS": "false",
    "OTEL_EXPORTER_OTLP_ENDPOINT": f"http://127.0.0.1:{server.server_port}",
    "SENTRY_DSN": f"http://key@127.0.0.1:{server.server_port}/1",
}
secret = os.urandom(16).hex()
names = {}
for block in ("wsgi.py", "opentelemetry.txt", "sentry.txt"):
    with open(block) as file:
        exec(file.read(), names)
app = names["app"]


@app.get("/fail")
def fail():
    return 1 / 0


headers = {"Cookie": f"session={secret}", "Authorization": f"Bearer {secret}"}
app.test_client().get("/fail", json={"password": secret}, headers=headers)
names["provider"].force_flush()
names["sentry_sdk"].flush()
reports = b"".join(body for path, body in received if path == "/api/1/envelope/")
traces = b"".join(body for path, body in received if path == "/v1/traces")
leaked = secret.encode() in reports + traces
print(json.dumps([b"ZeroDivisionError" in reports, b"/fail" in traces, leaked]))
"""
TRACING = (
    "opentelemetry-sdk>=1.40,<2",
    "opentelemetry-exporter-otlp-proto-http>=1.40,<2",
    "opentelemetry-instrumentation-flask>=0.61b0,<1",
    "sentry-sdk>=2,<3",
)


def test_recipes_of_tracing_report_errors_and_requests_without_secrets(
    bake: Bake, environment: Path, tmp_path: Path
) -> None:
    project = bake()
    install = ["pip", "install", "--quiet", "--python", environment, "--target", tmp_path / "lib"]
    project.run(UV, *install, *TRACING)
    opentelemetry, sentry = code_blocks(project.read("docs/tracing.md"))
    for name, text in (("opentelemetry.txt", opentelemetry), ("sentry.txt", sentry)):
        (project.path / name).write_text(text, "utf-8")
    printed = project.run(environment, "-c", COLLECT, PYTHONPATH=str(tmp_path / "lib"))
    assert json.loads(printed.splitlines()[-1]) == [True, True, False]
