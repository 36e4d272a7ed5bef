"""Code in the documents of services runs."""

import re
from pathlib import Path

import pytest

from flask_service_cli.generate.wiring import API, register_blueprint
from tests import static
from tests.baking import Bake, BakedProject
from tests.variants import Variant

VARIANTS = [
    Variant(auth="jwt", admin=True),
    Variant(auth="session", admin=False),
    Variant(auth="none", admin=False),
]
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


@pytest.mark.parametrize("variant", VARIANTS, ids=str)
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
