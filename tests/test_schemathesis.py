"""Generated requests: services accept and reject what their OpenAPI document says."""

import json
import subprocess
import sys
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import pytest
import requests

from flask_service_extensions.rendering import ROOT
from tests.baking import Bake, BakedProject, clean_environment
from tests.servers import POSTGRESQL, server
from tests.services import ADMIN, HURRY, PASSWORD, mail_settings, production, serving

pytestmark = pytest.mark.schemathesis

SCHEMATHESIS = Path(sys.executable).with_name("schemathesis")
RUNS = Path(__file__).parent / "schemathesis_runs"
LOGIN_URL = {"SCHEMATHESIS_HOOKS": "tests.schemathesis_runs.hooks"}
MAIL = mail_settings(port=9)  # nothing listens there: mails wait in the outbox
PEERS = ("one@example.org", "two@example.org")


@pytest.fixture(params=["sqlite", "postgresql"])
def settings(request: pytest.FixtureRequest, tmp_path: Path) -> Generator[dict[str, str]]:
    """Return production settings with an empty database."""
    if request.param == "sqlite":
        yield production(f"sqlite:///{tmp_path / 'service.sqlite3'}") | HURRY
    else:
        with server(POSTGRESQL) as url:
            yield production(url) | HURRY


@pytest.fixture
def open_service(bake: Bake, environment: Path, settings: dict[str, str]) -> Generator[str]:
    """Serve a project without accounts."""
    project = bake(auth="none", admin=False)
    project.run(environment.with_name("flask"), "db", "upgrade", **settings)
    with serving(project, environment, **settings) as url:
        yield url


@contextmanager
def serving_accounts(project: BakedProject, python: Path, **settings: str) -> Generator[str]:
    """Serve a project with an admin."""
    flask, settings = python.with_name("flask"), settings | MAIL
    project.run(flask, "db", "upgrade", **settings)
    project.run(flask, "create-admin", **settings, **ADMIN)
    with serving(project, python, **settings) as url:
        yield url


@pytest.fixture
def service(bake: Bake, environment: Path, settings: dict[str, str]) -> Generator[str]:
    """Serve a project whose clients send tokens."""
    project = bake(auth="jwt", admin=False)
    with serving_accounts(project, environment, **settings) as url:
        yield url


@pytest.fixture
def session_service(bake: Bake, environment: Path, tmp_path: Path) -> Generator[str]:
    """Serve a project whose clients send cookies."""
    project = bake(auth="session", admin=False, database="sqlite")
    settings = production(f"sqlite:///{tmp_path / 'service.sqlite3'}") | HURRY
    with serving_accounts(project, environment, **settings) as url:
        yield url


def count_cases(url: str, folder: Path, *options: str, config: str, **variables: str) -> int:
    """Run all checks, show what they found, and return how many requests were tried."""
    report = folder / "report.json"
    command = [SCHEMATHESIS, f"--config-file={RUNS / config}", "run", f"{url}/api/openapi.json"]
    done = subprocess.run(
        [*command, "--no-color", f"--report-json-path={report}", *options],
        cwd=folder,
        env=clean_environment(PYTHONPATH=str(ROOT), API=f"{url}/api/v1", **variables),
        stdout=subprocess.PIPE,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout
    return json.loads(report.read_text("utf-8"))["test_cases"]["generated"]


def count_cases_as(role: str, url: str, folder: Path, *, auth: str) -> int:
    """Run schemathesis as a user with a role, or without credentials."""
    variables = LOGIN_URL | ADMIN | {"ROLE": role, "AUTH": auth}
    # Generated admins delete each other, and posts go with their author: a 404 by design.
    exceptions = ["--exclude-checks=ensure_resource_availability"] if role == "admin" else []
    return count_cases(url, folder, *exceptions, config="default.toml", **variables)


# Users and admins together: at least 1000 cases for each database.
@pytest.mark.parametrize("role", ["user", "admin"])
def test_an_account_with_tokens(role: str, service: str, tmp_path: Path) -> None:
    assert count_cases_as(role, service, tmp_path, auth="jwt") >= 500


@pytest.mark.parametrize("role", ["user", "admin", "anonymous"])
def test_an_account_with_cookies(role: str, session_service: str, tmp_path: Path) -> None:
    assert count_cases_as(role, session_service, tmp_path, auth="session") >= 500


def test_no_accounts(open_service: str, tmp_path: Path) -> None:
    assert count_cases(open_service, tmp_path, config="default.toml") >= 300


def test_two_users_who_must_not_see_what_is_not_theirs(service: str, tmp_path: Path) -> None:
    for email in PEERS:
        account = {"email": email, "password": PASSWORD}
        requests.post(f"{service}/api/v1/users", json=account, timeout=10).raise_for_status()
    stay_logged_in, accounts = "--exclude-path-regex=/(auth/|me$|me/)", str(RUNS / "peers.json")
    cases = count_cases(service, tmp_path, stay_logged_in, config="peers.toml", PEERS=accounts)
    assert cases >= 100
